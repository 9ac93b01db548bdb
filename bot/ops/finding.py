"""What one of the doctor's checks found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; `advice` says what to do where it is not `well`."""

    check: str
    well: bool
    found: str
    advice: str = ""

    def __str__(self) -> str:
        line = f"{'ok  ' if self.well else 'FAIL'}  {self.check}: {self.found}"
        return f"{line}; {self.advice}" if self.advice else line
