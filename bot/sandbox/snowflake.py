"""Discord's ids: 64-bit numbers that sort by the time they were made."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]

DISCORD_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def from_time(when: datetime) -> int:
    """The smallest id of the millisecond that `when` (aware) falls in."""
    return max((when - DISCORD_EPOCH) // _MILLISECOND, 0) << 22


def to_time(snowflake: int) -> datetime:
    """When the id was made, aware UTC, to the millisecond."""
    return DISCORD_EPOCH + (snowflake >> 22) * _MILLISECOND


def to_iso(when: datetime) -> str:
    """A timestamp as Discord writes it: `2020-07-26T12:00:00.000000+00:00`."""
    return when.astimezone(UTC).isoformat(timespec="microseconds")


class Snowflakes:
    """Makes ids that never repeat and always grow, also when the clock stands or jumps back."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> int:
        self._last = max(from_time(self._clock()), self._last + 1)
        return self._last
