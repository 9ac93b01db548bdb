"""The bot with reconciling switched off: it takes nothing that was asked for as made.

It is how the campaign shows that it can fail; nothing else of the bot is changed.
"""

from __future__ import annotations

from typing import NoReturn

from bot.delivery import reconcile
from bot.delivery.context import Desk
from bot.model.outbox import Home, Row


async def not_there(desk: Desk, row: Row, home: Home) -> int | None:
    """Looks nowhere."""
    return None


def main() -> NoReturn:
    """`papertakes`, with `settle.look` replaced."""
    from bot.__main__ import main as papertakes

    reconcile.look = not_there
    papertakes()


if __name__ == "__main__":
    main()
