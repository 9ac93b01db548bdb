"""People: the commands, buttons and forms that a member of the guild uses."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox import filling, message_payloads, slash
from bot.sandbox.altered import AlteredClient
from bot.sandbox.client import Client
from bot.sandbox.controls import BUTTON
from bot.sandbox.errors import Json
from bot.sandbox.interaction import Asked, Interaction
from bot.sandbox.near import near
from bot.sandbox.objects import Channel, Message
from bot.sandbox.places import Where
from bot.sandbox.posts import ClientRefused, Control, Form, Post
from bot.sandbox.reply import Reply
from bot.sandbox.slash import Choice, Typed


class Person(Client):
    """A member of a guild, acting. Steps that a client would not allow raise ClientRefused."""

    @property
    def altered(self) -> AlteredClient:
        """The same person with a client that sends whatever it is told to."""
        return AlteredClient(self._core, self.user, self.here)

    async def slash(
        self, command: str, /, *, channel: Where = None, timeout: float = 30.0, **options: Any
    ) -> Reply:
        """Uses a slash command, and waits for the answer; `timeout` seconds after a deferral.

        An option called like one of these parameters is given with an underscore behind:
        `channel_=`.
        """
        place = self._place_to_write(channel)
        typed = slash.find(self._core, self.user, place.record, command)
        sent, resolved = slash.fill(self._core, self.user, place.record, typed, options)
        data = typed.data(sent, resolved)
        return await self._ask(Asked.COMMAND, place.record, data, timeout)

    async def autocomplete(
        self,
        command: str,
        option: str,
        /,
        *,
        typed: str = "",
        channel: Where = None,
        **options: Any,
    ) -> list[Choice]:
        """The choices offered for an option while `typed` stands in it, in the order of the bot."""
        place = self._place_to_write(channel)
        found = slash.find(self._core, self.user, place.record, command)
        part = self._autocompleted(found, option)
        given = options | {option: typed}
        sent, resolved = slash.fill(self._core, self.user, place.record, found, given, strict=False)
        for entry in sent:
            if entry["name"] == part["name"]:
                entry["focused"] = True
        data = found.data(sent, resolved)
        reply = await self._ask(Asked.AUTOCOMPLETE, place.record, data, 0)
        if reply.failed:
            raise ClientRefused("Loading options failed")
        return [
            Choice(slash.label(choice, self.locale), choice["value"])
            for choice in reply.interaction.choices
        ]

    def _autocompleted(self, found: Typed, option: str) -> Json:
        for part in found.leaf.get("options") or []:
            if slash.is_named(part, option, self.locale) and part.get("autocomplete"):
                return dict(part)
        raise ClientRefused(f"{option} has no autocompletion")

    async def menu(self, post: Post, command: str, *, timeout: float = 30.0) -> Reply:
        """Uses a command of a message's menu."""
        channel = self._channel_of(post.record)
        found = self._menu_command(channel, command, 3)
        shown = message_payloads.message(self._core.world, post.record, self.user)
        data: Json = {
            "id": found["id"],
            "name": found["name"],
            "type": 3,
            "target_id": str(post.id),
            "resolved": {"messages": {str(post.id): shown}},
        }
        return await self._ask(Asked.COMMAND, channel, data, timeout)

    async def user_menu(
        self, who: Any, command: str, *, channel: Where = None, timeout: float = 30.0
    ) -> Reply:
        """Uses a command of a member's menu."""
        place = self._place_to_write(channel)
        found = self._menu_command(place.record, command, 2)
        resolved: Json = {}
        target = slash.resolve_user(
            self._core, place.record, slash.find_user(self._core, who), resolved
        )
        data: Json = {"id": found["id"], "name": found["name"], "type": 2, "target_id": target}
        return await self._ask(Asked.COMMAND, place.record, data | {"resolved": resolved}, timeout)

    def _menu_command(self, channel: Channel, name: str, kind: int) -> Json:
        offered = slash.offered(self._core, self.user, channel, kind)
        for command in offered:
            if name in (command["name"], slash.label(command, self.locale)):
                return command
        names = [slash.label(command, self.locale) for command in offered]
        there = near(name, names) or f" (there are: {', '.join(names) or 'none'})"
        raise ClientRefused(f"there is no menu command {name} here for {self.display_name}{there}")

    async def press(self, where: Post | Reply, button: str, *, timeout: float = 30.0) -> Reply:
        """Presses a button, by its label or custom id."""
        record, control = self._control(where, button, "button")
        part = control.component
        data = {"custom_id": part["custom_id"], "component_type": BUTTON, "id": part["id"]}
        return await self._ask(
            Asked.COMPONENT, self._channel_of(record), data, timeout, source=record
        )

    async def choose(
        self, where: Post | Reply, select: str, values: list[Any], *, timeout: float = 30.0
    ) -> Reply:
        """Picks values (labels, values or names) in a select, by its placeholder or custom id."""
        record, control = self._control(where, select, "select")
        channel = self._channel_of(record)
        data = filling.choose(self._core, channel, control.component, values)
        return await self._ask(Asked.COMPONENT, channel, data, timeout, source=record)

    async def submit(
        self, form: Form | None, values: Mapping[str | int, Any], *, timeout: float = 30.0
    ) -> Reply:
        """Sends a form: values by label, custom id or position; fields left out keep what is in
        them.
        """
        if form is None:
            raise ClientRefused("there is no form to send")
        opened = form.interaction
        data = filling.fill(self._core, opened.channel, form, values)
        return await self._ask(
            Asked.MODAL,
            opened.channel,
            data,
            timeout,
            source=opened.source,
            triggered_by=opened,
        )

    def _control(self, where: Post | Reply, name: str, kind: str) -> tuple[Message, Control]:
        posts = where.posts if isinstance(where, Reply) else [where]
        known: list[str] = []
        for post in posts:
            self._check_sees(post.record)
            for control in post.components():
                known.append(control.label)
                if name not in (control.label, control.custom_id):
                    continue
                if control.kind == "link":
                    raise ClientRefused(f"{name} is a link to {control.url}")
                if control.disabled:
                    raise ClientRefused(f"{name} is disabled")
                if control.kind == kind:
                    return post.record, control
        raise ClientRefused(f"there is no {kind} {name}; there are: {', '.join(known) or 'none'}")

    async def _ask(
        self,
        asked: Asked,
        channel: Channel,
        data: Json,
        timeout: float,
        *,
        source: Message | None = None,
        triggered_by: Interaction | None = None,
    ) -> Reply:
        interaction = self._core.interactions.ask(
            asked, self.user, channel, data, source=source, triggered_by=triggered_by
        )
        return await Reply(self._core, interaction, self.user).settle(timeout)
