"""The table of doors: each way in, with each abuse of it, is refused shortly and privately."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from bot.chat import modals, paginator
from bot.chat import router as press
from bot.sandbox import Kind, Permission, Person, Sandbox, option
from bot.sandbox.altered import BOOLEAN, CHANNEL, FILE, INTEGER, STRING, USER
from bot.sandbox.arxiv import LoopbackArxiv
from tests.bot import Bot
from tests.cogs.doors import (
    HUGE,
    ODD_NUMBERS,
    PLANTED,
    SECRET,
    Club,
    Wrong,
    button,
    faults_of,
    fill,
    menu,
    planted,
    second_server,
)


@pytest.fixture
def sandbox(sandbox: Sandbox) -> Sandbox:
    first = next(iter(sandbox.world.guilds.values()))
    sandbox.world.add_channel(first, "voice", Kind.VOICE)
    second_server(sandbox)
    return sandbox


@pytest.fixture
async def club(
    bot: Bot,
    sandbox: Sandbox,
    arxiv: LoopbackArxiv,
    ada: Person,
    grace: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Club]:
    """The first server with something of everything; afterwards nothing of it has changed."""
    monkeypatch.setattr("bot.chat.questions.GIVE_WAY", 0.0)
    made = Club(sandbox, bot, ada, grace)
    await fill(made, arxiv)
    before, said = await made.rows(), made.public()
    yield made
    after = await made.rows()
    assert {name for name in after if after[name] != before[name]} == set()
    new = [text for number, text in made.public() if (number, text) not in said]
    assert [text for text in new if PLANTED not in text] == []


BUTTONS = (
    "entry:{entry}:take",
    "entry:{entry}:takes",
    "entry:{entry}:save",
    "entry:{entry}:related",
    "take:{take}:edit",
    "take:{take}:delete",
    "arxiv:{paper}:abstract",
    "arxiv:{paper}:list",
    "arxiv:{paper}:take",
    "arxiv:{announced}:abstract",
    "arxiv:{announced}:list",
    "arxiv:{announced}:take",
    "summary:{paper}:1:discard:en",
    "entry:{entry}:cite",
    "entry:{entry}:cite:ris",
    "digest:{digest}:cite",
    "digest:{digest}:cite:csl",
    "page:entry:0:{entry}",
    "page:related:0:paper:{entry}",
    "page:trial:0:subscription:{subscription}",
    "preview:post:0",
)
MENUS = (
    ("entry:choose", "{entry}"),
    ("arxiv:1:menu", "{paper}"),
    ("arxiv:1:pick", "{paper}"),
    ("arxiv:1:menu", "{announced}"),
    ("arxiv:1:pick", "{announced}"),
    ("more", "entry:{entry}:takes"),
    ("more", "take:{take}:edit"),
    ("more", "take:{take}:delete"),
    ("preview:out:0", "{entry}"),
    ("preview:back:0", "{entry}"),
    ("preview:up:0", "{entry}"),
)
OF_THE_CHANNEL = ("preview:intro:0",)
"""Buttons that name nothing: they are about the channel where they are pressed."""
OPEN = frozenset({"history", "preview", "subscriptions", "tags", "takes", "why", "search", "list"})
"""Pages that everybody may see of the channel where they are."""
OLD_BUTTONS = (
    "entry:1:cite:docx",
    "digest:1:cite:",
    "withdrawn:",
    "pick:!!!",
    "withdrawn:!!!",
    "page",
    "preview:none",
    "take:17",
    "keep:1:2:3",
    "page:unknown:0:x",
    "page:entry:0:x",
    "page:takes:0:" + HUGE,
    "page:entry:0:" + HUGE,
    "page:list:0:yesteryear",
    "page:search:0:",
    "form:0123456789abcdef:entry:1",
    "ask:0123456789abcdef",
    "ask:",
    "\n",
    "x" * 100,
)


def test_every_door_is_in_the_table() -> None:
    """Whoever adds a button, a menu, a page or a form adds it here."""
    known = dict.fromkeys(("entry", "paper", "announced", "take", "subscription", "digest"), 1)
    known |= {"reply": 1, "grace": 1, "papers": 1}
    ids = [template.format(**known) for template in (*BUTTONS, *OLD_BUTTONS)]
    ids += OF_THE_CHANNEL
    ids += [custom_id for custom_id, _ in MENUS]
    patterns = [route.pattern for route in press._ROUTES]
    assert [one.pattern for one in patterns if not any(map(one.fullmatch, ids))] == []
    table = "\n".join((*ids, *FORMS))
    closed = [kind for kind in paginator._SOURCES if kind not in OPEN]
    assert [kind for kind in closed if f"page:{kind}:" not in table] == []
    assert [kind for kind in modals._FACTORIES if f"{kind}:" not in table] == []


async def test_buttons_with_ids_of_another_server_open_nothing(club: Club) -> None:
    """Both as an altered client sends them, and as they would stand on a message of the bot."""
    mallory, wrong = club.sandbox.person("Mallory"), Wrong()
    card = planted(club.sandbox, "elsewhere", button("harmless"))
    for template in BUTTONS:
        custom_id = template.format(**club.numbers)
        wrong.note(custom_id, await mallory.altered.press(custom_id, on=card))
        wrong.note(custom_id, await mallory.altered.press(custom_id, on=None, channel="elsewhere"))
        standing = planted(club.sandbox, "elsewhere", button(custom_id))
        wrong.note(f"standing {custom_id}", await mallory.press(standing, "Press"))
    wrong.check()


async def test_buttons_with_ids_of_another_channel_open_nothing(club: Club) -> None:
    wrong = Wrong()
    for template in BUTTONS:
        if template.startswith("digest:"):
            # A digest may be posted in another channel than that of its list.
            continue
        custom_id = template.format(**club.numbers)
        standing = planted(club.sandbox, "ml-papers", button(custom_id))
        wrong.note(custom_id, await club.grace.press(standing, "Press"))
    wrong.check()


async def test_buttons_in_direct_messages_open_nothing(club: Club) -> None:
    wrong, home = Wrong(), club.sandbox.world.direct(club.grace.user).id
    for template in (*BUTTONS, *OLD_BUTTONS, *OF_THE_CHANNEL):
        standing = planted(club.sandbox, home, button(template.format(**club.numbers)))
        wrong.note(template, await club.grace.press(standing, "Press"))
    for custom_id, value in MENUS:
        chosen = value.format(**club.numbers)
        standing = planted(club.sandbox, home, menu(custom_id, chosen))
        wrong.note(custom_id, await club.grace.choose(standing, custom_id, [chosen]))
    wrong.check()


async def test_menus_open_nothing_of_another_server_and_nothing_that_they_do_not_offer(
    club: Club,
) -> None:
    mallory, wrong = club.sandbox.person("Mallory"), Wrong()
    for custom_id, value in MENUS:
        chosen = value.format(**club.numbers)
        standing = planted(club.sandbox, "elsewhere", menu(custom_id, chosen, "x", HUGE))
        for values in ([chosen], ["x"], [HUGE]):
            wrong.note(f"{custom_id} {values}", await mallory.choose(standing, custom_id, values))
        for odd in ([], ["1"], [chosen, chosen], [1], [None], [[chosen]], [{}]):
            pressed = await mallory.altered.press(custom_id, on=standing, values=odd)
            wrong.note(f"{custom_id} {odd}", pressed)
        wrong.note(custom_id, await mallory.altered.press(custom_id, on=standing))
    wrong.check()


async def test_ids_that_are_none_and_buttons_of_earlier_versions_are_answered(club: Club) -> None:
    """In the channel itself, by a moderator: nothing else stands in the way."""
    wrong = Wrong()
    for template in BUTTONS:
        if template.startswith("preview"):
            continue
        for odd in ODD_NUMBERS:
            custom_id = template.format(**dict.fromkeys(club.numbers, odd))
            standing = planted(club.sandbox, "papers", button(custom_id[:100]))
            wrong.note(custom_id, await club.ada.press(standing, "Press"))
    for custom_id in OLD_BUTTONS:
        standing = planted(club.sandbox, "papers", button(custom_id))
        wrong.note(custom_id, await club.ada.press(standing, "Press"))
    wrong.note("no message", await club.ada.altered.press("entry:1:take", on=None))
    wrong.note("a menu", await club.ada.altered.press("entry:1:take", on=standing, values=["1"]))
    wrong.note("of a kind", await club.ada.altered.press("x" * 100, on=standing, kind=5, values=[]))
    wrong.check()


COMMANDS = (
    ("/paper show", [option("paper", "paper:{entry}")]),
    ("/paper remove", [option("paper", "paper:{entry}")]),
    ("/paper related", [option("paper", "paper:{entry}")]),
    ("/subscribe why", [option("paper", "paper:{entry}")]),
    ("/take", [option("paper", "paper:{entry}")]),
    ("/take", [option("paper", "paper:{entry}"), option("text", "words")]),
    ("/takes edit", [option("take", "take:{take}")]),
    ("/takes edit", [option("take", "take:{take}"), option("text", "words")]),
    ("/takes delete", [option("take", "take:{take}")]),
    ("/subscribe edit", [option("subscription", "subscription:{subscription}"),
                         option("query", "cat:cs.LG")]),
    ("/subscribe edit", [option("subscription", "{subscription}"), option("kinds", "new")]),
    ("/subscribe pause", [option("subscription", "subscription:{subscription}")]),
    ("/subscribe remove", [option("subscription", "subscription:{subscription}")]),
    ("/subscribe test", [option("subscription", "subscription:{subscription}")]),
    ("/settings set", [option("post_to", "{papers}", CHANNEL)]),
)  # fmt: skip
"""Commands that name something by an id, each with one of the first server."""


async def test_options_with_ids_of_another_server_or_odd_ones_name_nothing(club: Club) -> None:
    mallory, wrong = club.sandbox.person("Mallory"), Wrong()
    for name, options in COMMANDS:
        for numbers in (club.numbers, *(dict.fromkeys(club.numbers, odd) for odd in ODD_NUMBERS)):
            sent = [one | {"value": one["value"].format(**numbers)} for one in options]
            reply = await mallory.altered.command(name, sent, channel="elsewhere")
            wrong.note(f"{name} {sent}", reply)
    wrong.check()


async def test_the_same_from_direct_messages(club: Club) -> None:
    wrong = Wrong()
    for name, options in COMMANDS:
        if name != "/settings set":
            sent = [one | {"value": one["value"].format(**club.numbers)} for one in options]
            wrong.note(name, await club.grace.altered.command(name, sent, channel="@bot"))
    wrong.check()


ODD_OPTIONS = (
    ("/settings set", option("abstract", 10**30, INTEGER)),
    ("/settings set", option("abstract", int("9" * 400), INTEGER)),
    ("/settings set", option("abstract", -1, INTEGER)),
    ("/settings set", option("abstract", 1.5, INTEGER)),
    ("/settings set", option("abstract", "three", INTEGER)),
    ("/settings set", option("abstract", True, INTEGER)),
    ("/settings set", option("abstract", "3")),
    ("/settings set", option("abstract", None, INTEGER)),
    ("/settings set", option("minimum_papers", 1001, INTEGER)),
    ("/settings set", option("minimum_takes", 10**18, INTEGER)),
    ("/settings set", option("pin", "yes", BOOLEAN)),
    ("/settings set", option("pin", 1, BOOLEAN)),
    ("/settings set", option("authors", "9" * 6000)),
    ("/settings set", option("authors", HUGE)),
    ("/settings set", option("every", "9" * 6000)),
    ("/settings set", option("time", "9" * 6000)),
    ("/settings set", option("weekday", "9" * 6000)),
    ("/settings set", option("title", "{number:" + "9" * 5000 + "}")),
    ("/settings set", option("colour", "red")),
    ("/settings set", option("post_to", HUGE, CHANNEL)),
    ("/settings set", option("post_to", "x", CHANNEL)),
    ("/settings set", option("post_to", 5, CHANNEL)),
    ("/settings import", option("file", "12", FILE)),
    ("/settings import", option("file", "x", FILE)),
    ("/takes list", option("member", HUGE, USER)),
    ("/takes list", option("member", "12", USER)),
    ("/takes list", option("member", "Ada", USER)),
    ("/paper list", option("period", "9" * 6000)),
    ("/paper list", option("period", "0001-01-01")),
    ("/paper list", option("period", "9999-12-31")),
    ("/paper list", option("period", "9999-W53")),
    ("/paper search", option("query", "before:9999-99-99 x")),
    ("/paper search", option("query", "x" * 6001)),
    ("/paper search", option("query", 5)),
    ("/paper search", option("query", ["x"])),
    ("/paper search", option("query", {"x": "y"})),
    ("/paper add", option("reference", "2007.99999v" + "9" * 9)),
    ("/paper add", option("reference", "(" * 6000)),
    ("/paper show", option("paper", "paper:" + "9" * 5000)),
    ("/digest post", option("period", HUGE)),
    ("/digest skip", option("period", "-1")),
    ("/digest export", option("period", "99999999")),
    ("/tag rename", option("tag", "9" * 6000)),
    ("/subscribe test", option("subscription", "(" * 6000)),
    ("/subscribe test", option("subscription", "9" * 6000)),
)


async def test_options_that_cannot_be_are_refused(club: Club) -> None:
    """By a moderator in the channel itself."""
    wrong = Wrong()
    for name, odd in ODD_OPTIONS:
        sent = [odd, option("to", "x")] if name == "/tag rename" else [odd]
        wrong.note(f"{name} {odd}"[:80], await club.ada.altered.command(name, sent))
    for number in (-1, 10**30, int("9" * 400), 1001, 1e300):
        for name in ("add", "edit"):
            sent = [
                option("subscription", f"subscription:{club.numbers['subscription']}"),
                option("query", "ti:cats"),
                option("cap", number, INTEGER),
            ]
            sent = sent[1:] if name == "add" else sent
            wrong.note(f"cap {number}", await club.ada.altered.command(f"/subscribe {name}", sent))
    for odd in ("weekly", "x" * 200, ""):
        sent = [option("query", "ti:cats"), option("delivery", odd)]
        wrong.note(f"delivery {odd}", await club.ada.altered.command("/subscribe add", sent))
    wrong.check()


async def test_commands_of_another_shape_are_refused(club: Club) -> None:
    ada, wrong = club.ada.altered, Wrong()
    deep = option("reference", "2007.10909")
    for _ in range(200):
        deep = {"name": "add", "type": 1, "options": [deep]}
    for data in (
        {"options": "many"},
        {"options": [1, 2]},
        {"options": [{}]},
        {"options": [{"name": "add"}]},
        {"options": [{"name": "add", "type": 1, "options": [{"name": "reference"}]}]},
        {"options": [{"name": "add", "type": 1, "options": [None]}]},
        {"options": [{"name": "added", "type": 1}]},
        {"options": [{"name": "add", "type": 1}]},
        {"options": [deep]},
        {"options": []},
        {"name": "papers"},
        {"name": "take", "options": [option("text", "without a paper")]},
        {"type": 2, "name": "paper", "target_id": "1"},
    ):
        wrong.note(f"{data}"[:80], await ada.command("/paper add", data=data))
    menu_command = "Make this my take"
    for target, resolved in (("5", {}), (HUGE, {"messages": []}), ("x", {"messages": {}})):
        wrong.note(menu_command, await ada.menu(menu_command, target, resolved=resolved))
    wrong.check()


async def test_completions_of_another_server_are_empty_and_never_fail(club: Club) -> None:
    mallory = club.sandbox.person("Mallory").altered
    for person, place in ((mallory, "elsewhere"), (club.grace.altered, "@bot")):
        for name, key in (
            ("/paper show", "paper"),
            ("/paper add", "reference"),
            ("/take", "paper"),
            ("/takes edit", "take"),
            ("/takes delete", "take"),
            ("/paper list", "period"),
            ("/subscribe pause", "subscription"),
            ("/subscribe add", "query"),
            ("/tag rename", "tag"),
        ):
            for typed in ("", SECRET, "au:beis", HUGE, "9" * 6000, "take:", 5, None, ["x"]):
                sent = [option(key, typed, focused=True)]
                found = await person.complete(name, sent, channel=place)
                assert found is not None, (name, typed)
                told = f"{found}".casefold()
                if (name, typed) != ("/paper add", SECRET) and name != "/take":
                    assert SECRET not in told, (name, typed)


FORMS = (
    "entry:{entry}",
    "entry:" + HUGE,
    "entry:-1",
    "entry:x",
    "paper:paper:{entry}",
    "paper:paper:" + HUGE,
    "paper:!!!",
    "edit:take:{take}",
    "edit:take:" + HUGE,
    "edit:",
    "title:!!!",
    "intro:",
    "preview:0",
    "preview:x",
    "unknown:1",
    ":",
)


async def test_forms_of_another_server_or_another_shape_are_refused(club: Club) -> None:
    """What was typed comes back each time."""
    trent, wrong = club.sandbox.person("Trent").altered, Wrong()
    text = {"text": "an hour's work"}
    for about in FORMS:
        custom_id = f"form:0123456789abcdef:{about}".format(**club.numbers)
        reply = await trent.submit(custom_id, text, channel="elsewhere")
        wrong.note(custom_id, reply)
        if "an hour's work" not in reply.text:
            wrong.found.append(f"{custom_id}: the text is lost")
        wrong.note(custom_id, await club.grace.altered.submit(custom_id, text, channel="@bot"))
    for custom_id in ("", "form:", "form:xyz:entry:1", "\n", "ask:0123456789abcdef", "x" * 100):
        wrong.note(custom_id, await club.ada.altered.submit(custom_id, text))
    known = f"form:0123456789abcdef:entry:{club.numbers['entry']}"
    for parts in (
        [],
        [1],
        [{"type": 18}],
        [{"type": 18, "component": []}],
        [{"component": {}}],
        [{"type": 18, "component": {"custom_id": "text", "value": 5}}],
        [{"type": 18, "component": {"custom_id": ["text"], "value": "x"}}],
        [{"type": 18, "component": {"custom_id": "text", "value": "x" * 100_000}}],
    ):
        wrong.note(f"{parts}"[:80], await club.ada.altered.submit(known, {}, components=parts))
    wrong.check()


async def test_private_views_are_their_readers_own(club: Club) -> None:
    """What one member was asked privately is pressed by another, who may do more."""
    wrong = Wrong()
    sure = await club.grace.slash("/privacy erase")
    refused = await club.grace.slash("/take", paper="2007.99999", text=f"{SECRET} " * 20)
    said = await club.grace.say("which?")
    which = await club.grace.menu(said, "Make this my take")
    for reply in (sure, refused, which):
        assert reply.private
        for control in reply.post.components():
            values = [option["value"] for option in control.options] or None
            pressed = await club.ada.altered.press(
                control.custom_id or "", on=reply, values=values and values[:1]
            )
            wrong.note(control.label, pressed)
    wrong.check()
    await club.sandbox.person("Grace").delete(said)


async def test_who_is_no_moderator_any_more_can_press_nothing_of_a_moderators(club: Club) -> None:
    preview = await club.ada.slash("/digest preview")
    form = (await club.ada.press(preview, "Edit intro")).modal
    club.sandbox.admin.set_role("moderator", 0)
    wrong = Wrong()
    entry = str(club.numbers["entry"])
    for control in preview.post.components():
        offered = [one["value"] for one in control.options]
        if control.options:
            reply = await club.ada.choose(preview, control.label, offered[:1])
        elif control.disabled or not (control.custom_id or "").startswith("preview"):
            continue
        else:
            reply = await club.ada.press(preview, control.label)
        wrong.note(f"{control.label} {entry}", reply)
    wrong.note("intro", await club.ada.submit(form, {"intro": "words"}))
    for name, options in (
        ("/digest post", []),
        ("/digest skip", []),
        ("/digest intro", [option("text", "words")]),
        ("/settings set", [option("authors", "3")]),
        ("/tag rename", [option("tag", "x"), option("to", "y")]),
        ("/takes delete", [option("take", f"take:{club.numbers['take']}")]),
        ("/subscribe remove", [option("subscription", f"{club.numbers['subscription']}")]),
    ):
        wrong.note(name, await club.ada.altered.command(name, options))
    wrong.check()


async def test_digests_go_only_where_the_member_may_see_and_manage(
    club: Club, sandbox: Sandbox
) -> None:
    """A channel of another server, a hidden one, one that others manage, a voice channel, none:
    refused in the same words, so that nobody learns which of them there are."""
    hidden = sandbox.admin.create_channel("staff")
    sandbox.admin.set_overwrite("staff", "Ada", deny=Permission.VIEW_CHANNEL)
    sandbox.admin.set_overwrite(
        "ml-papers", "moderator", deny=Permission.MANAGE_CHANNELS | Permission.MANAGE_GUILD
    )
    named = [hidden, *map(sandbox.channel, ("ml-papers", "voice", "elsewhere"))]
    told = set()
    for target in [*(str(place.id) for place in named), "5"]:
        shown = {"id": target, "type": 0, "name": "x", "permissions": "8"}
        for resolved in (None, {"channels": {target: shown}}):
            sent = [option("post_to", target, CHANNEL)]
            reply = await club.ada.altered.command("/settings set", sent, resolved=resolved)
            assert faults_of(reply) == []
            told.add(reply.text)
    assert len(told) <= 2, told
    reply = await club.ada.slash("/settings set", post_to="reading-room")
    assert "reading-room" in reply.text or "<#" in reply.text
    await club.ada.slash("/settings set", post_to="papers")


ODD = ("-1", "9" * 6000, "🧪" * 3000, "\u202e\u0000x", f"paper:{HUGE}", "[" * 6000)
USUAL = {"reference": "2007.10909", "paper": "2007.10909", "query": "ti:cats", "take": "take:1",
         "subscription": "ti:cats", "question": "why?",
         "tag": "a", "to": "b", "into": "b"}  # fmt: skip


async def test_every_option_takes_anything_without_failing(ada: Person, sandbox: Sandbox) -> None:
    """Of every command that there is, with its other options as they usually are."""
    await ada.slash("/take", paper="2007.10909", text="#a b")
    failed: list[str] = []
    for name, options in _leaves(sandbox.core.commands.all(None)):
        for one in options:
            if one["type"] not in (STRING, INTEGER) or "choices" in one:
                continue
            others = [
                option(other["name"], USUAL[other["name"]])
                for other in options
                if other is not one and other.get("required")
            ]
            odd = ODD if one["type"] == STRING else (-1, 10**30, 2**53, 1.5, "1")
            for value in odd:
                sent = [option(one["name"], value, one["type"]), *others]
                reply = await ada.altered.command(name, sent)
                if reply.failed or "went wrong" in reply.text or len(reply.text) > 4000:
                    failed.append(f"{name} {one['name']}={str(value)[:20]!r}: {reply!r}")
    assert failed == []


def _leaves(commands: list[dict[str, Any]], path: str = "") -> Iterator[tuple[str, list[Any]]]:
    for command in commands:
        if not path and command["type"] != 1:
            continue
        inner = [one for one in command.get("options", []) if one["type"] in (1, 2)]
        if inner:
            yield from _leaves(inner, f"{path} {command['name']}".strip())
        else:
            yield f"/{path} {command['name']}".replace("/ ", "/"), command.get("options", [])
