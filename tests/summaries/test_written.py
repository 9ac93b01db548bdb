"""Summaries that a model writes, and what people see of them."""

from __future__ import annotations

import pytest

from bot.sandbox.person import Person
from bot.sandbox.reply import Reply
from tests.bot import Bot
from tests.loopback_model import KEY, LoopbackModel, html, status

PAPER = "2007.10909"


async def summary(person: Person) -> Reply:
    return await person.slash("/paper summary", paper=PAPER)


async def test_a_written_summary_takes_the_place_of_the_abstracts_sentences(
    bot: Bot, model: LoopbackModel, grace: Person
) -> None:
    await grace.slash("/paper add", reference=PAPER)
    model.ready.clear()
    first = await summary(grace)
    assert "We demonstrate 10" in first.text
    assert "a summary by a language model is on its way" in first.text
    model.ready.set()
    await bot.app.tick()
    then = await summary(grace)
    assert "slices channels to train faster" in then.text
    assert "Written by the language model loop_back-1" in then.text
    assert "We demonstrate" not in then.text
    assert then.buttons == []  # only who manages the channel throws it away
    [asked] = model.asked
    assert asked.headers["Authorization"] == f"Bearer {KEY}"
    assert asked.headers["User-Agent"].startswith("papertakes/")
    assert asked.body["model"] == "loop_back-1"
    assert set(asked.data) == {"title", "abstract"}
    assert "English" in asked.system
    await summary(grace)
    await bot.app.tick()
    assert len(model.asked) == 1


async def test_it_is_in_the_channels_language(
    bot: Bot, model: LoopbackModel, ada: Person, minji: Person
) -> None:
    await minji.slash("/paper add", reference=PAPER)
    await ada.slash("/settings set", language="ko")
    model.ready.clear()
    assert "언어 모델이 쓴 요약을 준비하고 있어요" in (await summary(minji)).text
    model.ready.set()
    await bot.app.tick()
    reply = await summary(minji)
    assert "채널을 잘라 학습 속도를 높인다" in reply.text
    assert "이(가) 쓴 요약" in reply.text
    await ada.slash("/settings set", language="en")
    assert "We demonstrate 10" in (await summary(ada)).text


async def test_a_moderator_throws_one_away_for_good(
    bot: Bot, model: LoopbackModel, ada: Person, grace: Person
) -> None:
    await grace.slash("/paper add", reference=PAPER)
    await summary(grace)
    await bot.app.tick()
    shown = await summary(ada)
    after = await ada.press(shown, "Throw this summary away")
    assert "We demonstrate 10" in after.text
    assert after.buttons == []
    await bot.app.tick()
    for person in (ada, grace):
        said = (await summary(person)).text
        assert "We demonstrate 10" in said
        assert "on its way" not in said
    await bot.app.tick()
    assert len(model.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [html, status(500), status(401), status(429, Retry_After="60"), status(302, Location="/v1")],
    ids=["html", "500", "401", "429", "302"],
)
async def test_without_an_answer_the_abstracts_sentences_stand(
    bot: Bot, model: LoopbackModel, grace: Person, answer: object
) -> None:
    model.answer = answer  # type: ignore[assignment]
    await grace.slash("/paper add", reference=PAPER)
    await summary(grace)
    await bot.app.tick()
    await bot.app.tick()
    assert len(model.asked) == 1  # it is left alone for a while
    assert "We demonstrate 10" in (await summary(grace)).text
    model.answer = None
    bot.clock.advance(minutes=3)
    await bot.app.tick()
    assert "slices channels" in (await summary(grace)).text


async def test_no_key_is_shown_or_logged(
    bot: Bot, model: LoopbackModel, grace: Person, capfd: pytest.CaptureFixture[str]
) -> None:
    model.answer = status(401)
    await grace.slash("/paper add", reference=PAPER)
    await summary(grace)
    await bot.app.tick()
    refused = await grace.slash("/paper explain", paper=PAPER, question="What is new?")
    assert "does not answer" in refused.text
    said = capfd.readouterr()
    assert "model.silent" in said.out + said.err
    assert KEY not in said.out + said.err + refused.text
