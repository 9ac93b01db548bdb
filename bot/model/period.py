"""Which period a person names, before it is looked for among a channel's digests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Running:
    """The period that runs: its digest is still to come."""


@dataclass(frozen=True, slots=True)
class Last:
    """The one before."""


@dataclass(frozen=True, slots=True)
class Days:
    """The one of a day, or of the days from `first` to `last`."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Number:
    """That of the digest with this serial number."""

    number: int


@dataclass(frozen=True, slots=True)
class Title:
    """Nothing of these; perhaps a digest's title."""

    words: str


NamedPeriod: TypeAlias = Running | Last | Days | Number | Title
