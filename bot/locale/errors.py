"""What a person did wrong, in the words of the command line and of other programs."""

from __future__ import annotations

from datetime import datetime

from bot.errors import PersonError
from bot.locale.texts import speak


def in_english(error: PersonError) -> str:
    """The error in English, moments by the clock that they were given in."""
    shown = {
        name: f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value
        for name, value in error.params.items()
    }
    return speak("en")(error.key, **shown)
