"""Misbehaviour on demand: rules that tests lay down, and what they do to requests and the
gateway.
"""

import fnmatch
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

from bot.sandbox.errors import Json
from bot.sandbox.garbled import Garbled


@dataclass(slots=True)
class Fault:
    """One rule, for requests of `method` (`*` for any) whose template fits `route` (a glob).

    `skip` requests pass first, then `times` ones are hit (None: all). What happens to these, in
    this order: wait `delay` seconds; call `act` (to lock a thread, to withdraw a permission);
    answer with `status`, or with something that is no answer to the request (`garbled`, with
    `status`, else 200), or drop the connection, or never answer (`hang`); with none of the four
    the request goes on. By default all this comes before the request takes effect, which it then
    does not if it was answered, dropped or hung; with `after_effect=True` (or `drop="after"`) it
    takes effect first.
    """

    method: str = "*"
    route: str = "*"
    times: int | None = 1
    skip: int = 0
    status: int | None = None
    body: Json | None = None
    garbled: Garbled | None = None
    retry_after: float = 0.5
    drop: Literal["before", "after"] | None = None
    delay: float = 0.0
    hang: bool = False
    after_effect: bool = False
    act: Callable[[], object] | None = None
    hits: int = 0

    def __post_init__(self) -> None:
        if self.drop == "after":
            self.after_effect = True

    def fits(self, method: str, template: str) -> bool:
        """Whether the rule hits this request; counts it."""
        if self.method not in ("*", method) or self.times == 0:
            return False
        # A template's braces are plain characters here; only * is special.
        pattern = self.route.replace("[", "[[]").replace("?", "[?]")
        if not fnmatch.fnmatchcase(template, pattern):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        self.hits += 1
        return True

    @property
    def answer(self) -> tuple[int, Json | str, dict[str, str]] | None:
        """Status, body and headers of the answer it gives, if it gives one."""
        if self.status is None:
            return None
        if self.status == 429:
            body: Json = {
                "message": "You are being rate limited.",
                "retry_after": self.retry_after,
                "global": False,
            }
            headers = {"Via": "1.1 google", "Retry-After": str(self.retry_after)}
            return 429, self.body or body, headers
        if self.body is not None:
            return self.status, self.body, {}
        if self.status >= 500:
            return self.status, "upstream connect error", {}
        return self.status, {"message": f"{self.status}: Error", "code": 0}, {}


class Sessions(Protocol):
    """What can be done to the gateway's open connections."""

    def drop(self, code: int | None = None) -> None: ...
    def forget(self) -> None: ...
    def reconnect(self) -> None: ...

    def say(self, text: str) -> None: ...
    def invalidate(self, *, resumable: bool = False) -> None: ...


@dataclass(slots=True)
class GatewayFaults:
    """What is wrong with the gateway. `refused`: connections still to be refused; `pages`:
    connections still to be answered with a page; `babble`: connections in which something else
    than Discord speaks; `closing`, `closing_resumed`: codes with which the next identifications,
    and resumptions, are closed; `muted`: event names lost.
    """

    refused: int = 0
    pages: int = 0
    babble: int = 0
    closing: list[int] = field(default_factory=list)
    closing_resumed: list[int] = field(default_factory=list)
    muted: set[str] = field(default_factory=set)
    sessions: Sessions | None = None

    def drop(self, code: int | None = None) -> None:
        """Ends every connection: with a close code, or (None) with no word."""
        if self.sessions is not None:
            self.sessions.drop(code)

    def reconnect(self) -> None:
        """Asks every client to come back and resume (opcode 7)."""
        if self.sessions is not None:
            self.sessions.reconnect()

    def invalidate(self, *, resumable: bool = False) -> None:
        """Tells every client that its session is void (opcode 9)."""
        if self.sessions is not None:
            self.sessions.invalidate(resumable=resumable)

    def say(self, text: str) -> None:
        """Sends every client a text of one's own in place of an event."""
        if self.sessions is not None:
            self.sessions.say(text)

    def refuse(self, times: int = 1) -> None:
        """The next connections are answered 503."""
        self.refused = times

    def lose_sessions(self) -> None:
        """Cuts every connection, and forgets the sessions, so that none can be resumed."""
        if self.sessions is not None:
            self.sessions.forget()

    def mute(self, *events: str) -> None:
        """Events of these names (none given: all) are lost from now on, also for a session
        resumed later.
        """
        self.muted |= set(events) or {"*"}

    def unmute(self) -> None:
        self.muted.clear()

    def loses(self, event: str) -> bool:
        return "*" in self.muted or event in self.muted


class Faults:
    """The rules in force, first one first. `gateway` holds the gateway's; dropping sessions is
    the sandbox's.
    """

    def __init__(self) -> None:
        self.rules: list[Fault] = []
        self.gateway = GatewayFaults()

    def add(self, fault: Fault) -> Fault:
        """Puts a rule in force; it stays in `rules` until removed, its `hits` counting."""
        self.rules.append(fault)
        return fault

    def clear(self) -> None:
        self.rules.clear()
        self.gateway.unmute()
        self.gateway.refused = self.gateway.pages = self.gateway.babble = 0
        self.gateway.closing.clear()
        self.gateway.closing_resumed.clear()

    def find(self, method: str, template: str) -> Fault | None:
        return next((rule for rule in self.rules if rule.fits(method, template)), None)
