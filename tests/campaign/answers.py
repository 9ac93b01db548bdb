"""What Discord answers, or does not: the bot is up all the time and must find out for itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.sandbox import Fault
from tests.campaign.stage import Stage
from tests.campaign.trial import Trial

ROUTES = ("/channels/{channel_id}/messages", "/channels/{channel_id}/*")
"""Of messages; of messages and threads."""
CREATE_THREAD = "*/threads"
EDIT_MESSAGE = "/channels/{channel_id}/messages/{message_id}"


def answered(name: str, *, deaf: bool = False, slow: bool = False, **how: Any) -> Trial:
    """Some requests meet a fault. `deaf`: no echo comes from the gateway either."""
    memory = timedelta(0) if "forgotten" in name else timedelta(minutes=5)

    async def play(stage: Stage) -> None:
        if deaf:
            stage.sandbox.faults.gateway.mute()
        times = 1 if slow else stage.rng.randint(1, 3)
        route = stage.rng.choice(ROUTES)
        hit = stage.fault(Fault("POST", route, skip=stage.rng.randint(0, 4), times=times, **how))
        opening = stage.fault(Fault("POST", CREATE_THREAD, **how))
        await stage.finish()
        assert hit.hits + opening.hits > 0, "nothing was hit"

    return Trial(name, play, nonce_memory=memory, slow=slow)


async def history_away(stage: Stage) -> None:
    """A message's outcome is unknown, and what could tell is away for a while too."""
    stage.sandbox.faults.gateway.mute()
    stage.fault(Fault("POST", "*", skip=stage.rng.randint(0, 4), times=3, drop="after"))
    stage.fault(Fault("GET", "/channels/{channel_id}/messages", times=2, status=500))
    stage.fault(Fault("GET", "*/threads/*", times=2, drop="before"))
    await stage.finish()


async def edits(stage: Stage) -> None:
    """The edit of the list of papers fails, in this way and that."""
    how: list[dict[str, Any]] = [{"status": 502}, {"drop": "after"}, {"status": 429}]
    stage.rng.shuffle(how)
    hits = [stage.fault(Fault("PATCH", EDIT_MESSAGE, **one)) for one in how]
    await stage.finish()
    assert all(fault.hits for fault in hits), "nothing was hit"


async def gateway_dropped(stage: Stage) -> None:
    """The gateway goes away with what it would have echoed, while answers fail."""
    gateway = stage.sandbox.faults.gateway
    at = stage.rng.randint(2, 6)
    stage.fault(Fault("POST", "*", skip=at - 1, times=2, drop="after"))

    def drop() -> None:
        gateway.refuse(1)
        gateway.drop()

    process = await stage.start()
    await process.says("discord.ready")
    drop()
    await stage.finish()


def limited(name: str, *, everywhere: bool) -> Trial:
    """429 with a time to wait, of a bucket or of everything."""

    async def play(stage: Stage) -> None:
        seconds = round(stage.rng.uniform(0.2, 1.5), 3)
        body = {
            "message": "You are being rate limited.",
            "retry_after": seconds,
            "global": everywhere,
        }
        skip, times = stage.rng.randint(0, 5), stage.rng.randint(1, 3)
        hit = Fault("POST", ROUTES[1], skip=skip, times=times, status=429, retry_after=seconds)
        hit.body = body
        stage.fault(hit)
        await stage.finish()
        assert hit.hits == times, "nothing was hit"

    return Trial(name, play)


TRIALS: Sequence[Trial] = (
    *(answered(f"{status}", status=status) for status in (500, 502, 503, 504)),
    *(
        answered(f"{status}, made", deaf=True, status=status, after_effect=True)
        for status in (500, 502, 503, 504)
    ),
    limited("429, bucket", everywhere=False),
    limited("429, everywhere", everywhere=True),
    answered("dropped", drop="before"),
    answered("dropped, made", deaf=True, drop="after"),
    answered("dropped, made, echoed", drop="after"),
    answered("dropped, made, nonces forgotten", deaf=True, drop="after"),
    answered("no answer", deaf=True, slow=True, hang=True),
    answered("no answer, made", deaf=True, slow=True, hang=True, after_effect=True),
    answered("no answer, made, echoed", hang=True, after_effect=True),
    answered("made after the timeout", deaf=True, slow=True, delay=17.0),
    answered("made late", delay=2.5),
    Trial("edits refused", edits),
    Trial("history away", history_away),
    Trial("gateway dropped", gateway_dropped),
)
