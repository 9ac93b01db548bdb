"""How the loopback arXiv misbehaves on demand, and what it remembers of each request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

Route = Literal["query", "feed", "oai"]

Misbehaviour = Literal[
    "error entry",
    "empty page",
    "nothing",
    "429",
    "500",
    "503",
    "first byte timeout",
    "truncated",
    "cut",
    "hang",
    "reset",
    "slow",
    "wrong type",
    "html",
]
"""What can go wrong:

- `error entry`: status 400 with the query API's feed of one entry titled Error
- `empty page`: a page without entries though totalResults is not 0 (query; elsewhere like
  `nothing`)
- `nothing`: a well-formed answer that says there is nothing: totalResults 0, a feed without items,
  noRecordsMatch, idDoesNotExist
- `429`, `500`, `503`: that status, the first and last with Retry-After if `retry_after` is given
- `first byte timeout`: the CDN's 503 in HTML with `Retry-After: 0`
- `truncated`: the first half of the document, as if it were whole; `cut`: the connection ends in
  the middle of the body
- `hang`: no answer until the client gives up; `reset`: the connection is reset; `slow`: the right
  answer, `delay` seconds late
- `wrong type`: the right document called text/html; `html`: status 200 and a page of HTML
"""

MISBEHAVIOURS: Final[tuple[str, ...]] = get_args(Misbehaviour)


@dataclass(slots=True)
class Request:
    """One request as the server saw it. `started` and `ended` are seconds of the server's timer."""

    route: Route | None
    method: str
    path: str
    parameters: Mapping[str, str]
    headers: Mapping[str, str]
    at: datetime
    """The server's clock when the request came."""
    started: float
    together: int
    """How many requests were under way at that moment, this one included."""
    connection: int
    """A number for the connection that it came over."""
    ended: float | None = None
    status: int | None = None
    fault: Misbehaviour | None = None

    @property
    def user_agent(self) -> str:
        return self.headers.get("User-Agent", "")


@dataclass(slots=True)
class Fault:
    """A rule: the next `times` requests it fits (all if None), after the first `after` ones, go
    wrong.
    """

    what: Misbehaviour
    route: Route | None = None
    times: int | None = 1
    after: int = 0
    delay: float = 0.0
    retry_after: str | int | None = None
    when: Callable[[Request], bool] | None = None
    hits: int = 0
    """How many requests it has spoilt."""

    def __post_init__(self) -> None:
        if self.what not in MISBEHAVIOURS:
            raise ValueError(f"{self.what!r} is none of {', '.join(MISBEHAVIOURS)}")

    def takes(self, request: Request) -> bool:
        """Whether this request is to go wrong; counts it."""
        if self.route and request.route != self.route:
            return False
        if self.times is not None and self.hits >= self.times:
            return False
        if self.when and not self.when(request):
            return False
        if self.after:
            self.after -= 1
            return False
        self.hits += 1
        return True
