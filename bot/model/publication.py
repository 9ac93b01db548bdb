"""How far an archive is published at one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Publication:
    """`up_to`: when the newest digest was posted that is there; `trouble`: why the last try failed,
    `tries`: how many have failed since one did not."""

    where: str
    up_to: datetime | None
    commit: str | None
    published_at: datetime | None
    tried_at: datetime | None
    tries: int
    trouble: str | None
