"""The gateway: sessions of bots over websockets. Source: Discord's documentation, "Gateway"."""

import asyncio
import json
import secrets
import zlib
from collections import deque
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

from bot.sandbox import payloads
from bot.sandbox.core import Core
from bot.sandbox.dispatch import event_for
from bot.sandbox.errors import Json
from bot.sandbox.faults import GatewayFaults
from bot.sandbox.garbled import PAGE
from bot.sandbox.hub import Happening
from bot.sandbox.objects import Guild
from bot.sandbox.view import Intent

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME, RECONNECT = 0, 1, 2, 3, 6, 7
REQUEST_MEMBERS, INVALID_SESSION, HELLO, ACK = 8, 9, 10, 11
_REMEMBERED = 2000
_HEARTBEAT_MS = 41_250


class Session:
    """One bot's session; it outlives its connection, so that it can be resumed."""

    def __init__(self, intents: int, shard: tuple[int, int]) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intents
        self.shard = shard
        self.sequence = 0
        self.sent: deque[Json] = deque(maxlen=_REMEMBERED)
        self.connection: Connection | None = None

    def serves(self, guild_id: int | None) -> bool:
        """Whether this shard gets a guild's events; direct messages go to shard 0."""
        index, count = self.shard
        return ((guild_id or 0) >> 22) % count == index if guild_id else index == 0

    def dispatch(self, name: str, data: Any) -> None:
        self.sequence += 1
        event: Json = {"op": DISPATCH, "t": name, "s": self.sequence, "d": data}
        self.sent.append(event)
        if self.connection is not None:
            self.connection.send(event)


class Connection:
    """One websocket. Sending never waits: a queue of its own is written out by `pump`."""

    def __init__(self, socket: web.WebSocketResponse, compress: bool) -> None:
        self.socket = socket
        self.session: Session | None = None
        self._outbox: asyncio.Queue[Json | str | int | None] = asyncio.Queue()
        self._deflate = zlib.compressobj() if compress else None

    def send(self, payload: Json | str) -> None:
        """Sends an event; text goes as it is."""
        self._outbox.put_nowait(payload)

    def close(self, code: int | None) -> None:
        """Closes after what was sent before: with a code, or (None) by cutting the line."""
        self._outbox.put_nowait(code)

    async def pump(self) -> None:
        while True:
            item = await self._outbox.get()
            if item is None or isinstance(item, int):
                await self._end(item)
                return
            if self.socket.closed:
                return
            text = item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)
            try:
                if self._deflate is None:
                    await self.socket.send_str(text)
                else:
                    packed = self._deflate.compress(text.encode())
                    packed += self._deflate.flush(zlib.Z_SYNC_FLUSH)
                    await self.socket.send_bytes(packed)
            except (ConnectionError, RuntimeError):
                return

    async def _end(self, code: int | None) -> None:
        if code is not None:
            await self.socket.close(code=code)
            return
        request = self.socket._req  # the only way to the transport under a websocket
        if request is not None and request.transport is not None:
            request.transport.abort()


class Gateway:
    """All sessions of the bot, and the websocket's side of them."""

    def __init__(
        self, core: Core, token: str, privileged: int, faults: GatewayFaults, url: Callable[[], str]
    ) -> None:
        self.core = core
        self.token = token
        self.privileged = privileged
        self.faults = faults
        self.url = url
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.identified = 0
        """Identifications that went well."""
        self.identifies = 0
        """All of them."""
        self.resumptions = 0
        """All attempts to resume a session."""
        self.starts_left: int | None = None
        """What `/gateway/bot` says is left of the day's session starts; None: 1,000 less those."""
        self.starts_reset_ms = 86_400_000
        self.resumed = 0
        faults.sessions = self
        core.world.hub.listen(self._tell)

    @property
    def connected(self) -> bool:
        """Whether a session is there that gets interactions now."""
        return any(s.connection is not None for s in self.sessions.values())

    def _tell(self, happening: Happening) -> None:
        guild_id = happening.channel.guild_id if happening.channel else None
        if happening.channel is None and "guild_id" in happening.data:
            guild_id = int(happening.data["guild_id"])
        if self.faults.loses(happening.name):
            return
        for session in self.sessions.values():
            if session.serves(guild_id):
                data = event_for(self.core.world, happening, session.intents)
                if data is not None:
                    session.dispatch(happening.name, data)

    # What faults do

    def drop(self, code: int | None = None) -> None:
        for connection in tuple(self.connections):
            connection.close(code)

    def say(self, text: str) -> None:
        for connection in tuple(self.connections):
            connection.send(text)

    def forget(self) -> None:
        self.sessions.clear()
        self.drop()

    def reconnect(self) -> None:
        for connection in tuple(self.connections):
            connection.send({"op": RECONNECT, "d": None})

    def invalidate(self, *, resumable: bool = False) -> None:
        for connection in tuple(self.connections):
            if connection.session is not None and not resumable:
                self.sessions.pop(connection.session.id, None)
            connection.send({"op": INVALID_SESSION, "d": resumable})

    # The websocket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if self.faults.refused > 0:
            self.faults.refused -= 1
            return web.Response(status=503, text="upstream connect error")
        if self.faults.pages > 0:
            self.faults.pages -= 1
            return web.Response(text=PAGE, content_type="text/html")
        socket = web.WebSocketResponse(max_msg_size=1 << 20)
        await socket.prepare(request)
        connection = Connection(socket, request.query.get("compress") == "zlib-stream")
        self.connections.add(connection)
        pump = asyncio.create_task(connection.pump())
        if self.faults.babble > 0:
            self.faults.babble -= 1
            await socket.send_str(PAGE)
        connection.send({"op": HELLO, "d": {"heartbeat_interval": _HEARTBEAT_MS}})
        try:
            async for message in socket:
                if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    self._receive(connection, message.data)
        finally:
            self.connections.discard(connection)
            session = connection.session
            if session is not None and session.connection is connection:
                session.connection = None
            pump.cancel()
        return socket

    def _receive(self, connection: Connection, raw: str | bytes) -> None:
        try:
            payload = json.loads(raw)
            op, data = payload["op"], payload.get("d")
        except (ValueError, KeyError, TypeError, RecursionError):
            connection.close(4002)
            return
        if op == HEARTBEAT:
            connection.send({"op": ACK, "d": None})
        elif op == IDENTIFY:
            self._identify(connection, data)
        elif op == RESUME:
            self._resume(connection, data)
        elif connection.session is None:
            connection.close(4003)
        elif op == REQUEST_MEMBERS:
            self._send_members(connection.session, data)
        elif op not in (PRESENCE, 4):
            connection.close(4001)

    def _identify(self, connection: Connection, data: Json) -> None:
        if connection.session is not None:
            return connection.close(4005)
        self.identifies += 1
        if self.faults.closing:
            return connection.close(self.faults.closing.pop(0))
        if str(data.get("token", "")).removeprefix("Bot ") != self.token:
            return connection.close(4004)
        intents = data.get("intents")
        if not isinstance(intents, int) or intents < 0 or intents >= 1 << 26:
            return connection.close(4013)
        sensitive = Intent.GUILD_MEMBERS | Intent.GUILD_PRESENCES | Intent.MESSAGE_CONTENT
        if intents & sensitive & ~self.privileged:
            return connection.close(4014)
        index, count = data.get("shard") or (0, 1)
        if not 0 <= index < count:
            return connection.close(4010)
        self._forget_stale()
        session = Session(intents, (index, count))
        self.sessions[session.id] = session
        connection.session, session.connection = session, connection
        self._ready(session)
        return None

    def _forget_stale(self) -> None:
        """Sessions with no connection are kept for resuming, but not for ever."""
        stale = [s for s in self.sessions.values() if s.connection is None]
        for session in stale[:-8]:
            del self.sessions[session.id]

    def _ready(self, session: Session) -> None:
        world = self.core.world
        mine = [
            g for g in world.guilds.values() if world.bot.id in g.members and session.serves(g.id)
        ]
        data: Json = {
            "v": 10,
            "user": payloads.me(world.bot),
            "guilds": [{"id": str(g.id), "unavailable": True} for g in mine],
            "session_id": session.id,
            "resume_gateway_url": self.url(),
            "application": {"id": str(world.bot.id), "flags": 0},
            "private_channels": [],
            "user_settings": {},
            "relationships": [],
            "presences": [],
        }
        if session.shard != (0, 1):
            data["shard"] = list(session.shard)
        session.dispatch("READY", data)
        for guild in mine:
            self._send_guild(session, guild)
        self.identified += 1

    def _send_guild(self, session: Session, guild: Guild) -> None:
        if session.intents & Intent.GUILDS:
            all_members = bool(session.intents & Intent.GUILD_MEMBERS)
            data = payloads.guild_create(self.core.world, guild, all_members=all_members)
            session.dispatch("GUILD_CREATE", data)

    def _resume(self, connection: Connection, data: Json) -> None:
        self.resumptions += 1
        if self.faults.closing_resumed:
            return connection.close(self.faults.closing_resumed.pop(0))
        if str(data.get("token", "")).removeprefix("Bot ") != self.token:
            return connection.close(4004)
        session = self.sessions.get(str(data.get("session_id")))
        sequence = data.get("seq")
        if session is None or not isinstance(sequence, int) or sequence > session.sequence:
            return connection.send({"op": INVALID_SESSION, "d": False})
        if session.sent and session.sent[0]["s"] > sequence + 1:
            return connection.send({"op": INVALID_SESSION, "d": False})
        connection.session, session.connection = session, connection
        for event in session.sent:
            if event["s"] > sequence:
                connection.send(event)
        session.dispatch("RESUMED", {})
        self.resumed += 1
        return None

    def _send_members(self, session: Session, data: Json) -> None:
        guild = self.core.world.guilds.get(int(data.get("guild_id") or 0))
        if guild is None:
            return
        wanted = data.get("user_ids")
        ids = [int(i) for i in (wanted if isinstance(wanted, list) else [wanted]) if i]
        query = str(data.get("query") or "").casefold()
        found = [
            payloads.member(m)
            for m in guild.members.values()
            if (m.user.id in ids if ids else m.user.username.casefold().startswith(query))
        ]
        chunk: Json = {
            "guild_id": str(guild.id),
            "members": found,
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [str(i) for i in ids if i not in guild.members],
        }
        if data.get("nonce"):
            chunk["nonce"] = data["nonce"]
        session.dispatch("GUILD_MEMBERS_CHUNK", chunk)
