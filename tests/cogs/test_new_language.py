"""A language that is laid beside the others is spoken everywhere, without a line of code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

import bot.locale
from bot.locale import speak, texts
from bot.locale.choices import parse_count, parse_language, parse_switch
from bot.locale.clock import parse_every, parse_weekdays
from bot.locale.texts import catalogues
from bot.sandbox import Person, Sandbox
from tests.bot import Bot

CODE = "it"
MARK = "ĝ"
"""Before each text of the language that is made for the test."""

COMMANDS: tuple[tuple[str, dict[str, object]], ...] = (
    ("help", {}),
    ("paper add", {"reference": "2007.10909"}),
    ("paper add", {"reference": "nothing of the kind"}),
    ("paper show", {"paper": "2007.10909"}),
    ("paper show", {"paper": "no such words"}),
    ("paper list", {}),
    ("paper list", {"period": "1999"}),
    ("paper search", {"query": "learning"}),
    ("paper search", {"query": "before:soon"}),
    ("paper related", {"paper": "2007.10909"}),
    ("paper cite", {"paper": "2007.10909"}),
    ("take", {"paper": "2007.10909", "text": "short"}),
    ("take", {"paper": "2007.10909", "text": " "}),
    ("takes list", {}),
    ("takes edit", {"take": "99", "text": "other"}),
    ("takes delete", {"take": "99"}),
    ("tag list", {}),
    ("tag rename", {"tag": "nlp", "to": "text"}),
    ("tag merge", {"tag": "nlp", "into": "text"}),
    ("settings show", {}),
    ("settings set", {"weekday": "someday"}),
    ("settings set", {"time": "late"}),
    ("settings set", {"time_zone": "Atlantis"}),
    ("settings set", {"every": "never"}),
    ("settings set", {"title": "{what}"}),
    ("subscribe add", {"query": "cat:cs.LG"}),
    ("subscribe add", {"query": "cat:nowhere"}),
    ("subscribe add", {"query": "((("}),
    ("subscribe list", {}),
    ("subscribe edit", {"subscription": "1", "cap": 3}),
    ("subscribe pause", {"subscription": "1"}),
    ("subscribe test", {"subscription": "1"}),
    ("subscribe why", {"paper": "2007.10909"}),
    ("subscribe remove", {"subscription": "1"}),
    ("digest preview", {}),
    ("digest intro", {"text": "Hello"}),
    ("digest skip", {}),
    ("digest skip", {}),
    ("digest history", {}),
    ("digest export", {"period": "never"}),
    ("digest post", {}),
    ("paper remove", {"paper": "2007.10909"}),
    ("privacy export", {}),
    ("privacy erase", {}),
)


WORDLESS = ("paper cite",)
"""Answers that are not the bot's own words."""


def translated(key: str, text: str) -> str:
    if key.startswith("typed."):
        return ",".join(f"{MARK}{word.strip()}" for word in text.split(","))
    if key.endswith(".name"):
        return f"{MARK}{text}"[:32]
    return f"{MARK} {text}"[:100] if key.startswith(("command.", "option.")) else f"{MARK} {text}"


def forget() -> None:
    """Let everything be read from the catalogues anew."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("bot.locale", "cogs", "bot.digest")):
            for value in list(vars(module).values()):
                clear: Callable[[], None] | None = getattr(value, "cache_clear", None)
                if clear is not None:
                    clear()


@pytest.fixture(autouse=True)
def language(tmp_path: Path) -> Iterator[None]:
    """A folder elsewhere with one language in it."""
    with catalogues()["en"].open("rb") as file:
        english = read_po(file, locale="en")
    made = Catalog(locale=CODE)
    for message in english:
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            said = message.string
            forms = [said] if isinstance(said, str) else list(said or ())
            forms = [translated(key, form) for form in forms]
            # Italian has three forms: one, many (millions), other.
            plural = [forms[0], *forms[-1:] * (made.num_plurals - 1)]
            made[message.id] = Message(
                message.id, forms[0] if isinstance(said, str) else tuple(plural)
            )
    file = tmp_path / "more" / CODE / "LC_MESSAGES" / "papertakes.po"
    file.parent.mkdir(parents=True)
    with file.open("wb") as out:
        write_po(out, made)
    bot.locale.__path__.append(str(tmp_path / "more"))
    forget()
    yield
    bot.locale.__path__.pop()
    forget()


@pytest.fixture
async def sandbox(sandbox: Sandbox) -> Sandbox:
    for user in sandbox.world.users.values():
        user.locale = CODE
    for guild in sandbox.world.guilds.values():
        guild.locale = CODE
    return sandbox


def english() -> set[str]:
    """What nobody may be told any more: the texts without places to be filled."""
    return {
        text
        for key, text in texts("en").messages.items()
        if isinstance(text, str)
        and len(text) > 12
        and "{" not in text
        and not key.startswith("typed.")
        and not key.endswith(".name")
    }


async def test_every_command_speaks_it(ada: Person, sandbox: Sandbox, bot: Bot) -> None:
    silent = english()
    for command, options in COMMANDS:
        answer = await ada.slash(f"/{command}", **options)
        assert MARK in answer.text or command in WORDLESS, (command, options, answer.text)
        for said in silent:
            assert said not in answer.text.replace(f"{MARK} {said}", ""), (command, options)
    await bot.settle()


async def test_every_name_and_completion_speaks_it(ada: Person, bot: Bot) -> None:
    for code in ("it", "ĝ English", "Italian", "italiano"):
        assert parse_language(code) == CODE
    names = [
        choice.name for choice in await ada.autocomplete("/settings set", "language", typed="")
    ]
    assert names == ["English", f"{MARK} English", "한국어"]
    shown = [command["name_localizations"][CODE] for command in ada.commands("papers")]
    assert all(name.startswith(MARK) for name in shown)
    offered: set[str] = set()
    for command in ada.commands("papers"):
        for path, options in leaves(command):
            for option in options:
                if option.get("autocomplete"):
                    await ada.autocomplete(f"/{path}", option["name"], typed="")
                    offered.add(option["name"])
    assert {"paper", "period", "take", "tag", "subscription", "weekday", "time_zone"} <= offered
    periods = await ada.autocomplete("/digest export", "period", typed="")
    assert all(MARK in choice.name for choice in periods)


def leaves(command: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The commands that can be used, each with its options."""
    options = command.get("options", [])
    under = [option for option in options if option["type"] in (1, 2)]
    for option in under:
        for path, its_options in leaves(option):
            yield f"{command['name']} {path}", its_options
    if not under and command.get("type", 1) == 1:
        yield command["name"], options


def test_its_words_are_understood() -> None:
    assert parse_count(f"{MARK}all", 1, 30) is None
    assert parse_switch(f"{MARK}on")
    assert parse_every(f"{MARK}monthly") is None
    assert parse_weekdays("domenica") == ("sunday",)


def test_every_text_is_there() -> None:
    said = texts(CODE).messages
    assert [key for key in texts("en").messages if MARK not in str(said.get(key))] == []


def test_a_locale_finds_it() -> None:
    assert speak("it-IT").language == speak("it").language == CODE
    assert speak("ko").language == "ko"
