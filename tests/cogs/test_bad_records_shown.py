"""One bad record costs only itself: what members look at, one command after the other."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.sandbox import Person
from bot.sandbox.arxiv import Announcement, LoopbackArxiv
from tests import hostile
from tests.bot import Bot
from tests.cogs.test_bad_records import FIRST, paper
from tests.poison import MARK, poisoned

GOOD = "A good detector 1"
SHOWN = (
    ("/paper list", {}, (GOOD, MARK), (
        "bot.chat.views.cards.line", "bot.chat.views.cards.masked_link",
        "bot.chat.views.buttons.readable",
        "bot.chat.views.cards.shorten",
    )),
    ("/paper show", {"paper": "2007.90232"}, (MARK, f"{MARK} words", "Good words"), (
        "bot.chat.views.cards._described", "bot.chat.views.cards.take_block",
        "bot.chat.views.cards.tame",
        "bot.chat.views.cards.masked_link", "bot.chat.views.buttons.readable",
        "bot.chat.views.abstract._summed",
    )),
    ("/takes list", {}, (GOOD, f"{MARK} words", "Good words"), (
        "bot.chat.views.cards.tame", "bot.chat.views.cards.take_block",
        "bot.chat.views.cards.masked_link",
    )),
    ("/paper search", {"query": "words"}, (f"{MARK} words", "Good", "words"), (
        "bot.papers.ranking.fit", "bot.model.search.find", "bot.model.search.snippet",
        "bot.chat.views.found_papers.hit_block", "bot.chat.views.found_papers.marked",
        "bot.chat.views.cards.masked_link",
    )),
    ("/paper search", {"query": "cat:cs.CV"}, (GOOD, MARK), (
        "bot.chat.views.found_papers.hit_block", "bot.chat.views.cards.masked_link",
        "bot.chat.views.buttons.readable",
    )),
    ("/paper related", {"paper": "2007.90231"}, (MARK,), (
        "bot.chat.views.cards.masked_link", "bot.chat.views.buttons.readable",
    )),
    ("/tag list", {}, ("fine", MARK), ("cogs.tags.escape",)),
    ("/digest preview", {}, (GOOD, MARK, f"{MARK} words", "Good words"), (
        "bot.digest.section._section", "bot.digest.section.tame", "bot.digest.starter._line",
        "bot.digest.plainly.split",
    )),
    ("/subscribe list", {}, ("nonsense", MARK), (
        "cogs.subscribe._subscription", "cogs.subscribe.quoted",
    )),
)  # fmt: skip


async def club(ada: Person, grace: Person, arxiv: LoopbackArxiv) -> None:
    """Two papers with a take each; one take leads to the other paper."""
    good, odd = paper(FIRST, 1), paper(FIRST, 2, f"{MARK} and *starred*")
    for one in (good, odd):
        arxiv.announce(Announcement(FIRST, "new", one))
    await ada.slash("/take", paper=good.id, text=f"Good words #fine, cf. arXiv:{odd.id}")
    await grace.slash("/take", paper=odd.id, text=f"{MARK} words #fine #{MARK}")
    await ada.slash("/take", paper=odd.id, text="Good words too")
    await ada.slash("/subscribe add", query="ti:nonsense")
    await ada.slash("/subscribe add", query=f"ti:{MARK}")


async def test_what_members_look_at(ada: Person, grace: Person, arxiv: LoopbackArxiv) -> None:
    await club(ada, grace, arxiv)
    for command, options, wanted, targets in SHOWN:
        for target in targets:
            with poisoned(target):
                reply = await ada.slash(command, **options)
            assert not reply.text.startswith("⚠️"), (command, target, reply.text)
            for text in wanted:
                assert text in reply.text.replace("**", ""), (command, target, reply.text)


COMPLETED = (
    (
        "/paper show",
        "paper",
        "",
        GOOD,
        ("bot.chat.autocomplete.paper_value", "bot.chat.views.buttons.readable"),
    ),
    ("/takes delete", "take", "", "Good words", ("bot.chat.autocomplete.take_label",)),
    ("/tag rename", "tag", "", "fine", ("bot.chat.autocomplete._choice",)),
    ("/subscribe pause", "subscription", "", "nonsense", ("bot.chat.autocomplete._choice",)),
)


async def test_what_is_offered_while_typing(
    ada: Person, grace: Person, arxiv: LoopbackArxiv
) -> None:
    await club(ada, grace, arxiv)
    for command, option, typed, wanted, targets in COMPLETED:
        for target in targets:
            with poisoned(target):
                choices = await ada.autocomplete(command, option, typed=typed)
            assert any(wanted in choice.name for choice in choices), (command, target)


TYPED = (
    ("/paper show", "paper"), ("/paper add", "reference"), ("/take", "paper"),
    ("/takes edit", "take"), ("/takes delete", "take"), ("/paper list", "period"),
    ("/subscribe pause", "subscription"), ("/subscribe add", "query"), ("/tag rename", "tag"),
    ("/settings set", "time_zone"), ("/settings set", "weekday"), ("/settings set", "language"),
)  # fmt: skip


async def test_choices_never_fail(ada: Person, grace: Person, arxiv: LoopbackArxiv) -> None:
    await club(ada, grace, arxiv)
    texts = [one for one in hostile.ATOMS if not any("\ud800" <= char < "\ue000" for char in one)]
    for at, (command, option) in enumerate(TYPED):
        for typed in texts[at::12]:
            assert len(await ada.autocomplete(command, option, typed=typed)) <= 25


FOLLOWING = (
    "bot.digest.edits.section_text",
    "bot.digest.edits.pieces",
    "bot.digest.section.tame",
    "bot.services.message_changed",
)


async def test_takes_change_whatever_fails_after_it(
    ada: Person, grace: Person, arxiv: LoopbackArxiv, bot: Bot
) -> None:
    """A tag is renamed, takes are edited, a member is forgotten: what shows them prevents nothing,
    and what can follow does."""
    await club(ada, grace, arxiv)
    with poisoned("bot.takes.tags.retag"):
        said = await ada.slash("/tag rename", tag="fine", to="better")
    assert "1 take" in said.text
    await bot.at(datetime(2020, 7, 26, 18, tzinfo=UTC))
    (thread,) = bot.sandbox.channel("papers").threads
    (choice,) = await grace.autocomplete("/takes edit", "take", typed="")
    for number, target in enumerate(FOLLOWING):
        form = (await grace.slash("/takes edit", take=choice.value)).modal
        with poisoned(target):
            await grace.submit(form, {0: f"{MARK} words, edited {number}"})
        await bot.settle()
        assert f"edited {number}" in (await ada.slash("/takes list")).text, target
    assert "edited 3" in "\n".join(message.content for message in thread.messages)
    with poisoned("bot.digest.edits.recount", "Digest("):
        asked = await grace.slash("/privacy erase")
        await grace.press(asked, "Erase everything")
        await asked.until(lambda reply: "1 take is deleted" in reply.text)
    await bot.settle()
    assert "edited 3" not in "\n".join(message.content for message in thread.messages)
