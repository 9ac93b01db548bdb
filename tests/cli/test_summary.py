"""`papertakes summary`: a summary for each paper of a file."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.papers.verbs import BadLine, with_summaries

ABSTRACT = (
    "Trees are everywhere. To address this issue, we propose Oak, a method for trees. "
    "We then show that Oak outperforms the best earlier method by 3%. Code will be released."
)


def test_a_file_and_standard_input(tmp_path: Path) -> None:
    """What a line has else comes back as it was."""
    line = json.dumps({"id": 1, "title": "Oak", "abstract": ABSTRACT})
    file = tmp_path / "papers.jsonl"
    file.write_text(f"{line}\n\n{line}\n", "utf-8")
    told = CliRunner().invoke(app, ["summary", "--sentences", "2", str(file)])
    assert told.exit_code == 0
    first, second = map(json.loads, told.stdout.splitlines())
    assert first == second
    assert first.pop("summary") == [
        "We propose Oak, a method for trees.",
        "We then show that Oak outperforms the best earlier method by 3%.",
    ]
    assert first == json.loads(line)
    told = CliRunner().invoke(app, ["summary", "--sentences", "1"], input=line)
    assert json.loads(told.stdout)["summary"] == ["We propose Oak, a method for trees."]


def test_a_paper_without_an_abstract_has_none() -> None:
    (line,) = with_summaries(['{"title": null, "abstract": null}'], 2)
    assert json.loads(line)["summary"] == []


@pytest.mark.parametrize(
    "line", ["{", "[]", "{}", '{"abstract": 1}', '{"abstract": "a", "title": []}', "[" * 100_000]
)
def test_a_line_that_is_no_paper_is_named(line: str) -> None:
    with pytest.raises(BadLine, match="line 2"):
        list(with_summaries(['{"abstract": "One."}', line], 2))


def test_what_a_line_looks_like_is_told() -> None:
    with pytest.raises(BadLine, match=r'line 1: not JSON.*\{"title": "…", "abstract": "…"\}'):
        list(with_summaries(["# Notes"], 2))
