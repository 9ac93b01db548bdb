"""Numbers that come as text: ids of the database and of Discord, and counts that people type."""

from __future__ import annotations

LARGEST_ID = 2**63 - 1
"""What both databases keep in a BIGINT; Discord's snowflakes stay below it too."""
_DIGITS = len(str(LARGEST_ID))


def parse_id(text: str) -> int | None:
    """The id that a text is, from 1 to LARGEST_ID, in plain digits; None for anything else."""
    number = parse_number(text)
    return number if number and number <= LARGEST_ID else None


def parse_number(text: str) -> int | None:
    """The number that a text of plain digits is; None for any other text, and for one so long that
    nothing here counts so far. (Python refuses to read numbers of more than 4,300 digits.)"""
    if not text.isascii() or not text.isdigit() or len(text) > _DIGITS:
        return None
    return int(text)
