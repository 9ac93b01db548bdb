"""Dates and times in words."""

from __future__ import annotations

from bot.digest.periods import Coming
from bot.locale import Texts


def coming_line(coming: Coming, say: Texts) -> str:
    """When the next digest is due, and which one is skipped before it."""
    due = coming.due
    line = say("settings.next", when=say.moment(due), distance=say.distance(due))
    if coming.skipped is None:
        return line
    return f"{line}; {say('settings.next.skipped', when=say.moment(coming.skipped))}"
