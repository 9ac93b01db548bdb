"""Something else than Discord answers, or Discord does not know us for a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from bot.sandbox import GARBLED, Fault, Garbled
from tests.campaign.answers import ROUTES, answered
from tests.campaign.stage import Stage
from tests.campaign.trial import Trial

UNAUTHORISED = {"message": "401: Unauthorized", "code": 0}
ME = "/users/@me"
COMMANDS = "/applications/*/commands"
LAST = 5
"""Requests of which the strike may come at any."""


def garbled(how: Garbled) -> Sequence[Trial]:
    """An answer of success that does not say what it should, whether it was done or not."""
    made = answered(f"{how}, made", deaf=True, garbled=how, after_effect=True)
    not_made = answered(f"{how}, not made", garbled=how)
    return made, not_made


def everything(name: str, **how: Any) -> Trial:
    """From some request on, all that is asked of channels meets a fault for a while."""

    async def play(stage: Stage) -> None:
        # The wait after each is twice as long.
        skip, times = stage.rng.randint(0, LAST), stage.rng.randint(1, 4)
        hit = stage.fault(Fault("*", "/channels/*", skip=skip, times=times, **how))
        await stage.finish()
        assert hit.hits == times, "not everything was hit"

    return Trial(name, play, slow=True)


def refused_for_a_moment(name: str, *before_login: dict[str, Any]) -> Trial:
    """401 to some requests; the login is asked about, and what answers first may be nonsense."""

    async def play(stage: Stage) -> None:
        skip, times = stage.rng.randint(0, LAST), stage.rng.randint(1, 3)
        hit = Fault("POST", ROUTES[1], skip=skip, times=times, status=401, body=UNAUTHORISED)
        stage.fault(hit)
        process = await stage.start()
        await stage.until(lambda: hit.hits > 0)
        for how in before_login:
            stage.fault(Fault("GET", ME, **how))
        await stage.finish()
        assert process.alive, "one 401 has ended it"

    return Trial(name, play)


async def at_login(stage: Stage) -> None:
    """Pages and nonsense at login, at the gateway and while commands are registered."""
    hows = stage.rng.sample(GARBLED, 3)
    hits = [stage.fault(Fault("GET", ME, garbled=how)) for how in hows if how != "another"]
    hits.append(stage.fault(Fault("GET", COMMANDS, times=2, garbled="page")))
    hits.append(stage.fault(Fault("GET", "/gateway/bot", garbled="cut short")))
    stage.sandbox.faults.gateway.pages = stage.rng.randint(0, 1)
    process = await stage.start()
    await stage.finish()
    assert process.alive, "weather has ended it"
    assert all(fault.hits for fault in hits), "not everything was hit"


def sessions(name: str, strike: Callable[[Stage], object]) -> Trial:
    """Something happens to the gateway's session while what it would echo is under way."""

    async def play(stage: Stage) -> None:
        at = stage.rng.randint(1, LAST)
        stage.fault(Fault("POST", ROUTES[1], skip=at, times=2, drop="after"))
        process = await stage.start()
        await process.says("discord.ready")
        await asyncio.sleep(stage.rng.uniform(0, 0.3))
        strike(stage)
        await stage.finish()
        assert process.alive, "it has ended"

    return Trial(name, play)


def never_connected(code: int) -> Trial:
    """The gateway does not take the bot as it is: what is owed is posted all the same."""

    async def play(stage: Stage) -> None:
        stage.sandbox.faults.gateway.closing = [code] * 100
        at = stage.rng.randint(0, LAST)
        stage.fault(Fault("POST", ROUTES[1], skip=at, drop="after"))
        process = await stage.start()
        await stage.finish()
        assert process.alive, "it has ended"
        assert stage.sandbox.sessions.identifies <= 3, "a storm of sessions"

    return Trial(f"closed with {code} always", play)


TRIALS: Sequence[Trial] = (
    *(trial for how in GARBLED for trial in garbled(how)),
    everything("403 of a proxy", status=403, garbled="page"),
    everything("403 of a proxy, made", status=403, garbled="page", after_effect=True),
    everything("404 of a proxy", status=404, garbled="page"),
    everything("520", status=520, garbled="page"),
    everything("pages for everything", garbled="page"),
    refused_for_a_moment("401"),
    refused_for_a_moment(
        "401, pages at login", {"garbled": "page"}, {"status": 401, "garbled": "page"}
    ),
    Trial("nonsense at login", at_login),
    sessions("session lost", lambda stage: stage.sandbox.faults.gateway.lose_sessions()),
    sessions("closed with 4000", lambda stage: stage.sandbox.faults.gateway.drop(4000)),
    never_connected(4011),
    never_connected(4004),
    never_connected(4000),
)
