"""The whole bot beside a loopback model."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.sandbox import Sandbox
from bot.sandbox.arxiv import LoopbackArxiv
from tests.bot import Bot
from tests.clock import Clock
from tests.loopback_model import LoopbackModel


@pytest.fixture
async def model() -> AsyncIterator[LoopbackModel]:
    async with LoopbackModel() as made:
        yield made


@pytest.fixture
async def bot(
    sandbox: Sandbox, arxiv: LoopbackArxiv, model: LoopbackModel, database_url: str, clock: Clock
) -> AsyncIterator[Bot]:
    made = Bot(sandbox, arxiv, database_url, clock)
    made.settings = model.settings(made.settings, timeout=30.0, per_day=20)
    await made.start()
    yield made
    await made.stop()
