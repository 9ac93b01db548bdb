"""`papertakes picks`: a reader's past played from two files."""

import gzip
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.picks.replay import BadPapers, read_papers

FIRST = date(2025, 1, 6)


def line(number: int, about: str, **more: object) -> str:
    return json.dumps(
        {"id": f"2501.{number:05}", "title": f"On {about}", "abstract": f"We study {about}."} | more
    )


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Forty days of a paper on trees and one on rivers each; those on trees were noted a day later,
    but for the last ten days' ones."""
    listings, noted = tmp_path / "listings.jsonl.gz", tmp_path / "noted.jsonl"
    days = [FIRST + timedelta(days=number) for number in range(40)]
    with gzip.open(listings, "wt") as listed:
        for number, day in enumerate(days):
            for id_, about in (
                (2 * number, "old river deltas"),
                (2 * number + 1, "tall oak trees"),
            ):
                listed.write(line(id_, about, authors=None, day=f"{day}") + "\n")
    with noted.open("w") as known:
        for number, day in enumerate(days[:30]):
            when = day + timedelta(days=1)
            # Nothing but the number is known of the second half: the listing says the rest.
            about: dict[str, object] = {"title": None, "abstract": None} if number > 15 else {}
            known.write(line(2 * number + 1, "tall oak trees", known=f"{when}", **about) + "\n\n")
    return ["picks", "--listings", str(listings), "--noted", str(noted)]


@pytest.mark.parametrize("limit", [[], ["--notes-at-most", "10"]])
def test_what_is_like_the_noted_ones_comes_first(files: list[str], limit: list[str]) -> None:
    span = ["--from", "2025-02-05", "--until", "2025-02-06", *limit]
    told = CliRunner().invoke(app, [*files, *span, "--json"])
    assert [json.loads(one) for one in told.stdout.splitlines()] == [
        {"day": "2025-02-05", "ids": ["2501.00061", "2501.00060"]},
        {"day": "2025-02-06", "ids": ["2501.00063", "2501.00062"]},
    ]
    assert CliRunner().invoke(app, [*files, *span]).stdout.splitlines() == [
        "2025-02-05 2501.00061 2501.00060",
        "2025-02-06 2501.00063 2501.00062",
    ]


def test_with_nothing_noted_yet_the_order_is_that_of_the_numbers(files: list[str]) -> None:
    told = CliRunner().invoke(app, [*files, "--from", "2025-01-06", "--until", "2025-01-06"])
    assert told.stdout == "2025-01-06 2501.00000 2501.00001\n"


def test_a_span_without_listings_prints_nothing(files: list[str]) -> None:
    told = CliRunner().invoke(app, [*files, "--from", "2026-01-01", "--until", "2026-02-01"])
    assert (told.exit_code, told.stdout) == (0, "")


@pytest.mark.parametrize(
    "bad",
    [
        "{",
        "[]",
        "{}",
        '{"id": 1, "day": "2025-01-01"}',
        '{"id": "a", "day": "soon"}',
        '{"id": "a", "day": "2025-01-01", "authors": [1]}',
        "[" * 100_000,
    ],
)
def test_a_line_that_is_no_paper_is_named(tmp_path: Path, bad: str) -> None:
    file = tmp_path / "papers.jsonl"
    file.write_text('{"id": "a", "day": "2025-01-01"}\n' + bad, "utf-8")
    with pytest.raises(BadPapers, match="line 2"):
        read_papers(file, "day")


@pytest.mark.parametrize("name", ["none.jsonl", "text.jsonl.gz", "latin.jsonl"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "text.jsonl.gz").write_text("not compressed")
    (tmp_path / "latin.jsonl").write_bytes(b"caf\xe9")
    with pytest.raises(BadPapers, match=name):
        read_papers(tmp_path / name, "day")
