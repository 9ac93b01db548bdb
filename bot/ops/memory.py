"""Python's garbage collection leaves out what stays in memory to the end."""

from __future__ import annotations

import gc


def freeze_loaded() -> None:
    """Leave out of garbage collection all that is loaded by now.

    Each full collection would go through it and stop everything for a tenth of a second.
    """
    gc.freeze()
