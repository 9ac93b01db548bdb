"""What happens on the server while the digest is being posted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from bot.model.outbox import OutboxState
from bot.sandbox import Fault, Permission
from tests.campaign.moments import Phase
from tests.campaign.stage import Stage
from tests.campaign.trial import Trial, Where

BOT = "Papertakes"
MINUTES = 60.0
REFUSED = 16 * MINUTES
"""After so long what was refused is tried again."""


def _middle(stage: Stage) -> int:
    """A request in the thread's middle: the starter and the thread are there."""
    return stage.rng.randint(3, 6)


def _in_thread(stage: Stage) -> int:
    assert stage.thread is not None
    return stage.thread.id


async def archived(stage: Stage) -> None:
    """Archived: writing reopens it."""
    stage.strike(
        _middle(stage), Phase.ANSWERED, lambda: stage.sandbox.admin.archive(_in_thread(stage))
    )
    await stage.finish()


async def locked(stage: Stage) -> None:
    """Archived and locked, so that the bot may not write; opened again later."""

    def lock() -> None:
        stage.sandbox.admin.archive(_in_thread(stage))
        stage.sandbox.admin.lock(_in_thread(stage))

    # Who may manage threads may write in locked ones.
    stage.sandbox.admin.set_overwrite(stage.channel.id, BOT, deny=Permission.MANAGE_THREADS)
    stage.strike(_middle(stage), Phase.MADE, lock)
    await stage.held_up()
    stage.sandbox.admin.lock(_in_thread(stage), False)
    await stage.time_passes(REFUSED)
    await stage.finish()


def withdrawn(permission: Permission, where: Where) -> Trial:
    """Withdrawn in the middle: the lane is held; given back, it goes on."""

    async def play(stage: Stage) -> None:
        admin, channel = stage.sandbox.admin, stage.channel.id
        at = stage.rng.randint(1, 6) if permission & Permission.VIEW_CHANNEL else _middle(stage)
        if permission & Permission.SEND_MESSAGES:
            at = 0
            admin.set_overwrite(channel, BOT, deny=permission)
        stage.strike(at, Phase.MADE, lambda: admin.set_overwrite(channel, BOT, deny=permission))
        await stage.held_up()
        # Held means left alone: nothing is asked for while nobody does anything.
        held = await stage.attempts()
        await stage.time_passes(5 * MINUTES)
        assert await stage.attempts() == held, "asked for again and again"
        admin.clear_overwrites(channel)
        await stage.time_passes(REFUSED)
        await stage.finish()

    return Trial(f"withdrawn: {permission.name}".lower().replace("_", " "), play, where, told=1)


async def starter_deleted(stage: Stage) -> None:
    """Before its thread was made, or right after."""

    def delete() -> None:
        stage.remove(stage.channel.messages[0])

    at, phase = stage.rng.choice([(1, Phase.MADE), (2, Phase.MADE), (4, Phase.ANSWERED)])
    stage.strike(at, phase, delete)
    await stage.finish()


def deleted(name: str, fault: Callable[[int], Fault] | None) -> Trial:
    """A moderator deletes a message as soon as it is there, before the bot knows that it is."""

    async def play(stage: Stage) -> None:
        at = _middle(stage)
        if fault is not None:
            stage.sandbox.faults.gateway.mute()
            stage.fault(fault(at))

        def delete() -> None:
            thread = stage.thread
            assert thread is not None
            stage.remove(thread.messages[-1])

        stage.strike(at, Phase.MADE, delete)
        await stage.finish(timelapse=fault is None)

    return Trial(name, play)


def _dropped(at: int) -> Fault:
    return Fault("POST", "*", skip=at - 1, drop="after")


def _answered_502(at: int) -> Fault:
    return Fault("POST", "*", skip=at - 1, status=502, after_effect=True)


async def channel_deleted(stage: Stage) -> None:
    """Nothing can be done: held, told once, and given up after two weeks."""
    at = stage.rng.randint(1, 6)
    stage.strike(at, Phase.MADE, lambda: stage.sandbox.admin.delete_channel(stage.channel))
    await stage.held_up()
    await stage.time_passes(timedelta(days=15).total_seconds())
    await stage.finish()


async def thread_deleted(stage: Stage) -> None:
    """Whoever deleted it did not want the rest."""
    at = _middle(stage)
    stage.strike(at, Phase.ANSWERED, lambda: stage.sandbox.admin.delete_channel(_in_thread(stage)))
    await stage.finish()


async def killed_and_deleted(stage: Stage) -> None:
    """Killed before it heard of a message that was deleted before it could look."""
    at = _middle(stage)

    def strike() -> None:
        for process in stage.processes:
            process.kill()
        assert stage.thread is not None
        stage.remove(stage.thread.messages[-1])

    stage.strike(at, Phase.MADE, strike)
    await stage.finish()


TRIALS: Sequence[Trial] = (
    Trial("thread archived", archived),
    Trial("thread locked", locked, told=1),
    withdrawn(Permission.VIEW_CHANNEL, Where.ANY),
    withdrawn(Permission.SEND_MESSAGES, Where.ANY),
    withdrawn(Permission.SEND_MESSAGES_IN_THREADS, Where.ANY),
    Trial("starter deleted", starter_deleted, Where.TEXT),
    deleted("message deleted", None),
    deleted("message deleted, 502", _answered_502),
    deleted("message deleted, dropped", _dropped),
    Trial("message deleted, killed", killed_and_deleted),
    Trial("channel deleted", channel_deleted, ending=OutboxState.CANCELLED, told=1),
    Trial("thread deleted", thread_deleted, ending=OutboxState.CANCELLED, told=1),
)
