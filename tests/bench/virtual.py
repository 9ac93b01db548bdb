"""An event loop whose clock jumps to the next timer whenever nothing else is to be done."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from bot.store import Store, Transaction

T = TypeVar("T")


class _Jumping(selectors.DefaultSelector):
    """Does not sleep for timers, but waits for what real threads are doing."""

    busy: Callable[[], bool] = staticmethod(lambda: False)
    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        ready = super().select(1.0 if self.busy() else 0)
        if not ready and not self.busy():
            self.now += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """`time` starts at 0; while `busy` says so, it stands still."""

    def __init__(self, busy: Callable[[], bool]) -> None:
        self.jumping = _Jumping()
        self.jumping.busy = busy  # type: ignore[method-assign]
        super().__init__(self.jumping)

    def time(self) -> float:
        return self.jumping.now


class CountingStore(Store):
    """Knows whether a transaction is open, that is, whether the database is at work."""

    open_now = 0

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        self.open_now += 1
        try:
            async with super().begin() as tx:
                yield tx
        finally:
            self.open_now -= 1

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        self.open_now += 1
        try:
            async with super().read() as tx:
                yield tx
        finally:
            self.open_now -= 1


def run(work: Coroutine[Any, Any, T], busy: Callable[[], bool]) -> T:
    """Like `asyncio.run`, on a virtual clock."""
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(busy)) as runner:
        return runner.run(work)
