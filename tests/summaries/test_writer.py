"""The queue of summaries, against a loopback model that does all that can go wrong."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from bot.model.paper import Paper, PaperData
from bot.model.summary import SummaryKey
from bot.store import Store, Transaction
from bot.store.queries.papers import ARXIV_SCOPE
from bot.summaries.endpoint import Endpoint, ModelUnavailable
from bot.summaries.writer import TRIES, SummaryWriter
from tests.clock import Clock
from tests.loopback_model import (
    ENGLISH,
    Answer,
    LoopbackModel,
    completion,
    drip,
    flood,
    html,
    nothing_ever,
    status,
)


async def nobody(_tx: Transaction, _paper_id: int) -> None:
    """Nothing shows it."""


async def wanted(store: Store, clock: Clock, count: int = 1) -> list[Paper]:
    """Papers whose summaries are wanted."""
    papers = []
    async with store.begin() as tx:
        for number in range(count):
            name = f"2007.{10_000 + number}"
            data = PaperData(name, "A title", abstract="We show much.", version=1)
            papers.append(await tx.papers.keep(ARXIV_SCOPE, f"https://arxiv.org/abs/{name}", data))
        await tx.summaries.want([SummaryKey.of(one, "en") for one in papers], clock())
    return papers


async def written(store: Store, papers: list[Paper]) -> list[str]:
    async with store.read() as tx:
        return [one.text for one in (await tx.summaries.of(7, papers, "en")).values()]


def writer(store: Store, model: LoopbackModel, clock: Clock, **config: Any) -> SummaryWriter:
    return SummaryWriter(store, Endpoint(model.config(**config)), clock, nobody)


async def all_done(made: SummaryWriter) -> None:
    while await made.run_once():
        pass


@pytest.mark.parametrize("answer", [nothing_ever, drip, flood, html, status(503)])
async def test_an_endpoint_that_fails_costs_a_moment(model: LoopbackModel, answer: Answer) -> None:
    model.answer = answer
    endpoint = Endpoint(model.config(timeout=0.3))
    began = time.monotonic()
    with pytest.raises(ModelUnavailable):
        await endpoint.ask("Do.", "{}")
    assert time.monotonic() - began < 5
    await endpoint.close()


@pytest.mark.parametrize(
    "body", ["[]", "{}", '{"choices": []}', '{"choices": [{"message": {"content": [1]}}]}', "[" * 9]
)
async def test_nonsense_is_no_answer(model: LoopbackModel, body: str) -> None:
    from aiohttp import web

    model.answer = lambda _request: web.Response(text=body, content_type="application/json")
    endpoint = Endpoint(model.config())
    with pytest.raises(ModelUnavailable):
        await endpoint.ask("Do.", "{}")
    await endpoint.close()


async def test_it_is_asked_again_later_and_later(
    store: Store, model: LoopbackModel, clock: Clock
) -> None:
    papers, made = await wanted(store, clock), writer(store, model, clock)
    model.answer = status(500)
    for minutes, asked in ((0, 1), (0.4, 1), (1, 2), (0.5, 2), (2, 3)):
        clock.advance(minutes=minutes)
        await all_done(made)
        assert len(model.asked) == asked
    model.answer = status(429, Retry_After="7200")
    clock.advance(minutes=10)
    await all_done(made)
    model.answer = None
    clock.advance(minutes=119)
    await all_done(made)
    assert len(model.asked) == 4
    clock.advance(minutes=2)
    await all_done(made)
    assert await written(store, papers) == [ENGLISH]
    await made.endpoint.close()


async def test_answers_of_no_use_are_given_up(
    store: Store, model: LoopbackModel, clock: Clock
) -> None:
    papers, made = await wanted(store, clock), writer(store, model, clock)
    model.say = "See https://evil.example for the rest of the paper."
    for _ in range(TRIES + 3):
        await all_done(made)
        clock.advance(hours=2)
    assert len(model.asked) == TRIES
    assert await written(store, papers) == []
    await made.endpoint.close()


async def test_what_is_cut_off_is_not_shown(
    store: Store, model: LoopbackModel, clock: Clock
) -> None:
    papers, made = await wanted(store, clock), writer(store, model, clock)
    model.answer = lambda _request: completion(ENGLISH, "length")
    await all_done(made)
    assert await written(store, papers) == []
    await made.endpoint.close()


async def test_a_days_budget_outlives_a_restart(
    store: Store, model: LoopbackModel, clock: Clock
) -> None:
    papers = await wanted(store, clock, 5)
    for _ in range(2):
        made = writer(store, model, clock, per_day=3)
        await all_done(made)
        await made.endpoint.close()
    assert len(model.asked) == 3
    assert len(await written(store, papers)) == 3
    clock.advance(days=1)
    made = writer(store, model, clock, per_day=3)
    await all_done(made)
    assert len(await written(store, papers)) == 5
    await made.endpoint.close()


async def test_two_at_once_ask_once(store: Store, model: LoopbackModel, clock: Clock) -> None:
    await wanted(store, clock)
    made = writer(store, model, clock)
    await asyncio.gather(all_done(made), all_done(made))
    assert len(model.asked) == 1
    await made.endpoint.close()


async def test_a_host_writes_the_prompt(
    store: Store, model: LoopbackModel, clock: Clock, tmp_path: Path
) -> None:
    file = tmp_path / "prompt.txt"
    file.write_text("Say it for children.", "utf-8")
    await wanted(store, clock)
    made = writer(store, model, clock, prompt=file)
    await all_done(made)
    assert model.asked[0].system == "Say it for children.\n\nAnswer in English."
    assert model.asked[0].data == {"title": "A title", "abstract": "We show much."}
    await made.endpoint.close()


async def test_one_server_throws_away_for_itself_alone(
    store: Store, model: LoopbackModel, clock: Clock
) -> None:
    papers, made = await wanted(store, clock), writer(store, model, clock)
    await all_done(made)
    async with store.begin() as tx:
        await tx.summaries.discard(8, SummaryKey.of(papers[0], "en"))
    assert await written(store, papers) == [ENGLISH]
    async with store.read() as tx:
        assert await tx.summaries.of(8, papers, "en") == {}
        assert await tx.summaries.unknown(8, papers, "en") == []
    await made.endpoint.close()
