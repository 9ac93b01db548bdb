"""`papertakes backup` and `restore` as a person runs them."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.cli import command
from tests.cli.command import Done

DEEP = "[" * 10_000 + "]" * 10_000


def papertakes(database: Path, *words: str) -> Done:
    return command.papertakes(*words, PAPERTAKES_DATABASE__URL=f"sqlite:///{database}")


def test_out_and_in_again(tmp_path: Path) -> None:
    note = tmp_path / "200801 SliceOut.md"
    note.write_text("https://arxiv.org/abs/2007.10909\n\nchannel slicing\n")
    old, new, file = tmp_path / "old.db", tmp_path / "new.db", tmp_path / "all.zip"
    assert papertakes(old, "import", str(note), "--channel", "ml").returncode == 0
    written = papertakes(old, "backup", str(file))
    assert (written.returncode, written.stderr) == (0, "")
    assert "1 papers, 1 takes" in written.stdout
    restored = papertakes(new, "restore", str(file), "--json")
    counts: dict[str, Any] = json.loads(restored.stdout)["tables"]
    assert counts["takes"] == 1
    assert "channel slicing" in papertakes(new, "search", "slicing", "--channel", "ml").stdout

    again = papertakes(new, "restore", str(file))
    assert again.returncode == 1
    assert again.stderr.count("\n") == 1
    assert "not empty" in again.stderr
    assert papertakes(new, "restore", str(note)).returncode == 1


@pytest.mark.parametrize(
    ("name", "row", "where"),
    [
        ("papertakes.json", DEEP, "papertakes.json: nested too deep"),
        ("members.jsonl", DEEP, "members.jsonl: row 2: nested too deep"),
        ("members.jsonl", '{"id":', "members.jsonl: row 2: "),
        ("members.jsonl", "[]", "members.jsonl: row 2: no row"),
        ("members.jsonl", '{"id": 1, "name": "x"}', "members.jsonl: rows 1 to 2 do not fit"),
    ],
    ids=("manifest", "row", "cut", "list", "twice"),
)
def test_a_backup_that_was_changed_is_refused_by_its_file_and_row(
    tmp_path: Path, name: str, row: str, where: str
) -> None:
    note = tmp_path / "200801 SliceOut.md"
    note.write_text("https://arxiv.org/abs/2007.10909\n\nchannel slicing\n")
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    papertakes(tmp_path / "old.db", "import", str(note), "--channel", "ml")
    papertakes(tmp_path / "old.db", "backup", str(good))
    with zipfile.ZipFile(good) as read, zipfile.ZipFile(bad, "w") as write:
        for one in read.namelist():
            data = read.read(one)
            if one == name:
                data = data + row.encode() + b"\n" if name.endswith("l") else row.encode()
            write.writestr(one, data)
    done = papertakes(tmp_path / "new.db", "restore", str(bad))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith(f"papertakes: {bad}: ")
    assert where in done.stderr
    shutil.copy(good, bad)
    assert papertakes(tmp_path / "new.db", "restore", str(bad)).returncode == 0


def test_front_matter_nested_too_deep_is_a_note_like_any_other(tmp_path: Path) -> None:
    note = tmp_path / "200801 SliceOut.md"
    note.write_text(
        f"---\ntags: {DEEP}\ntitle: {DEEP}\n---\n"
        "https://arxiv.org/abs/2007.10909\n\nchannel slicing\n"
    )
    done = papertakes(tmp_path / "x.db", "import", str(note), "--channel", "ml")
    assert (done.returncode, done.stderr) == (0, "")
    found = papertakes(tmp_path / "x.db", "search", "slicing", "--channel", "ml")
    assert "channel slicing" in found.stdout
