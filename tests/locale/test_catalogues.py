"""The catalogues: nothing missing, nothing unused, the same places in each language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from bot.errors import PersonError
from bot.locale import languages, speak, texts

ROOT = Path(__file__).parents[2]
KEYS = sorted(texts("en").messages)
SAY = re.compile(r"say\('([^']*)'")
KEY = re.compile(r"[a-z_]+(?:\.[a-z_]+)+")


def places(message: str | tuple[str, ...]) -> set[str]:
    """The names of the places that are to be filled, over all plural forms."""
    forms = (message,) if isinstance(message, str) else message
    return {name for form in forms for _, name, _, _ in Formatter().parse(form) if name}


def literals(path: Path) -> Iterator[str]:
    """The strings in a Python file; of an f-string its fixed beginning, with `*` after it."""
    inside: set[int] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("log."):
            inside |= {id(part) for part in node.args}  # Events of the log look like keys.
        if isinstance(node, ast.JoinedStr):
            inside |= {id(part) for part in node.values}
            first = node.values[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield f"{first.value}*"
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in inside
        ):
            yield node.value


def said() -> set[str]:
    """Everything in the code that could name a text."""
    paths = [path for room in ("bot", "cogs") for path in (ROOT / room).rglob("*.py")]
    # The static site names files; in the store, dots stand in the names of columns.
    rooms = {"site", "store", "sandbox"}
    paths = [path for path in paths if not rooms & set(path.relative_to(ROOT).parts)]
    return {text for path in paths for text in literals(path)} | said_by_the_site()


def said_by_the_site() -> set[str]:
    """What the templates of the static site say."""
    room = ROOT / "bot" / "archive" / "site"
    calls = {
        match[1] for path in room.rglob("*.html") for match in SAY.finditer(path.read_text("utf-8"))
    }
    return calls | _GIVEN_TO_TEMPLATES


def test_every_language_has_every_text() -> None:
    for language in languages():
        assert sorted(texts(language).messages) == KEYS
        for key, message in texts(language).messages.items():
            forms = (message,) if isinstance(message, str) else message
            assert all(form.strip() for form in forms), (language, key)


def test_no_text_is_unused() -> None:
    used = said()
    families = tuple(text[:-1] for text in used if text.endswith(".*"))
    # Names are derived from the commands themselves: see the test of the commands.
    unused = [
        key
        for key in KEYS
        if key not in used and not key.startswith(families) and not key.endswith(".name")
    ]
    assert unused == []


def test_no_text_is_missing() -> None:
    roots = {key.partition(".")[0] for key in KEYS} - {"page", "list"}
    wanted = {
        text
        for text in said()
        if KEY.fullmatch(text) and text.partition(".")[0] in roots and text not in _NO_KEYS
    }
    assert sorted(wanted - set(KEYS)) == []


_GIVEN_TO_TEMPLATES = {
    "site.tags", "site.members", "site.authors", "site.undated", "site.calendar", "site.all_series",
    "site.search", "site.feed", "site.feed.all",
}  # fmt: skip
_NO_KEYS = {"text.md", "demo.db", "delivery.double_stays"}


def _errors(kind: type[PersonError] = PersonError) -> Iterator[type[PersonError]]:
    for error in kind.__subclasses__():
        yield error
        yield from _errors(error)


@pytest.mark.parametrize("error", sorted(set(_errors()), key=str))
def test_every_mistake_has_its_text(error: type[PersonError]) -> None:
    assert error.key in KEYS


@pytest.mark.parametrize("key", KEYS)
def test_the_languages_fill_the_same_places(key: str) -> None:
    if key in ("digest.title.default", "option.title.set"):
        return  # A template that is filled with a day, and a description of such templates.
    wanted = places(texts("en").messages[key])
    for language in languages():
        assert places(texts(language).messages[key]) == wanted


def test_plurals_have_as_many_forms_as_their_language() -> None:
    for language in languages():
        source = files("bot.locale").joinpath(language, "LC_MESSAGES", "papertakes.po")
        with source.open("rb") as file:
            catalogue = read_po(file, locale=language)
        for message in catalogue:
            assert not message.fuzzy or not message.id
            if message.pluralizable:
                assert isinstance(message.string, list | tuple)
                assert len(message.string) == catalogue.num_plurals, message.id


def test_a_plural_is_chosen_by_its_count() -> None:
    assert texts("en")("count.papers", count=1) == "1 paper"
    assert texts("en")("count.papers", count=2) == "2 papers"
    assert texts("ko")("count.papers", count=1) == "논문 1편"


@pytest.mark.parametrize(
    ("locales", "language"),
    [
        (("ko", "en-US"), "ko"),
        (("en-GB", "ko"), "en"),
        (("fr", "ko"), "ko"),
        (("fr", None), "en"),
        ((None,), "en"),
    ],
)
def test_the_first_language_spoken_is_taken(locales: tuple[str | None, ...], language: str) -> None:
    assert speak(*locales).language == language


@pytest.mark.parametrize("key", [key for key in KEYS if key.startswith("error.")])
def test_korean_needs_no_choice_of_particles(key: str) -> None:
    message = texts("ko").messages[key]
    for form in (message,) if isinstance(message, str) else message:
        assert not re.search(r"\((?:을|를|이|가|은|는|와|과|으)\)|[을를이가은는]\(", form)
        assert not re.search(r"\}[`*”]*(?:을|를|은|는|이|가|와|과|으로|로)\b", form)
