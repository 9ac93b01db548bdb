"""What comes back for an answer says nothing of it: it stands once, and its card is known."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

import bot.chat.responses
from bot.chat.shutdown import finished
from bot.model.people import Place
from bot.sandbox import GARBLED, Fault, Garbled, Person, Sandbox
from bot.sandbox.arxiv import Fault as ArxivFault
from bot.sandbox.arxiv import LoopbackArxiv, load_papers
from bot.sandbox.sample import SAMPLE_PAPERS
from tests.bot import Bot

CALLBACK = "/interactions/{interaction_id}/{token}/callback"
SOME: tuple[Garbled, ...] = ("no content", "object", "page", "another")
PAPERS = [paper.id for paper in load_papers(SAMPLE_PAPERS)]
HOOK = "/webhooks/{application_id}/{token}"
ORIGINAL = f"{HOOK}/messages/@original"


@pytest.fixture(autouse=True)
def looks_at_once(impatient: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.chat.responses, "_LOOKS", (0.0, 0.01, 0.02))


@dataclass(frozen=True, slots=True)
class Answer:
    """`slow`: the command has to wait before it answers publicly."""

    method: str
    route: str
    slow: bool


ANSWERS = {
    "a first answer": Answer("POST", CALLBACK, False),
    "a request to wait": Answer("POST", CALLBACK, True),
    "a private note": Answer("PATCH", ORIGINAL, True),
    "a later message": Answer("POST", HOOK, True),
}


@pytest.mark.parametrize("name", ANSWERS)
async def test_a_card_stands_once_and_is_known(
    ada: Person, sandbox: Sandbox, arxiv: LoopbackArxiv, bot: Bot, name: str
) -> None:
    answer, channel = ANSWERS[name], sandbox.channel("papers")
    where = Place(channel.record.guild_id, channel.id, channel.name, False)
    hows = SOME if answer.slow else GARBLED
    for number, how in enumerate(hows):
        fault = Fault(answer.method, answer.route, garbled=how, after_effect=True)
        if answer.slow:
            arxiv.faults.append(ArxivFault("slow", delay=0.4))
        sandbox.faults.add(fault)
        await ada.slash("/paper add", reference=PAPERS[number])
        await finished()
        assert fault.hits == 1, how
        posts = [post for post in channel.messages if PAPERS[number] in str(post.json())]
        assert len(posts) == 1, how
        entry = await bot.app.services.papers.by_card(where, posts[0].id)
        assert entry is not None, how
        assert entry.paper.data.arxiv_id == PAPERS[number]


async def test_an_answer_that_never_arrived_is_given_again(
    ada: Person, sandbox: Sandbox, bot: Bot
) -> None:
    for number, how in enumerate(GARBLED):
        sandbox.faults.add(Fault("POST", CALLBACK, garbled=how))
        reply = await ada.slash("/paper add", reference=PAPERS[number])
        await finished()
        assert not reply.failed, how
        assert len(sandbox.channel("papers").messages) == number + 1


async def test_a_card_that_is_nowhere_to_be_seen_is_not_given_twice(
    ada: Person, sandbox: Sandbox, arxiv: LoopbackArxiv
) -> None:
    """A later message, unlike the first answer, could be there twice."""
    arxiv.faults.append(ArxivFault("slow", delay=0.4))
    sandbox.faults.add(Fault("POST", HOOK, garbled="page"))
    await ada.slash("/paper add", reference=PAPERS[0])
    await finished()
    assert sandbox.channel("papers").messages == []
    assert "SliceOut" in (await ada.slash("/paper list")).text
