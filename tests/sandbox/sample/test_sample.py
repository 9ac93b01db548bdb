"""The sample data against the real post: nothing added, nothing lost, nothing renamed."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import script
from bot.sandbox.sample import SAMPLE_PAPERS, SAMPLE_WEEK

YARDSTICK = Path(__file__).parents[2] / "data/ml-papers/reviews/200726 Thoughts on recent papers.md"


def squeezed(text: str) -> str:
    """The yardstick's own measure: no blanks at line ends, runs of blank lines are one."""
    text = re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


@pytest.fixture(scope="module")
def steps() -> list[dict[str, Any]]:
    with SAMPLE_WEEK.open("rb") as file:
        listed: list[dict[str, Any]] = tomllib.load(file)["step"]
    return listed


@pytest.fixture(scope="module")
def papers() -> dict[str, dict[str, Any]]:
    listed = json.loads(SAMPLE_PAPERS.read_text(encoding="utf-8"))
    assert len({paper["id"] for paper in listed}) == len(listed)
    return {paper["id"]: paper for paper in listed}


def test_the_week_and_the_papers_rebuild_the_post(
    steps: list[dict[str, Any]], papers: dict[str, dict[str, Any]]
) -> None:
    parts: list[str] = []
    closing = ""
    for step in steps:
        options = step.get("options", {})
        match step["command"]:
            case "/settings set":
                title = options["title"]
                closing = options["closing_tag"]
                date = f"{steps[-1]['time']:%y%m%d}"
                parts.append("# " + title.replace("{date:%y%m%d}", date))
            case "/digest intro" | "/take":
                parts.append(options["text"])
            case "/paper add":
                paper = papers[options["reference"].rpartition("/")[2]]
                parts += [
                    options["reference"],
                    f"{paper['title']} ({', '.join(paper['authors'])})",
                ]
            case "/digest post":
                parts.append(closing)
    rebuilt = "\n\n".join(parts)
    assert rebuilt == squeezed(rebuilt), "the data itself has no stray blanks"
    assert rebuilt == squeezed(YARDSTICK.read_text(encoding="utf-8"))


def test_the_week_is_a_script_that_can_be_played() -> None:
    week = script.load(SAMPLE_WEEK)
    assert [step.action for step in week.steps] == ["command"] * 25
    assert {step.where for step in week.steps} == {"#ml-papers"}


def test_each_take_follows_the_paper_it_is_about(steps: list[dict[str, Any]]) -> None:
    added = [s["options"]["reference"] for s in steps if s["command"] == "/paper add"]
    taken = [s["options"]["paper"] for s in steps if s["command"] == "/take"]
    assert added == taken
    assert len(added) == 11
    assert {s["who"] for s in steps if s["command"] in {"/paper add", "/take"}} == {"Minji"}
    times = [s["time"] for s in steps]
    assert times == sorted(times)


def test_the_papers_mentioned_in_takes_are_there(
    steps: list[dict[str, Any]], papers: dict[str, dict[str, Any]]
) -> None:
    text = " ".join(s["options"]["text"] for s in steps if s["command"] == "/take")
    mentioned = set(re.findall(r"arxiv\.org/abs/(\d{4}\.\d{5})", text))
    assert mentioned == {"2001.10913", "2005.12872", "2004.10934"}
    assert mentioned <= papers.keys()


def test_the_papers_are_of_many_shapes(papers: dict[str, dict[str, Any]]) -> None:
    everything = SAMPLE_PAPERS.read_text(encoding="utf-8")
    assert "\ufffd" not in everything
    assert not re.search(r"[\x80-\x9f]|Ã.", everything), "text decoded with the wrong encoding"
    assert any("/" in id_ for id_ in papers)
    assert any(len(paper["authors"]) > 30 for paper in papers.values())
    assert any("$" in paper["title"] for paper in papers.values())
    assert any("withdrawn" in paper.get("comment", "") for paper in papers.values())
    assert all(
        paper["title"] and paper["authors"] and paper["categories"] for paper in papers.values()
    )
