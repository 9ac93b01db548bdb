"""From what a person types to a command's data, the way a client reads it: names, options,
choices.
"""

from dataclasses import dataclass
from typing import Any

from bot.sandbox import limits, message_payloads, payloads
from bot.sandbox.commands import GROUP, SUBCOMMAND
from bot.sandbox.core import Core
from bot.sandbox.drafts import Upload
from bot.sandbox.errors import Json
from bot.sandbox.near import near
from bot.sandbox.objects import Attachment, Channel, Member, User
from bot.sandbox.permissions import Permission
from bot.sandbox.places import Place, find_place
from bot.sandbox.posts import ClientRefused


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice offered by autocompletion: what is shown, and what is sent."""

    name: str
    value: str | int | float


def label(part: Json, locale: str) -> str:
    """The name in the person's language, if the bot gave one."""
    return str((part.get("name_localizations") or {}).get(locale) or part["name"])


def is_named(part: Json, word: str, locale: str) -> bool:
    """Whether a word is the part's name, in itself or in that language."""
    return word.casefold() in (part["name"].casefold(), label(part, locale).casefold())


def offered(core: Core, user: User, channel: Channel, kind: int = 1) -> list[Json]:
    """The commands that the person's client shows there: right context, right permissions."""
    granted = core.world.allowed(user, channel)
    if not granted & Permission.USE_APPLICATION_COMMANDS:
        return []
    return [
        command
        for command in core.commands.offered(channel.guild_id)
        if command["type"] == kind and _usable(command, channel, granted)
    ]


def _usable(command: Json, channel: Channel, granted: int) -> bool:
    contexts = command["contexts"]
    if channel.guild_id is None:
        return 1 in contexts if contexts is not None else bool(command["dm_permission"])
    if contexts is not None and 0 not in contexts:
        return False
    needed = command["default_member_permissions"]
    if needed is None or granted & Permission.ADMINISTRATOR:
        return True
    return int(needed) != 0 and granted & int(needed) == int(needed)


@dataclass(slots=True)
class Typed:
    """A command found: its top, the path of subcommand names to `leaf`, whose options are filled
    in.
    """

    command: Json
    path: list[Json]
    leaf: Json

    def data(self, options: list[Json], resolved: Json) -> Json:
        for step in reversed(self.path):
            options = [{"name": step["name"], "type": step["type"], "options": options}]
        data: Json = {
            "id": self.command["id"],
            "name": self.command["name"],
            "type": 1,
            "options": options,
        }
        if "guild_id" in self.command:
            data["guild_id"] = self.command["guild_id"]
        return data | ({"resolved": resolved} if resolved else {})


def find(core: Core, user: User, channel: Channel, typed: str) -> Typed:
    """The command of `/paper add`, by its names or their translations. Raises ClientRefused."""
    words = typed.strip().removeprefix("/").split()
    if not words:
        raise ClientRefused("no command given")
    at_hand = offered(core, user, channel)
    command = next((c for c in at_hand if is_named(c, words[0], user.locale)), None)
    if command is None:
        near_one = _near(words[0], at_hand, user.locale) or _whole(words[0], at_hand, user.locale)
        raise ClientRefused(
            f"there is no command /{words[0]} here for {user.display_name}{near_one}"
        )
    leaf, path = command, []
    for word in words[1:]:
        inner = [o for o in leaf.get("options") or [] if o["type"] in (SUBCOMMAND, GROUP)]
        found = next((o for o in inner if is_named(o, word, user.locale)), None)
        if found is None:
            there = _near(word, inner, user.locale) or _known(inner, user.locale)
            raise ClientRefused(f"/{' '.join(words)}: there is no {word}{there}")
        path.append(found)
        leaf = found
    inner = [o for o in leaf.get("options") or [] if o["type"] in (SUBCOMMAND, GROUP)]
    if inner:
        there = _known(inner, user.locale)
        raise ClientRefused(f"/{' '.join(words)} needs a subcommand{there}")
    return Typed(command, path, leaf)


def fill(
    core: Core,
    user: User,
    channel: Channel,
    typed: Typed,
    given: dict[str, Any],
    *,
    strict: bool = True,
) -> tuple[list[Json], Json]:
    """The options as they are sent, and what they refer to. Raises ClientRefused.

    strict: whether required options must be there and all values valid (not while autocompleting).
    """
    left = {key: value for key, value in given.items() if value is not None}
    sent: list[Json] = []
    resolved: Json = {}
    for option in typed.leaf.get("options") or []:
        key = next((k for k in left if is_named(option, k.rstrip("_"), user.locale)), None)
        if key is None:
            if option.get("required") and strict:
                raise ClientRefused(f"the option {option['name']} is required")
            continue
        value = value_of(core, user, channel, option, left.pop(key), resolved, strict=strict)
        sent.append({"name": option["name"], "type": option["type"], "value": value})
    if left:
        wrong = next(iter(left)).rstrip("_")
        options = typed.leaf.get("options") or []
        there = _near(wrong, options, user.locale) or _known(options, user.locale)
        raise ClientRefused(f"/{typed.leaf['name']} has no option {wrong}{there}")
    return sent, resolved


def _near(word: str, parts: list[Json], locale: str) -> str:
    names = [name for part in parts for name in (part["name"], label(part, locale))]
    return near(word, names)


def _known(parts: list[Json], locale: str) -> str:
    return f" (there are: {', '.join(label(part, locale) for part in parts) or 'none'})"


def _whole(word: str, commands: list[Json], locale: str) -> str:
    """The commands that have a subcommand of that name; without one, all of them."""
    found = [
        f"/{label(command, locale)} {label(inner, locale)}"
        for command in commands
        for inner in command.get("options") or []
        if inner["type"] in (SUBCOMMAND, GROUP) and is_named(inner, word, locale)
    ]
    every = [f"/{label(command, locale)}" for command in commands]
    if found:
        return f" (did you mean {' or '.join(found)}?)"
    return f" (there are: {', '.join(every) or 'none'})"


def value_of(
    core: Core,
    user: User,
    channel: Channel,
    option: Json,
    value: Any,
    resolved: Json,
    *,
    strict: bool = True,
) -> Any:
    """A value as an option of its type is sent; what it refers to goes into `resolved`."""
    name, kind = option["name"], option["type"]
    if isinstance(value, Choice):
        value = value.value
    if option.get("choices"):
        return _choice(option, value, user.locale)
    if kind == 3:
        return _string(option, value, strict=strict)
    if kind in (4, 10):
        return _number(option, value) if strict else value
    if kind == 5:
        if not isinstance(value, bool):
            raise ClientRefused(f"{name} must be true or false")
        return value
    if kind == 6 or kind == 9:
        return _user(core, channel, value, resolved)
    if kind == 7:
        return _channel(core, user, option, value, resolved)
    if kind == 8:
        return _role(core, channel, value, resolved)
    return _file(core, channel, name, value, resolved)


def _choice(option: Json, value: Any, locale: str) -> Any:
    for choice in option["choices"]:
        if value in (choice["value"], choice["name"], label(choice, locale)):
            return choice["value"]
    names = ", ".join(label(choice, locale) for choice in option["choices"])
    meant = near(str(value), [label(choice, locale) for choice in option["choices"]])
    raise ClientRefused(f"{option['name']} must be one of {names}; not {value}{meant}")


def _string(option: Json, value: Any, *, strict: bool) -> str:
    if not isinstance(value, str):
        raise ClientRefused(f"{option['name']} must be text")
    least = option.get("min_length") or (1 if option.get("required") else 0)
    most = option.get("max_length") or limits.OPTION_TEXT
    if strict and not least <= len(value) <= most:
        raise ClientRefused(
            f"{option['name']} must have {least} to {most} characters; {len(value)} given"
        )
    return value


def _number(option: Json, value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ClientRefused(f"{option['name']} must be a number")
    if option["type"] == 4 and not isinstance(value, int):
        raise ClientRefused(f"{option['name']} must be a whole number")
    least, most = option.get("min_value"), option.get("max_value")
    if (least is not None and value < least) or (most is not None and value > most):
        raise ClientRefused(f"{option['name']} must be between {least} and {most}")
    return value


def find_user(core: Core, who: Any) -> User:
    """A person by name or id, or anything that has an `id` (a Person). Raises ClientRefused."""
    wanted = getattr(who, "id", who)
    for user in core.world.users.values():
        names = {user.username.casefold(), user.display_name.casefold(), str(user.id)}
        if str(wanted).removeprefix("@").casefold() in names:
            return user
    raise ClientRefused(f"there is nobody called {who}")


def resolve_user(core: Core, channel: Channel, user: User, resolved: Json) -> str:
    resolved.setdefault("users", {})[str(user.id)] = payloads.user(user)
    guild = core.world.guild_of(channel)
    member: Member | None = guild.members.get(user.id) if guild else None
    if member is not None:
        allowed = core.world.allowed(user, channel)
        shown = payloads.member(member, with_user=False, permissions=allowed)
        resolved.setdefault("members", {})[str(user.id)] = shown
    return str(user.id)


def _user(core: Core, channel: Channel, value: Any, resolved: Json) -> str:
    return resolve_user(core, channel, find_user(core, value), resolved)


def _channel(core: Core, user: User, option: Json, value: Any, resolved: Json) -> str:
    place: Place = find_place(core, value, user)
    kinds = option.get("channel_types")
    if kinds and int(place.record.kind) not in kinds:
        raise ClientRefused(f"{option['name']} cannot be {place.name}: wrong kind of channel")
    shown = payloads.channel(place.record)
    shown["permissions"] = str(core.world.allowed(user, place.record))
    resolved.setdefault("channels", {})[str(place.id)] = shown
    return str(place.id)


def _role(core: Core, channel: Channel, value: Any, resolved: Json) -> str:
    guild = core.world.guild_of(channel)
    for role in guild.roles.values() if guild else ():
        if str(value).removeprefix("@").casefold() in (role.name.casefold(), str(role.id)):
            resolved.setdefault("roles", {})[str(role.id)] = payloads.role(role)
            return str(role.id)
    raise ClientRefused(f"there is no role called {value}")


def store_file(core: Core, channel: Channel, upload: Upload, resolved: Json) -> str:
    record = Attachment(
        core.world.new_id(), upload.filename, upload.data, "application/octet-stream"
    )
    core.world.files[record.id] = record
    shown = message_payloads.attachment(core.world, record, channel.id)
    resolved.setdefault("attachments", {})[str(record.id)] = shown
    return str(record.id)


def _file(core: Core, channel: Channel, name: str, value: Any, resolved: Json) -> str:
    """A file is given as (name, bytes)."""
    if not isinstance(value, tuple) or len(value) != 2:
        raise ClientRefused(f"{name} must be a file: (name, bytes)")
    return store_file(core, channel, Upload(0, str(value[0]), bytes(value[1])), resolved)
