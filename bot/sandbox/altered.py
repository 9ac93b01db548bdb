"""A person with an altered client, which sends what its owner wants instead of what it shows.

The server does its part all the same, as Discord does: who it is and with which permissions, the
message as it stands, and what an option refers to, if that is in this guild.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.sandbox import controls, message_payloads, modals, payloads, slash
from bot.sandbox.core import Core
from bot.sandbox.errors import Json
from bot.sandbox.interaction import Asked
from bot.sandbox.objects import Channel, Message, User
from bot.sandbox.places import Where, find_place
from bot.sandbox.posts import ClientRefused, Form, Post
from bot.sandbox.reply import Reply

STRING, INTEGER, BOOLEAN, USER, CHANNEL, FILE = 3, 4, 5, 6, 7, 11


class AlteredClient:
    """Sends interactions of one person; nothing of what is sent is checked."""

    def __init__(self, core: Core, user: User, here: Where) -> None:
        self._core = core
        self._user = user
        self._here = here

    async def command(
        self,
        name: str,
        options: Sequence[Json] = (),
        *,
        resolved: Json | None = None,
        channel: Where = None,
        data: Json | None = None,
        timeout: float = 30.0,
    ) -> Reply:
        """A slash command (`/paper add`) with options as Discord's JSON has them; see `option`.

        `resolved` is made from the options unless it is given; `data` is put over what is sent.
        """
        place = self._channel(channel)
        if resolved is None:
            resolved = self._resolve(place, options)
        sent = self._command(place, name, options, resolved) | (data or {})
        return await self._ask(Asked.COMMAND, place, sent, timeout)

    async def complete(
        self, name: str, options: Sequence[Json], *, channel: Where = None
    ) -> list[Json] | None:
        """The choices for options of which one is `focused`; None where the bot gives no answer."""
        place = self._channel(channel)
        data = self._command(place, name, options, {})
        reply = await self._ask(Asked.AUTOCOMPLETE, place, data, 0)
        return None if reply.failed else reply.interaction.choices

    async def menu(
        self, name: str, target: object, *, resolved: Json | None = None, channel: Where = None
    ) -> Reply:
        """A command of a message's menu. `target` is a message of any place, or any id."""
        place = self._channel(channel)
        found = self._named(place, name, 3)
        target_id = target.id if isinstance(target, Post) else target
        if resolved is None:
            record = target.record if isinstance(target, Post) else None
            resolved = self._resolve_message(record)
        data: Json = {"id": found["id"], "name": found["name"], "type": 3}
        data |= {"target_id": str(target_id), "resolved": resolved}
        return await self._ask(Asked.COMMAND, place, data, 30.0)

    async def press(
        self,
        custom_id: str,
        *,
        on: Post | Reply | None,
        values: Sequence[Any] | None = None,
        kind: int | None = None,
        channel: Where = None,
    ) -> Reply:
        """A button of any id on any message; with `values` a menu."""
        record = on.post.record if isinstance(on, Reply) else on.record if on else None
        place = self._channel(channel if record is None else record.channel_id)
        usual = controls.BUTTON if values is None else controls.STRING_SELECT
        data: Json = {"custom_id": custom_id, "component_type": kind or usual, "id": 1}
        data |= {} if values is None else {"values": list(values)}
        return await self._ask(Asked.COMPONENT, place, data, 30.0, source=record)

    async def submit(
        self,
        custom_id: str,
        values: Mapping[str, Any],
        *,
        on: Post | None = None,
        components: Sequence[Any] | None = None,
        channel: Where = None,
    ) -> Reply:
        """A form of any id, with values by the fields' ids, or with components as they are."""
        record = on.record if on else None
        place = self._channel(channel if record is None else record.channel_id)
        if components is None:
            components = [
                {
                    "type": modals.LABEL,
                    "id": 2 * at + 1,
                    "component": _field(2 * at + 2, key, value),
                }
                for at, (key, value) in enumerate(values.items())
            ]
        data: Json = {"custom_id": custom_id, "components": list(components)}
        return await self._ask(Asked.MODAL, place, data, 30.0, source=record)

    async def resubmit(self, form: Form, values: Mapping[str, Any]) -> Reply:
        """A form that was opened for anybody, sent by this person."""
        return await self.submit(form.custom_id, values, channel=form.interaction.channel.id)

    def _channel(self, where: Where) -> Channel:
        return find_place(self._core, self._here if where is None else where, self._user).record

    def _named(self, channel: Channel, name: str, kind: int) -> Json:
        for command in self._core.commands.offered(channel.guild_id):
            if command["type"] == kind and command["name"] == name:
                return command
        raise ClientRefused(f"there is no command {name}")

    def _command(
        self, channel: Channel, name: str, options: Sequence[Json], resolved: Json
    ) -> Json:
        first, *rest = name.removeprefix("/").split()
        found = self._named(channel, first, 1)
        sent: list[Json] = list(options)
        for at in range(len(rest) - 1, -1, -1):
            sent = [{"name": rest[at], "type": 1 if at == len(rest) - 1 else 2, "options": sent}]
        data: Json = {"id": found["id"], "name": first, "type": 1, "options": sent}
        return data | ({"resolved": resolved} if resolved else {})

    def _resolve(self, channel: Channel, options: Sequence[Json]) -> Json:
        """What the options refer to, as far as it is in this guild."""
        world, resolved = self._core.world, Json()
        for one in options:
            value = one.get("value")
            text = value if isinstance(value, str) and len(value) < 20 else ""
            number = int(text) if text.isdecimal() else 0
            meant = world.channels.get(number)
            if one.get("type") == CHANNEL and meant and meant.guild_id == channel.guild_id:
                allowed = {"permissions": str(world.allowed(self._user, meant))}
                found = resolved.setdefault("channels", {})
                found[str(number)] = payloads.channel(meant) | allowed
            elif one.get("type") == USER and number in world.users:
                slash.resolve_user(self._core, channel, world.users[number], resolved)
        return resolved

    def _resolve_message(self, record: Message | None) -> Json:
        if record is None:
            return {}
        shown = message_payloads.message(self._core.world, record, self._user)
        return {"messages": {str(record.id): shown}}

    async def _ask(
        self,
        asked: Asked,
        channel: Channel,
        data: Json,
        timeout: float,
        *,
        source: Message | None = None,
    ) -> Reply:
        asking = self._core.interactions.ask(asked, self._user, channel, data, source=source)
        return await Reply(self._core, asking, self._user).settle(timeout)


def option(name: str, value: Any, kind: int = STRING, **more: Any) -> Json:
    """An option as a client sends it."""
    return {"name": name, "type": kind, "value": value, **more}


def _field(number: int, key: str, value: Any) -> Json:
    return {"type": controls.TEXT_INPUT, "id": number, "custom_id": key, "value": value}
