"""Names close to one that is not there."""

import difflib
from collections.abc import Iterable


def near(wanted: str, known: Iterable[str]) -> str:
    """` (did you mean X?)` for the name that is meant most likely; empty where none is close."""
    names = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(wanted.casefold(), names, n=1)
    return f" (did you mean {names[close[0]]}?)" if close else ""
