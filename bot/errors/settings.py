"""What can be wrong with a value of a channel's settings."""

from __future__ import annotations

from bot.errors.base import PersonError


class BadTimeZone(PersonError):
    """`typed`; `suggestion`: the nearest name."""

    key = "error.settings.time_zone"


class AmbiguousTimeZone(PersonError):
    """`typed`: an abbreviation or a country; `choices`: zones that can be meant by it."""

    key = "error.settings.time_zone.which"


class BadTime(PersonError):
    """`typed`: no time of day."""

    key = "error.settings.time"


class BadWeekday(PersonError):
    """`typed`: no weekday."""

    key = "error.settings.weekday"


class BadInterval(PersonError):
    """`typed`; `high`: the most weeks."""

    key = "error.settings.every"


class BadChoice(PersonError):
    """`typed`; `choices`: the values that there are."""

    key = "error.settings.choice"


class BadLanguage(PersonError):
    """`typed`; `languages`: those that there are."""

    key = "error.settings.language"


class BadTitle(PersonError):
    """`typed`, `reason`: a title template that cannot be filled."""

    key = "error.settings.title"


class BadNumber(PersonError):
    """`typed`, `low`, `high`."""

    key = "error.settings.number"


class NothingToSet(PersonError):
    """`/settings set` without an option."""

    key = "error.settings.nothing"
