"""Rate limits in real time: a bucket for each route and channel, and one for everything.

What Discord allows is not published; these numbers are what bots see. Clients must read the
headers.
"""

import hashlib
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.errors import Json

Rate = tuple[int, float]
"""Requests, and the seconds in which they may be made."""


@dataclass(frozen=True, slots=True)
class RateLimits:
    """`routes`: rates of `METHOD /template`; `usual` for the others; `overall` requests a second
    of a bot.

    `old_edits` is the rate of edits to messages older than an hour, a channel (error 30046).
    `invalid` answers of 401, 403 and 429 in ten minutes bar the address.
    """

    enabled: bool = True
    routes: dict[str, Rate] = field(
        default_factory=lambda: {
            "POST /channels/{channel_id}/messages": (5, 5.0),
            "PATCH /channels/{channel_id}/messages/{message_id}": (5, 5.0),
            "DELETE /channels/{channel_id}/messages/{message_id}": (5, 1.0),
            "POST /channels/{channel_id}/messages/bulk-delete": (1, 3.0),
            "POST /channels/{channel_id}/typing": (5, 5.0),
            "PUT /channels/{channel_id}/messages/{message_id}/reactions/{emoji}/@me": (1, 0.25),
        }
    )
    usual: Rate = (20, 5.0)
    overall: int = 50
    old_edits: Rate = (3, 20.0)
    invalid: int = 10_000

    @classmethod
    def off(cls) -> "RateLimits":
        """No limit but the headers, for tests that are about something else."""
        return cls(enabled=False)


@dataclass(slots=True)
class _Window:
    used: int = 0
    ends: float = 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Headers for the answer, and the body of a 429 if there is to be one (`via`: not for a
    barred address).
    """

    headers: dict[str, str]
    refusal: Json | None = None


class RateLimiter:
    def __init__(self, limits: RateLimits, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits
        self._now = monotonic
        self._windows: dict[tuple[str, str], _Window] = {}
        self._recent: deque[float] = deque()
        self._invalid: deque[float] = deque()
        self._old_edits: dict[int, deque[float]] = {}
        self.refused = 0

    def take(self, method: str, template: str, major: str, *, counted: bool = True) -> Verdict:
        """One request of a route for a channel (or guild, or webhook); `counted`: towards the
        overall limit.
        """
        name = f"{method} {template}"
        many, seconds = self.limits.routes.get(name, self.limits.usual)
        if counted and self.limits.enabled and (wait := self._overall()) > 0:
            headers = {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
            return self._refusal(headers, wait, everywhere=True)
        window = self._windows.setdefault((name, major), _Window())
        now = self._now()
        if now >= window.ends:
            window.used, window.ends = 0, now + seconds
        left = window.ends - now
        exhausted = window.used >= many
        if not self.limits.enabled:
            exhausted, window.used = False, 0
        window.used += not exhausted
        headers = {
            "X-RateLimit-Limit": str(many),
            "X-RateLimit-Remaining": str(max(many - window.used, 0)),
            "X-RateLimit-Reset": f"{time.time() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": hashlib.md5(name.encode(), usedforsecurity=False).hexdigest(),
        }
        if exhausted:
            return self._refusal(headers | {"X-RateLimit-Scope": "user"}, left)
        return Verdict(headers)

    def _overall(self) -> float:
        now = self._now()
        while self._recent and now - self._recent[0] >= 1:
            self._recent.popleft()
        if len(self._recent) >= self.limits.overall:
            return 1 - (now - self._recent[0])
        self._recent.append(now)
        return 0

    def _refusal(
        self, headers: dict[str, str], wait: float, *, everywhere: bool = False
    ) -> Verdict:
        self.refused += 1
        body: Json = {
            "message": "You are being rate limited.",
            "retry_after": round(wait, 3),
            "global": everywhere,
        }
        return Verdict(headers | {"Retry-After": f"{wait:.3f}", "Via": "1.1 google"}, body)

    def old_edit(self, channel_id: int) -> Verdict | None:
        """An edit of a message older than an hour: None, or the refusal with code 30046."""
        if not self.limits.enabled:
            return None
        many, seconds = self.limits.old_edits
        recent = self._old_edits.setdefault(channel_id, deque())
        now = self._now()
        while recent and now - recent[0] >= seconds:
            recent.popleft()
        if len(recent) < many:
            recent.append(now)
            return None
        verdict = self._refusal({"X-RateLimit-Scope": "shared"}, seconds - (now - recent[0]))
        message = "Maximum number of edits to messages older than 1 hour reached. Try again later"
        assert verdict.refusal is not None
        return Verdict(verdict.headers, verdict.refusal | {"message": message, "code": 30046})

    def count_invalid(self, status: int) -> None:
        """Notes an answer of 401, 403 or 429."""
        if status in (401, 403, 429):
            self._invalid.append(self._now())

    @property
    def barred(self) -> bool:
        """Whether this address has asked too often for what it may not have."""
        now = self._now()
        while self._invalid and now - self._invalid[0] >= 600:
            self._invalid.popleft()
        return len(self._invalid) >= self.limits.invalid
