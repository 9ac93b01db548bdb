"""One page's connection: requests done as the acting member, that member's events sent to it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox.page import view
from bot.sandbox.player import keywords
from bot.sandbox.posts import ClientRefused

if TYPE_CHECKING:
    from bot.sandbox import Event, Form, Person, Place, Post, Reply, Sandbox
    from bot.sandbox.page.hooks import Hooks

Json = dict[str, Any]
_log = logging.getLogger(__name__)

PATIENCE = 900.0
"""Seconds for which a page waits after a deferral, as long as the bot may answer one."""
_TICK = 5.0
"""Seconds of real time between two looks at the sandbox's clock."""


class Connection:
    """JSON both ways: `{id, op, …}` is answered by `{answer, result}` or `{answer, refused}`;
    events come as `{event, data}`."""

    def __init__(
        self,
        sandbox: Sandbox,
        person: Person,
        socket: web.WebSocketResponse,
        hooks: Hooks,
    ) -> None:
        self.sandbox, self.person, self.socket, self.hooks = sandbox, person, socket, hooks
        self.forms: dict[str, Form] = {}
        self.events = person.events()
        self.tasks: set[asyncio.Task[None]] = set()
        self.told_time = ""
        self.operations: dict[str, Callable[[Json], Awaitable[Json]]] = {
            "open": self._open,
            "place": self._place_json,
            "commands": self._commands,
            "autocomplete": self._autocomplete,
            "slash": self._slash,
            "submit": self._submit,
            "press": self._press,
            "choose": self._choose,
            "menu": self._menu,
            "say": self._say,
            "post": self._post_in_forum,
            "delete": self._delete,
            "dismiss": self._dismiss,
            "advance": self._advance,
        }

    async def start(self) -> None:
        self._spawn(self._forward())
        self._spawn(self._watch_clock())
        hello = view.hello(
            self.sandbox,
            self.person,
            can_advance=self.hooks.advance is not None,
            can_skip=self.hooks.can_skip,
        )
        tips = self.hooks.tips
        hello["tips"] = list(tips(self.person.locale)) if tips is not None else []
        await self._tell("hello", hello)

    async def stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _send(self, data: Json) -> None:
        if not self.socket.closed:
            await self.socket.send_str(json.dumps(data, ensure_ascii=False))

    async def _tell(self, event: str, data: Json) -> None:
        await self._send({"event": event, "data": data})

    # ------------------------------------------------------------------ requests

    def receive(self, text: str) -> None:
        """Begin to do what the page asks; several things may be under way at once."""
        try:
            request = json.loads(text)
            number, operation = request["id"], self.operations[request["op"]]
        except (ValueError, KeyError, TypeError, RecursionError):
            _log.warning("a page asked something that is no request: %.200s", text)
            return
        self._spawn(self._do(number, operation, request))

    async def _do(
        self, number: int, operation: Callable[[Json], Awaitable[Json]], request: Json
    ) -> None:
        try:
            answer: Json = {"result": await operation(request)}
        except ClientRefused as refusal:
            answer = {"refused": str(refusal)}
        except TimeoutError:
            answer = {"result": {}}  # what comes later comes as an event
        except (KeyError, TypeError, ValueError) as error:
            _log.exception("a page's request failed: %s", request.get("op"))
            answer = {"refused": f"The page's request made no sense: {error!r}"}
        await self._send({"answer": number, **answer})

    def _place(self, request: Json) -> Place:
        """The place asked for. Raises ClientRefused where the person cannot see it."""
        return self.person.place(int(request["channel"]))

    def _message(self, request: Json) -> Post:
        return self.person.post(int(request["message"]))

    async def _open(self, request: Json) -> Json:
        return view.opened(self.person, self._place(request))

    async def _place_json(self, request: Json) -> Json:
        return {"place": view.place(self.sandbox, self._place(request))}

    async def _commands(self, request: Json) -> Json:
        kind = int(request.get("kind", 1))
        return {"commands": self.person.commands(self._place(request), kind=kind)}

    async def _autocomplete(self, request: Json) -> Json:
        choices = await self.person.autocomplete(
            request["command"],
            request["option"],
            typed=request["typed"],
            channel=self._place(request),
            **keywords(request.get("options", {})),
        )
        return {"choices": [{"name": one.name, "value": one.value} for one in choices]}

    async def _slash(self, request: Json) -> Json:
        reply = await self.person.slash(
            request["command"],
            channel=self._place(request),
            timeout=PATIENCE,
            **keywords(request["options"]),
        )
        return self._outcome(reply)

    async def _submit(self, request: Json) -> Json:
        form = self.forms.get(request["form"])
        if form is None:
            raise ClientRefused("This form is no longer open.")
        reply = await self.person.submit(form, request["values"], timeout=PATIENCE)
        if not reply.failed:
            del self.forms[request["form"]]
        return self._outcome(reply)

    async def _press(self, request: Json) -> Json:
        reply = await self.person.press(
            self._message(request), request["custom_id"], timeout=PATIENCE
        )
        return self._outcome(reply)

    async def _choose(self, request: Json) -> Json:
        reply = await self.person.choose(
            self._message(request), request["custom_id"], request["values"], timeout=PATIENCE
        )
        return self._outcome(reply)

    async def _menu(self, request: Json) -> Json:
        reply = await self.person.menu(self._message(request), request["name"], timeout=PATIENCE)
        return self._outcome(reply)

    def _outcome(self, reply: Reply) -> Json:
        """A form to open or a failure; messages come as events."""
        outcome: Json = {"failed": reply.failed}
        if reply.modal is not None:
            key = str(len(self.forms) + 1) + str(reply.modal.custom_id)
            self.forms[key] = reply.modal
            outcome["form"] = {**reply.modal.json(), "key": key}
        return outcome

    async def _say(self, request: Json) -> Json:
        target = self.person.post(int(request["reply_to"])) if request.get("reply_to") else None
        post = await self.person.say(
            request["text"],
            channel=self._place(request),
            reply_to=target,
            ping=bool(request.get("ping", True)),
        )
        return {"id": str(post.id)}

    async def _post_in_forum(self, request: Json) -> Json:
        thread = await self.person.open_thread(
            request["title"], channel=self._place(request), text=request["text"]
        )
        return {"id": str(thread.id)}

    async def _delete(self, request: Json) -> Json:
        await self.person.delete(self._message(request))
        return {}

    async def _dismiss(self, request: Json) -> Json:
        await self.person.dismiss(self._message(request))
        return {}

    async def _advance(self, request: Json) -> Json:
        """Move the clock on; what happened then comes as `told`."""
        hooks = self.hooks
        if hooks.advance is None:
            raise ClientRefused("This sandbox's clock cannot be moved.")
        step: timedelta | None = timedelta(hours=float(request.get("hours", 0)))
        if request.get("next"):
            step = await hooks.upcoming() if hooks.upcoming is not None else None
            if step is None:
                raise ClientRefused("No digest is due.")
        assert step is not None
        if step < timedelta(0):
            raise ClientRefused("The clock goes forward only.")
        await hooks.advance(step)
        await self._tell_time()
        told = await hooks.report(self.person.locale) if hooks.report is not None else ()
        return {
            "told": [
                {
                    "channel": str(one.channel_id),
                    "text": one.text,
                    "thread": str(one.thread_id) if one.thread_id is not None else None,
                }
                for one in told
            ]
        }

    # ------------------------------------------------------------------ events

    async def _forward(self) -> None:
        try:
            async for event in self.events:
                try:
                    await self._forward_one(event)
                    await self._tell_time()
                except ClientRefused:
                    continue  # gone again before it could be told
        finally:
            self.events.close()

    async def _forward_one(self, event: Event) -> None:
        match event.kind:
            case "message" | "edited" | "reaction" | "pins":
                kind = "message" if event.kind == "message" else "edited"
                if event.data.get("author"):
                    await self._tell(kind, event.data)
                await self._tell_place(event.channel_id)
            case "deleted":
                gone = {"channel_id": str(event.channel_id), "id": str(event.data["id"])}
                await self._tell("deleted", gone)
                await self._tell_place(event.channel_id)
            case "thread_deleted" | "channel_deleted":
                await self._tell("place_gone", {"id": str(event.channel_id)})
            case "thread" | "thread_edited" | "channel" | "channel_edited":
                await self._tell_place(event.channel_id)
            case "failed":
                data = {"channel_id": str(event.channel_id), "text": event.data["text"]}
                await self._tell("failed", data)

    async def _tell_place(self, place_id: int) -> None:
        """A place as it is now; a thread's number of messages changes with each."""
        await self._tell("place", view.place(self.sandbox, self.person.place(place_id)))

    async def _watch_clock(self) -> None:
        while not self.socket.closed:
            await self._tell_time()
            await asyncio.sleep(_TICK)

    async def _tell_time(self) -> None:
        now = view.now(self.sandbox)
        if now[:16] != self.told_time[:16]:
            self.told_time = now
            await self._tell("time", {"time": now})
