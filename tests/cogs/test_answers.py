"""How commands answer: where they cannot, when they are slow, and when nobody is left to hear."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
import pytest

from bot.chat.context import channel_place
from bot.chat.errors import explain
from bot.errors import AlreadyListed, CannotPostHere, PersonError
from bot.locale import texts
from bot.sandbox import Fault, Permission, Person, Sandbox
from bot.sandbox.arxiv import Fault as ArxivFault
from bot.sandbox.arxiv import LoopbackArxiv
from cogs.help import MANAGERS
from tests.bot import Bot
from tests.conftest import RESPOND_WITHIN

COMMANDS: dict[str, dict[str, Any]] = {
    "/paper add": {"reference": "2007.10909"},
    "/paper list": {},
    "/take": {"paper": "2007.10909", "text": "hello"},
    "/takes list": {},
    "/digest post": {},
    "/settings set": {"weekday": "monday"},
}


@pytest.mark.parametrize(("command", "options"), COMMANDS.items())
async def test_a_direct_message_is_told_where_to_go(
    minji: Person, command: str, options: dict[str, Any]
) -> None:
    reply = await minji.slash(command, channel="@bot", **options)
    assert reply.text.startswith("⚠️ " + texts("ko")("error.guild_only"))


async def test_help_is_there_everywhere_in_the_persons_language(ada: Person, minji: Person) -> None:
    for place in ("papers", "@bot"):
        reply = await minji.slash("/help", channel=place)
        assert "논문" in reply.text
        assert "Thank you to arXiv for use of its open access interoperability." in reply.text
    reply = await ada.slash("/help")
    assert reply.private
    for name in ("paper add", "take", "takes edit", "digest post", "subscribe add", *MANAGERS):
        assert f"</{name}:" in reply.text, name
    told = (await minji.slash("/help")).text
    assert not [name for name in MANAGERS if f"</{name}:" in told]
    assert "</take:" in told


async def test_what_help_keeps_for_managers_is_theirs(minji: Person) -> None:
    for name in sorted(MANAGERS & {"digest post", "digest skip", "settings set"}):
        options = {"weekday": "monday"} if name == "settings set" else {}
        refused = await minji.slash(f"/{name}", **options)
        assert texts("ko")("error.managers_only") in refused.text, name


@pytest.mark.parametrize(
    ("denied", "name"),
    [
        (Permission.SEND_MESSAGES, "Send Messages"),
        (Permission.VIEW_CHANNEL, "View Channel"),
        (Permission.CREATE_PUBLIC_THREADS, "Create Public Threads"),
        (Permission.SEND_MESSAGES_IN_THREADS, "Send Messages in Threads"),
    ],
)
async def test_where_the_bot_may_not_post_nothing_is_stored(
    grace: Person, sandbox: Sandbox, denied: Permission, name: str
) -> None:
    post = await grace.say("2007.10909")
    sandbox.admin.set_overwrite("papers", "Papertakes", deny=denied)
    for reply in (
        await grace.slash("/paper add", reference="2007.10909"),
        await grace.slash("/take", paper="2007.10909", text="hello"),
        await grace.slash("/take", paper="2007.10909"),
        await grace.menu(post, "Add its papers"),
    ):
        assert reply.private
        assert name in reply.text
        assert "nothing was done" in reply.text
    sandbox.admin.clear_overwrites("papers")
    assert "no list yet" in (await grace.slash("/paper list")).text


async def test_a_thread_belongs_to_its_channel(ada: Person, grace: Person) -> None:
    thread = await ada.open_thread("about a paper", channel="papers")
    reply = await grace.slash("/paper add", channel=thread, reference="2007.10909")
    assert not reply.private
    assert "SliceOut" in (await ada.slash("/paper list", channel="papers")).text


@pytest.mark.usefixtures("impatient")
async def test_a_slow_answer_waits_privately_and_is_said_publicly(
    grace: Person, ada: Person, arxiv: LoopbackArxiv
) -> None:
    arxiv.faults.append(ArxivFault("slow", delay=1.0))
    reply = await grace.slash("/paper add", reference="2007.10909")
    await reply.until(lambda seen: len(seen.posts) == 2, timeout=20)
    assert reply.deferred
    note, card = reply.posts
    assert note.private
    assert "1 paper is on the list" in note.text
    assert not card.private
    assert "SliceOut" in card.text
    form = await ada.press(card, "Add take")
    assert form.modal is not None


@pytest.mark.usefixtures("impatient")
async def test_a_slow_refusal_stays_private(
    grace: Person, ada: Person, arxiv: LoopbackArxiv
) -> None:
    arxiv.faults.append(ArxivFault("slow", delay=1.0))
    reply = await grace.slash("/paper add", reference="2007.99999")
    await reply.until(lambda seen: seen.text.startswith("⚠️"), timeout=20)
    assert reply.deferred
    assert reply.private
    assert [post for post in ada.sees("papers") if post.author == "Papertakes"] == []


@pytest.mark.parametrize("command", ["/paper add", "/take"])
async def test_an_answer_that_is_lost_keeps_what_was_stored(
    grace: Person, sandbox: Sandbox, command: str
) -> None:
    body = {"message": "Unknown interaction", "code": 10062}
    fault = Fault(method="POST", route="/interactions/*/callback", status=404, body=body)
    sandbox.faults.add(fault)
    sandbox.core.interactions.respond_within = 2.0
    reply = await grace.slash(command, timeout=4, **COMMANDS[command])
    assert reply.failed
    async with asyncio.timeout(RESPOND_WITHIN):
        while not fault.hits:
            await asyncio.sleep(0.05)
    sandbox.core.interactions.respond_within = RESPOND_WITHIN
    assert "SliceOut" in (await grace.slash("/paper list")).text


@pytest.mark.usefixtures("impatient")
async def test_a_channel_deleted_in_between_harms_nothing(
    grace: Person, sandbox: Sandbox, arxiv: LoopbackArxiv
) -> None:
    place = sandbox.admin.create_channel("short-lived")
    arxiv.faults.append(ArxivFault("slow", delay=1.0))
    reply = await grace.slash("/paper add", channel=place, reference="2007.10909")
    assert reply.deferred
    sandbox.admin.delete_channel(place)
    async with asyncio.timeout(20):
        while not any(request.status == 404 for request in sandbox.requests):
            await asyncio.sleep(0.05)
    assert not (await grace.slash("/paper add", reference="2007.10909")).failed


async def test_what_the_program_did_wrong_has_an_id(
    grace: Person, bot: Bot, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    object.__setattr__(bot.app.services.papers, "listed", broken)
    reply = await grace.slash("/paper show", paper="2007.10909")
    assert reply.private
    assert "Something went wrong" in reply.text
    number = reply.text.rpartition("`")[0].rpartition("`")[2]
    assert len(number) == 8
    assert number in capsys.readouterr().out + caplog.text


async def test_commands_are_registered_only_when_they_differ(bot: Bot, sandbox: Sandbox) -> None:
    def registered() -> int:
        return sum(
            request.method == "PUT" and request.path.endswith("/commands")
            for request in sandbox.requests
        )

    assert registered() == 1
    await bot.stop()
    await bot.start()
    assert registered() == 1


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_refusal_shows_names_as_they_are(language: str) -> None:
    said = explain(
        AlreadyListed(title="**[x](y)**", who="`@everyone`", when=discord.utils.utcnow()),
        texts(language),
    )
    assert "**[x](y)**" not in said.replace("**\\*", "")
    assert "\\`@everyone\\`" in said


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(
    "problem", [CannotPostHere(missing=()), CannotPostHere(missing=("send_messages",))]
)
def test_missing_permissions_have_names(problem: PersonError, language: str) -> None:
    assert "send_messages" not in explain(problem, texts(language))


@pytest.mark.usefixtures("impatient")
async def test_a_stop_lets_a_command_finish(grace: Person, bot: Bot, arxiv: LoopbackArxiv) -> None:
    arxiv.faults.append(ArxivFault("slow", delay=1.0))
    reply = await grace.slash("/paper add", reference="2007.10909")
    assert reply.deferred
    await bot.stop()
    assert len(reply.posts) == 2
    await bot.start()


async def test_a_voice_channel_holds_no_list() -> None:
    voice = object.__new__(discord.VoiceChannel)
    assert channel_place(voice, None) is None
    assert channel_place(None, None) is None
