"""Categories: one each whatever its name, found by what people type, known to OAI-PMH."""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path

import pytest

from bot.model import taxonomy
from bot.model.arxiv_id import OLD_ARCHIVES

DATA = json.loads((resources.files("bot.model") / "taxonomy.json").read_text("utf-8"))
LIST_SETS = Path(__file__).parents[1] / "data/arxiv/oai/ListSets.xml"


def test_every_category_and_alias_is_known_in_any_case() -> None:
    for name in DATA["categories"]:
        for typed in (name, name.upper(), f" {name.lower()} "):
            found = taxonomy.category(typed)
            assert found is not None
            assert name in found.names
    assert len({found.id for found in taxonomy.categories()}) == len(taxonomy.categories())


@pytest.mark.parametrize(
    ("name", "main"),
    [*DATA["aliases"].items(), ("chao-dyn", "nlin.CD"), ("cmp-lg", "cs.CL"), ("cs.lg", "cs.LG")],
)
def test_an_alias_is_the_same_category(name: str, main: str) -> None:
    assert taxonomy.category(name) == taxonomy.category(main)
    assert taxonomy.canonical(name) == main


def test_an_unknown_category_passes() -> None:
    assert taxonomy.category("cs.ZZ") is None
    assert taxonomy.canonical("cs.ZZ") == "cs.ZZ"
    assert taxonomy.expand("cs.ZZ") == ()


def test_an_archive_holds_all_its_categories() -> None:
    ids = {found.id for found in taxonomy.expand("cs.*")}
    assert {"cs.LG", "cs.CV", "math.NA", "eess.SY"} <= ids
    assert taxonomy.expand("CS") == taxonomy.expand("cs.*")
    assert [found.id for found in taxonomy.expand("hep-th")] == ["hep-th"]
    assert [found.id for found in taxonomy.expand("hep-th.*")] == ["hep-th"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("cs.GL", "cs.GL"),
        ("cs/LG", "cs.LG"),
        ("cs-lg", "cs.LG"),
        ("csLG", "cs.LG"),
        ("stat.MLL", "stat.ML"),
        ("hepth", "hep-th"),
        ("cs", "cs.*"),
        ("machine learning", "cs.LG"),
        ("quantum physics", "quant-ph"),
        ("xyzzyxyzzy", None),
    ],
)
def test_the_nearest_is_offered(typed: str, meant: str | None) -> None:
    assert taxonomy.nearest(typed) == meant


def test_completion_by_id_and_by_words() -> None:
    assert taxonomy.complete("cs.c")[0].id == "cs.CC"
    assert "cs.CV" in [found.id for found in taxonomy.complete("vision")]
    assert "math.NA" in [found.id for found in taxonomy.complete("cs.NA")]
    assert len(taxonomy.complete("")) == 25


def test_the_sets_are_those_that_the_server_lists() -> None:
    listed = set(re.findall("<setSpec>([^<]+)", LIST_SETS.read_text("utf-8")))
    assert {found.oai_set for found in taxonomy.categories()} <= listed
    assert {found.oai_set for found in taxonomy.archives()} <= listed


def test_archives_before_the_slash_of_old_ids() -> None:
    assert set(DATA["archives"]) | set(DATA["subsumed_archives"]) == OLD_ARCHIVES
