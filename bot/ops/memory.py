"""When Python looks for objects that refer to one another in circles: seldom."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_NEW_OBJECTS: Final = 50_000
"""More than a day of arXiv makes: none of them is in a circle, and with Python's own 700 the
search goes through them dozens of times."""


def settle() -> None:
    """To be called once everything is loaded.

    What is there by now stays to the end. Left out of the full rounds, it no longer makes each of
    them stop everything for a tenth of a second.
    """
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)


@contextmanager
def uncollected() -> Iterator[None]:
    """No search meanwhile, for what makes far more than that."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
