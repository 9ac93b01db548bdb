"""The commands as Discord is told them: the names of the contract, and Discord's own rules.

https://discord.com/developers/docs/interactions/application-commands#application-command-object
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import discord
import pytest
import regex
from discord.ext import commands

from bot.chat.errors import Tree
from bot.locale import texts
from cogs import add_cogs

NAME = regex.compile(r"[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}")

CONTRACT = {
    "paper add": ["reference", "[title]"],
    "paper cite": ["[paper]", "[format]", "[period]"],
    "paper show": ["paper"],
    "paper remove": ["paper"],
    "paper list": ["[period]"],
    "paper search": ["query"],
    "paper related": ["paper"],
    "paper explain": ["paper", "question"],
    "paper summary": ["paper"],
    "take": ["paper", "[text]"],
    "tag list": [],
    "tag rename": ["tag", "to"],
    "tag merge": ["tag", "into"],
    "takes list": ["[member]"],
    "takes edit": ["take", "[text]"],
    "takes delete": ["take"],
    "digest preview": ["[period]"],
    "digest post": ["[period]"],
    "digest skip": ["[period]"],
    "digest history": [],
    "digest export": ["[period]"],
    "digest intro": ["[text]"],
    "settings show": [],
    "settings set": [
        f"[{name}]"
        for name in (
            "time_zone", "weekday", "time", "every", "language", "title", "intro", "closing_tag",
            "authors", "order", "abstract", "untaken", "post_to", "forum_tags", "pin",
            "minimum_papers", "minimum_takes", "reminder",
        )
    ],
    "subscribe add": ["query", "[kinds]", "[delivery]", "[cap]"],
    "subscribe list": [],
    "subscribe edit": ["subscription", "[query]", "[kinds]", "[delivery]", "[cap]"],
    "subscribe pause": ["subscription"],
    "subscribe test": ["subscription"],
    "subscribe remove": ["subscription"],
    "subscribe why": ["paper"],
    "picks": ["[day]"],
    "settings import": ["[file]", "[history]"],
    "privacy export": [],
    "privacy erase": [],
    "help": [],
}  # fmt: skip


@pytest.fixture
async def payloads() -> AsyncIterator[list[dict[str, Any]]]:
    """What is registered at Discord. No service is called for it."""
    bot: Any = commands.Bot((), intents=discord.Intents.none(), tree_cls=Tree, help_command=None)
    async with bot:
        await add_cogs(bot)
        translator = bot.tree.translator
        assert translator is not None
        yield [
            await command.get_translated_payload(bot.tree, translator)
            for command in bot.tree.get_commands()
        ]


def walk(payload: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """A command with all its subcommands and options, each with its path."""
    path = f"{path} {payload['name']}".strip()
    yield path, payload
    for option in payload.get("options", []):
        yield from walk(option, path)


async def test_the_names_are_those_of_the_contract(payloads: list[dict[str, Any]]) -> None:
    found: dict[str, list[str]] = {}
    for command in payloads:
        if command["type"] != 1:
            continue
        for path, payload in walk(command):
            options = payload.get("options", [])
            if payload["type"] == 1 and not any(option["type"] == 1 for option in options):
                found[path] = [
                    option["name"] if option["required"] else f"[{option['name']}]"
                    for option in options
                ]
    assert found == CONTRACT
    menus = [command["name"] for command in payloads if command["type"] == 3]
    assert menus == ["Add its papers", "Make this my take"]


async def test_names_and_descriptions_keep_to_the_rules(payloads: list[dict[str, Any]]) -> None:
    for command in payloads:
        length = 0
        for path, payload in walk(command):
            names = [payload["name"], *payload["name_localizations"].values()]
            for name in names:
                if command["type"] == 1:
                    assert NAME.fullmatch(name), path
                    assert name == name.lower(), path
                assert 1 <= len(name) <= 32, path
            if command["type"] == 1:
                said = [payload["description"], *payload["description_localizations"].values()]
                assert all(1 <= len(text) <= 100 for text in said), path
                length += len(payload["name"]) + max(map(len, said))
        assert length <= 8000


async def test_everything_has_a_korean_name(payloads: list[dict[str, Any]]) -> None:
    used = set()
    for command in payloads:
        for path, payload in walk(command):
            assert payload["name_localizations"].keys() == {"ko"}, path
            if command["type"] == 1:
                assert payload["description_localizations"].keys() == {"ko"}, path
            used.add(payload["name_localizations"]["ko"])
    names = {key: text for key, text in texts("ko").messages.items() if key.endswith(".name")}
    assert set(names.values()) == used


async def test_the_texts_of_options_are_those_of_the_commands(
    payloads: list[dict[str, Any]],
) -> None:
    used = {
        option["description"]
        for command in payloads
        for _, payload in walk(command)
        for option in payload.get("options", [])
        if option["type"] > 2
    }
    known = {key for key in texts("en").messages if key.startswith("option.")}
    assert {texts("en")(key) for key in known if not key.endswith(".name")} == used


async def test_siblings_have_different_korean_names(payloads: list[dict[str, Any]]) -> None:
    for command in payloads:
        for path, payload in walk(command):
            names = [option["name_localizations"]["ko"] for option in payload.get("options", [])]
            assert len(names) == len(set(names)), path
    top = [(command["type"], command["name_localizations"]["ko"]) for command in payloads]
    assert len(top) == len(set(top))


async def test_they_belong_to_servers_and_are_told_of_in_direct_messages(
    payloads: list[dict[str, Any]],
) -> None:
    for command in payloads:
        assert command["contexts"] == [0, 1]
        assert command["integration_types"] == [0]
