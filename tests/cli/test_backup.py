"""`papertakes backup` and `restore` as a person runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


def papertakes(database: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PAPERTAKES_DATABASE__URL": f"sqlite:///{database}"}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


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
