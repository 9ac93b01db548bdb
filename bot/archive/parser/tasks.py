"""What Logseq and other outliners write of their own beside somebody's words: tasks, properties."""

from __future__ import annotations

import re
from typing import Final

TASK: Final = (
    r"(?:(?:\[[ xX/-]\]|TODO|DOING|DONE|LATER|NOW|WAITING|WAIT|IN-PROGRESS|CANCELL?ED|\[#[A-C]\])"
    r"[ \t]+)"
)
"""A box to tick, a word that says how far a task is, its priority: before a bullet's text."""
_OWN: Final = re.compile(
    r"(?:[-*+•][ \t]+)?(?:(?:collapsed|id|logseq\.[\w.-]+|background-color|heading)::[ \t]*[^\s]*"
    r"|\{\{(?:embed|query|renderer)\b[^{}]*\}\})"
)


def is_outliners(text: str) -> bool:
    """Whether a line is nobody's words: `collapsed:: true`, `{{embed ((…))}}`."""
    return _OWN.fullmatch(text) is not None
