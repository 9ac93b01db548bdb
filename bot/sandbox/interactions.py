"""Interactions: what a person's click or command becomes, and how the bot may answer it.

Source: Discord's documentation, "Receiving and Responding to Interactions".
"""

import secrets
import time
from collections.abc import Sequence

from bot.sandbox import archiving, limits, message_payloads, modals, payloads
from bot.sandbox.drafts import Draft, Upload, read_edit, read_new
from bot.sandbox.errors import FormErrors, Json, refuse
from bot.sandbox.form import Fields
from bot.sandbox.hub import Happening
from bot.sandbox.interaction import ANSWERS, Answer, Asked, Interaction, read_choices
from bot.sandbox.messages import Messages
from bot.sandbox.objects import Channel, Flag, Message, MessageType, User
from bot.sandbox.world import World


class Interactions:
    """All interactions by token. `respond_within`: seconds of real time until an unanswered one
    is void.
    """

    def __init__(self, world: World, messages: Messages, respond_within: float) -> None:
        self.world = world
        self.messages = messages
        self.respond_within = respond_within
        self._by_token: dict[str, Interaction] = {}
        self._by_id: dict[int, Interaction] = {}

    # Asking

    def ask(
        self,
        asked: Asked,
        user: User,
        channel: Channel,
        data: Json,
        *,
        source: Message | None = None,
        triggered_by: Interaction | None = None,
    ) -> Interaction:
        """Sends an interaction to the bot."""
        interaction = Interaction(
            self.world.new_id(),
            secrets.token_urlsafe(48),
            asked,
            user,
            channel,
            data,
            self.world.clock(),
            time.monotonic(),
            source,
            triggered_by,
        )
        self._by_token[interaction.token] = self._by_id[interaction.id] = interaction
        self.deliver(interaction)
        return interaction

    def deliver(self, interaction: Interaction) -> None:
        """Tells the bot of it: once more, after a connection that was lost, it has the same id and
        token."""
        payload = self._payload(interaction)
        happening = Happening("INTERACTION_CREATE", interaction.channel, data={"payload": payload})
        self.world.hub.tell(happening)

    def _payload(self, interaction: Interaction) -> Json:
        world, channel, user = self.world, interaction.channel, interaction.user
        allowed = world.allowed(user, channel)
        guild = world.guild_of(channel)
        payload: Json = {
            "id": str(interaction.id),
            "application_id": str(world.bot.id),
            "type": int(interaction.asked),
            "token": interaction.token,
            "version": 1,
            "data": interaction.data,
            "channel_id": str(channel.id),
            "channel": payloads.channel(channel) | {"permissions": str(allowed)},
            "locale": user.locale,
            "app_permissions": str(world.allowed(world.bot, channel)),
            "entitlements": [],
            "authorizing_integration_owners": {"0": str(channel.guild_id or 0)},
            "context": 0 if guild else 1,
            "attachment_size_limit": limits.FILE_BYTES,
        }
        if guild is not None:
            payload |= {
                "guild_id": str(guild.id),
                "guild_locale": guild.locale,
                "guild": {"id": str(guild.id), "locale": guild.locale, "features": ["COMMUNITY"]},
                "member": payloads.member(guild.members[user.id], permissions=allowed),
            }
        else:
            payload["user"] = payloads.user(user)
        if interaction.source is not None:
            payload["message"] = message_payloads.message(world, interaction.source, world.bot)
        return payload

    # Answering

    def respond(
        self, interaction_id: int, token: str, body: Json, uploads: Sequence[Upload]
    ) -> Interaction:
        """The first answer. Raises 10062 when it is too late or unknown, 40060 when it is the
        second, 50035.
        """
        interaction = self._by_token.get(token)
        if interaction is None or interaction.id != interaction_id:
            raise refuse(10062)
        if interaction.answer is not None:
            raise refuse(40060)
        if time.monotonic() - interaction.asked_at > self.respond_within:
            raise refuse(10062)
        answer = self._read_type(interaction, body)
        data = body.get("data")
        data = {} if data is None else data
        if answer is Answer.MESSAGE:
            draft = read_new(self.world, interaction.channel.id, data, uploads, may_be_private=True)
            interaction.original = self._post(interaction, draft)
        elif answer is Answer.THINKING:
            flags = self._read_flags(data) & Flag.EPHEMERAL
            interaction.original = self._post(interaction, Draft(flags=flags | Flag.LOADING))
        elif answer is Answer.UPDATE_LATER:
            interaction.original = interaction.source
        elif answer is Answer.UPDATE:
            assert interaction.source is not None
            interaction.original = interaction.source
            self._edit(interaction, interaction.source, data, uploads)
        elif answer is Answer.CHOICES:
            interaction.choices = read_choices(body)
        else:
            self._open_modal(interaction, body)
        interaction.answer = answer
        interaction.change()
        return interaction

    def _read_flags(self, data: Json) -> int:
        errors = FormErrors()
        flags = Fields(data, errors, ("data",)).number("flags", least=0)
        errors.check()
        return flags or 0

    def _read_type(self, interaction: Interaction, body: Json) -> Answer:
        errors = FormErrors()
        possible = set(ANSWERS[interaction.asked])
        if interaction.source is None:
            possible -= {Answer.UPDATE, Answer.UPDATE_LATER}
        kind = Fields(body, errors).number("type", required=True, choices=possible)
        errors.check()
        return Answer(kind or 0)

    def _open_modal(self, interaction: Interaction, body: Json) -> None:
        errors = FormErrors()
        interaction.modal = modals.read(Fields(body.get("data"), errors, ("data",)))
        errors.check()
        data = interaction.modal | {"interaction_id": str(interaction.id)}
        self.world.hub.tell(
            Happening("MODAL_OPEN", interaction.channel, data=data, only_for=interaction.user.id)
        )

    def _post(
        self, interaction: Interaction, draft: Draft, after: Message | None = None
    ) -> Message:
        """Posts an answer or, `after` the original, a follow-up; ephemeral where the draft says so.

        Raises 10003 when the channel is gone.
        """
        channel = self.world.channel(interaction.channel.id)
        if channel.is_thread:
            archiving.set_archived(self.world, channel, False)
        kind = MessageType.SLASH
        if interaction.data.get("type") in (2, 3):
            kind = MessageType.CONTEXT_MENU
        shown = after or interaction.source
        if interaction.asked is not Asked.COMMAND or after is not None:
            kind = MessageType.REPLY if shown else MessageType.DEFAULT
        reader = interaction.user if draft.flags & Flag.EPHEMERAL else None
        return self.messages.post(
            self.world.bot,
            interaction.channel,
            draft,
            kind=kind,
            interaction=interaction.metadata,
            reader=reader,
            reference=(shown.channel_id, shown.id) if kind is MessageType.REPLY and shown else None,
        )

    # Afterwards, by the token

    def _answered(self, token: str) -> Interaction:
        """Raises 10015 for an unknown token or one not answered yet, 50027 after 15 minutes."""
        interaction = self._by_token.get(token)
        if interaction is None or interaction.answer is None:
            raise refuse(10015)
        if self.world.clock() - interaction.created_at > limits.FOLLOW_UPS_FOR:
            raise refuse(50027)
        return interaction

    def follow_up(self, token: str, body: Json, uploads: Sequence[Upload]) -> Message:
        """Another message. The first one after a deferral takes its place, and with it its
        privacy.
        """
        interaction = self._answered(token)
        if interaction.asked is Asked.AUTOCOMPLETE:
            raise refuse(10015)
        draft = read_new(self.world, interaction.channel.id, body, uploads, may_be_private=True)
        if interaction.thinking and interaction.original is not None:
            kept = interaction.original.flags & Flag.EPHEMERAL
            draft.flags = draft.flags & ~Flag.EPHEMERAL | kept
            self.messages.apply(interaction.channel, interaction.original, draft, quiet=True)
            message = interaction.original
        else:
            message = self._post(interaction, draft, interaction.original or interaction.source)
            interaction.follow_ups.append(message)
        interaction.change()
        return message

    def find(self, token: str, message_id: int | None) -> tuple[Interaction, Message]:
        """The original (None) or a follow-up by id. Raises 10008, 10015, 50027."""
        interaction = self._answered(token)
        known = [m for m in (interaction.original, *interaction.follow_ups) if m is not None]
        if message_id is None:
            known = known[:1] if interaction.original is not None else []
        else:
            known = [m for m in known if m.id == message_id]
        if not known or known[0].deleted:
            raise refuse(10008)
        return interaction, known[0]

    def edit(
        self, token: str, message_id: int | None, body: Json, uploads: Sequence[Upload]
    ) -> Message:
        interaction, message = self.find(token, message_id)
        self._edit(interaction, message, body, uploads)
        interaction.change()
        return message

    def _edit(
        self, interaction: Interaction, message: Message, body: Json, uploads: Sequence[Upload]
    ) -> None:
        draft = read_edit(self.world, message, body, uploads)
        quiet = message.has(Flag.LOADING)
        self.messages.apply(interaction.channel, message, draft, quiet=quiet)

    def delete(self, token: str, message_id: int | None) -> None:
        interaction, message = self.find(token, message_id)
        self.messages.delete(interaction.channel, message)
        interaction.change()

    def fail(self, interaction: Interaction, text: str) -> None:
        """Tells the person's client that nothing came of it."""
        data = {"interaction_id": str(interaction.id), "text": text}
        self.world.hub.tell(
            Happening(
                "INTERACTION_FAILURE", interaction.channel, data=data, only_for=interaction.user.id
            )
        )

    @property
    def latest(self) -> Interaction:
        """The last one that was asked."""
        return next(reversed(self._by_id.values()))

    def by_id(self, interaction_id: int) -> Interaction | None:
        return self._by_id.get(interaction_id)
