"""`papertakes export` as a program: what it writes, and what it says when it will not."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli import command
from tests.cli.command import Done

ROOT = Path(__file__).parents[2]
REVIEWS = ROOT / "tests" / "data" / "ml-papers" / "reviews"


def papertakes(folder: Path, *words: object) -> Done:
    database = f"sqlite:///{folder / 'takes.db'}"
    return command.papertakes(*words, PAPERTAKES_DATABASE__URL=database)


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
    assert [one["added"] for one in json.loads(told.stdout)["exported"]] == [[], [], []]
    home = (out / "index.html").read_text("utf-8")
    assert 'href="My%20Club/index.html"' in home
    assert '<link rel="canonical" href="https://club.example/a/">' in home


def test_a_site_by_a_verb_of_its_own(folder: Path) -> None:
    done = papertakes(folder, "site", folder / "mine", "--channel", "ml")
    assert (done.returncode, done.stderr) == (0, "")
    assert (folder / "mine" / "feeds" / "all.xml").exists()
    refused = papertakes(folder, "publish")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "archive.publish is not set" in refused.stderr


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


@pytest.mark.parametrize("format", ["markdown", "json", "bibtex", "site"])
def test_a_link_for_a_channel_s_folder_is_not_followed(
    folder: Path, tmp_path: Path, format: str
) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    out.mkdir()
    elsewhere.mkdir()
    (out / "ml").symlink_to(elsewhere)
    done = papertakes(folder, "export", out, "--format", format)
    assert (done.returncode, list(elsewhere.iterdir())) == (1, [])
    assert done.stderr == (
        f"papertakes: {out / 'ml'}: a link, which may lead elsewhere: "
        "nothing is written through it\n"
    )
    assert list((out / "My Club").iterdir())


def test_the_folder_itself_may_be_a_link(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to("real")
    assert papertakes(folder, "export", tmp_path / "out").returncode == 0
    assert {path.name for path in (tmp_path / "real").iterdir()} == {"ml", "My Club"}


def test_what_is_in_the_way_is_told_and_neither_read_nor_followed(
    folder: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("theirs")
    for name in ("ml.bib", ".papertakes.json"):
        (tmp_path / name).symlink_to(elsewhere)
    for words in (("--format", "bibtex"), ()):
        done = papertakes(folder, "export", tmp_path, "--channel", "ml", *words)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert "a link is in the way" in done.stderr
    assert elsewhere.read_text() == "theirs"
    (tmp_path / ".papertakes.json").unlink()
    os.mkfifo(tmp_path / ".papertakes.json")
    done = papertakes(folder, "export", tmp_path, "--channel", "ml")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


def test_a_list_of_files_nested_too_deep_is_told_in_a_line(folder: Path, tmp_path: Path) -> None:
    (tmp_path / ".papertakes.json").write_text("[" * 10_000 + "]" * 10_000)
    done = papertakes(folder, "export", tmp_path, "--channel", "ml")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"papertakes: {tmp_path / '.papertakes.json'}: nested too deep for a list of files: "
        "move it away\n"
    )
