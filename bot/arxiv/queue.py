"""Whose turn it is at the gate: people, then what is short, then what is long; nobody for ever.

Pure but for the futures and tasks that a ticket carries.
"""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any


class Priority(enum.IntEnum):
    """Whose request goes first."""

    PERSON = 0
    POLLER = 1


@dataclass(slots=True, eq=False)
class Ticket:
    """A request that waits for its turn, or runs.

    `yielding` requests may be long: they are dropped when a person comes, and asked again.
    """

    source: str
    priority: Priority
    yielding: bool
    turn: asyncio.Future[None]
    asked: float
    """When it came."""
    guild: int = 0
    """The server of the person who asks: servers take turns."""
    waited: float = 0.0
    """Seconds that it had spent before, waiting or running in vain."""
    people: int = 0
    """People who went before it, in this attempt and those before."""
    owes: int = 0
    """As many must have gone: for whom it was dropped goes before it."""
    task: asyncio.Task[Any] | None = None
    began: float = 0.0
    gave_way: bool = False
    guarded: bool = False
    """It gave way for long enough: it is not dropped, and people are told at once."""

    @property
    def of_person(self) -> bool:
        """Whether a person waits for it."""
        return self.priority is Priority.PERSON


@dataclass(slots=True)
class RequestTurns:
    """Who has waited, and for how many.

    A short request of a poller goes after `patience` people; a long one after as many and
    `endurance` seconds of waiting and giving way.
    """

    patience: int
    endurance: float
    _served: dict[int, int] = field(default_factory=dict)
    """When each server whose people wait was last served, counted in turns."""
    _turn: int = 0
    _gave_way: list[Ticket] = field(default_factory=list)
    """Dropped, and not asked again yet: what comes again takes over what it has waited."""

    def came(self, ticket: Ticket) -> None:
        """A ticket was drawn. Its request may be one that gave way before."""
        before = next((old for old in self._gave_way if old.source == ticket.source), None)
        if ticket.yielding and before is not None:
            self._gave_way.remove(before)
            ticket.waited, ticket.people = before.waited, before.people
            ticket.owes = before.people + 1

    def ended(self, ticket: Ticket, now: float, waiting: Collection[Ticket]) -> None:
        """A request ended, or was dropped to give way, while these wait."""
        owed = [one for one in (*waiting, *self._gave_way) if not one.of_person]
        if ticket.of_person:
            for one in owed:
                one.people += 1
        elif ticket.gave_way:
            ticket.waited += now - ticket.asked
            self._gave_way.append(ticket)
        else:
            # Between two short ones of pollers there are people again.
            for one in owed:
                if not one.yielding:
                    one.people = 0

    def overdue(self, ticket: Ticket, now: float) -> bool:
        """Whether it goes before people who wait."""
        if ticket.of_person or ticket.people < max(self.patience, ticket.owes):
            return False
        return not ticket.yielding or ticket.waited + now - ticket.asked >= self.endurance

    def first(self, ready: Sequence[Ticket], now: float) -> Ticket:
        """Of those that could start, the one whose turn it is; what came first among equals.

        Of people's requests one of the server that has waited longest for its turn: many from one
        server do not hold up those of another.
        """
        return min(
            ready,
            key=lambda one: (
                not self.overdue(one, now),
                one.priority,
                one.yielding,
                self._served.get(one.guild, 0) if one.of_person else 0,
            ),
        )

    def begins(self, ticket: Ticket, waiting: Collection[Ticket]) -> None:
        """A ticket's request begins, while these wait."""
        if ticket.of_person:
            self._turn += 1
            self._served[ticket.guild] = self._turn
        # Who waits for nothing begins anew.
        here = {one.guild for one in waiting if one.of_person} | {ticket.guild}
        self._served = {guild: at for guild, at in self._served.items() if guild in here}


def people(tickets: Iterable[Ticket]) -> list[Ticket]:
    """Those that a person waits for."""
    return [one for one in tickets if one.of_person]
