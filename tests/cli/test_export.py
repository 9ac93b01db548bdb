"""`papertakes export` as a program: what it writes, and what it says when it will not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REVIEWS = ROOT / "tests" / "data" / "ml-papers" / "reviews"


def papertakes(folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    database = f"sqlite:///{folder / 'takes.db'}"
    return subprocess.run(
        [sys.executable, "-m", "bot", *map(str, words)],
        cwd=ROOT,
        env={**os.environ, "PAPERTAKES_DATABASE__URL": database},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("export")
    for name in ("ml", "My Club"):
        assert papertakes(made, "import", REVIEWS, "--channel", name).returncode == 0
    return made


def test_each_channel_s_site_has_its_own_address(folder: Path) -> None:
    out = folder / "sites"
    done = papertakes(folder, "export", out, "--format", "site", "--url", "https://club.example/a")
    assert (done.returncode, done.stderr) == (0, "")
    for name, address in (("ml", "a/ml/"), ("My Club", "a/My%20Club/")):
        feed = (out / name / "feed.xml").read_text("utf-8")
        assert f'xml:base="https://club.example/{address}"' in feed
    told = papertakes(
        folder, "export", out, "--format", "site", "--url", "https://club.example/a/", "--json"
    )
    assert [one["added"] for one in json.loads(told.stdout)["exported"]] == [[], []]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "site", "--url", "club.example"), "not the http(s) address of a folder"),
        (("--format", "site", "--url", "ftp://club.example"), "not the http(s) address"),
        (("--url", "https://club.example"), "only with --format site"),
        (("--format", "pdf"), "markdown, json, bibtex, ris, csl, site"),
    ],
)
def test_wrong_usage_writes_nothing(folder: Path, words: tuple[str, ...], said: str) -> None:
    done = papertakes(folder, "export", folder / "nothing", *words)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.replace("│", " ").split())
    assert not (folder / "nothing").exists()


def test_a_place_that_cannot_be_written_is_told_in_a_line(folder: Path) -> None:
    done = papertakes(folder, "export", "/proc/self/nothing", "--channel", "ml")
    assert done.returncode == 1
    assert done.stderr.startswith("papertakes: /proc/")
    assert done.stderr.count("\n") == 1
