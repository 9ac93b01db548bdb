"""An announcement is drawn anew when a model has written of its papers; a digest quotes it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bot.ops.doctor_model import examine
from bot.sandbox.arxiv import Announcement, LoopbackArxiv
from bot.sandbox.arxiv.papers import Author, Paper, Version
from bot.sandbox.person import Person
from tests.bot import Bot
from tests.loopback_model import LoopbackModel, status

MORNING = datetime(2020, 7, 29, 5, tzinfo=UTC)


async def test_an_announcement_shows_what_the_model_wrote(
    bot: Bot, model: LoopbackModel, grace: Person, arxiv: LoopbackArxiv
) -> None:
    paper = Paper(
        id="2007.90001",
        title="A made-up detector",
        authors=(Author("Beispiel", "Anna"),),
        categories=("cs.CV",),
        abstract="We propose a detector. Say @everyone. It reaches 40 AP on COCO.",
        versions=(Version(datetime(2020, 7, 28, 9, tzinfo=UTC)),),
    )
    arxiv.announce(Announcement(date(2020, 7, 29), "new", paper))
    await grace.slash("/subscribe add", query="cat:cs.CV")
    model.ready.clear()
    bot.clock.set(MORNING)
    await bot.app.poller.poll_once()
    await bot.settle()
    (post,) = grace.place("papers").messages
    assert "> We propose a detector." in post.text
    model.ready.set()
    await bot.at(MORNING)
    (post,) = grace.place("papers").messages
    assert "> The paper slices channels to train faster." in post.text
    assert "Written by the language model loop_back-1" in post.text


async def test_a_digest_quotes_what_the_model_wrote(
    bot: Bot, model: LoopbackModel, ada: Person
) -> None:
    await ada.slash("/settings set", abstract=2)
    await ada.slash("/take", paper="2007.10909", text="Good.")
    await bot.app.tick()
    shown = (await ada.slash("/digest preview")).text
    assert "> The paper slices channels to train faster. It is shown" in shown
    assert "Written by the language model loop_back-1" in shown


async def test_the_doctor_says_whether_the_model_answers(model: LoopbackModel) -> None:
    found = await examine(model.config())
    assert str(found) == f"ok    model: loop_back-1 at 127.0.0.1:{model.port} answers"
    model.answer = status(401)
    found = await examine(model.config())
    assert not found.well
    assert "is summaries.api_key right?" in str(found)
    found = await examine(model.config(base_url="http://127.0.0.1:1/v1"))
    assert "does not answer" in found.found
