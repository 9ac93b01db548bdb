"""Rate limits: headers, real 429s, and a client that keeps to them."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.sandbox import RateLimits, Sandbox
from bot.sandbox.ratelimit import RateLimiter
from tests.sandbox.api import Api
from tests.sandbox.bots import running
from tests.sandbox.club import Club

ROUTE = "POST /channels/{channel_id}/messages"


@pytest.fixture
async def limited() -> AsyncIterator[Sandbox]:
    server = Sandbox(limits=RateLimits(routes={ROUTE: (2, 0.3)}))
    await server.start()
    yield server
    await server.stop()


async def test_headers_and_429(limited: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        api = Api(limited, session)
        path = f"/channels/{api.papers}/messages"
        answers = [await api("POST", path, {"content": "x"}) for _ in range(3)]
    assert [a.status for a in answers] == [200, 200, 429]
    assert [a.headers["X-RateLimit-Remaining"] for a in answers] == ["1", "0", "0"]
    refused = answers[-1]
    assert refused.headers["Via"]
    assert refused.headers["X-RateLimit-Limit"] == "2"
    assert 0 < float(refused.headers["X-RateLimit-Reset-After"]) <= 0.3
    assert refused.body["message"] == "You are being rate limited."
    assert refused.body["global"] is False
    assert 0 < refused.body["retry_after"] <= 0.3


async def test_the_client_library_never_meets_a_429(limited: Sandbox) -> None:
    club = Club()
    async with running(limited, club):
        await limited.ready()
        channel = club.get_channel(limited.channel("papers").id)
        for number in range(6):
            await channel.send(str(number))
    assert [p.text for p in limited.channel("papers").messages] == list("012345")
    assert limited.limiter.refused == 0


def test_the_overall_limit_and_the_bar() -> None:
    now = [100.0]
    limiter = RateLimiter(RateLimits(overall=3, invalid=2), lambda: now[0])
    for number in range(3):
        assert limiter.take("GET", "/x", str(number)).refusal is None
    refused = limiter.take("GET", "/x", "9")
    assert refused.refusal is not None
    assert refused.refusal["global"] is True
    assert refused.headers["X-RateLimit-Global"] == "true"
    assert limiter.take("GET", "/x", "9", counted=False).refusal is None
    now[0] += 1
    assert limiter.take("GET", "/x", "9").refusal is None
    limiter.count_invalid(403)
    assert not limiter.barred
    limiter.count_invalid(429)
    assert limiter.barred
    now[0] += 601
    assert not limiter.barred
