"""A way to PostgreSQL that can fall silent, as when a route is gone: nothing is refused, nothing
answered."""

from __future__ import annotations

import asyncio
import contextlib
from types import TracebackType

from sqlalchemy import make_url


class Way:
    """A TCP proxy on loopback. While it is `silent` it swallows all bytes, of new connections too.

    Used as an asynchronous context manager.
    """

    def __init__(self, url: str) -> None:
        """`url` of the database that it leads to."""
        self.target = make_url(url)
        self.silent = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._passing: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """The database's URL by this way."""
        port = self._server.sockets[0].getsockname()[1]
        led = self.target.set(host="127.0.0.1", port=port)
        return led.render_as_string(hide_password=False)

    async def __aenter__(self) -> Way:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.close()
        self.cut()
        for task in self._passing:
            task.cancel()
        await asyncio.gather(*self._passing, return_exceptions=True)

    def fall_silent(self) -> None:
        self.silent = True

    def cut(self) -> None:
        """End all connections."""
        for writer in self._writers:
            writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        onward: asyncio.StreamWriter | None = None
        with contextlib.suppress(OSError):
            if not self.silent:
                port = self.target.port or 5432
                back, onward = await asyncio.open_connection(self.target.host, port)
                self._writers.add(onward)
                for source, sink in ((reader, onward), (back, writer)):
                    task = asyncio.create_task(self._pass(source, sink))
                    self._passing.add(task)
                    task.add_done_callback(self._passing.discard)
                return
            while await reader.read(1 << 16):
                pass

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(1 << 16):
                if not self.silent:
                    sink.write(data)
                    await sink.drain()
        if not self.silent:
            sink.close()
