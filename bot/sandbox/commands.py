"""Application commands: what Discord accepts, and the registry of what a bot has synced.

Source: Discord's documentation, "Application Commands".
"""

from typing import Any

import regex

from bot.sandbox import limits
from bot.sandbox.errors import FormErrors, Json, refuse
from bot.sandbox.form import Fields
from bot.sandbox.world import World

SLASH, USER_MENU, MESSAGE_MENU = 1, 2, 3
SUBCOMMAND, GROUP, STRING, INTEGER, NUMBER, CHANNEL = 1, 2, 3, 4, 10, 7
_NAME = regex.compile(r"[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}")
_Key = tuple[str, int]


class Commands:
    """A bot's commands, global (scope None) and of guilds (scope its id). They outlive the bot's
    process.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.synced = False
        self._scopes: dict[int | None, dict[_Key, Json]] = {}
        self._created: list[tuple[int | None, float]] = []

    def all(self, scope: int | None) -> list[Json]:
        return list(self._scopes.get(scope, {}).values())

    def offered(self, guild_id: int | None) -> list[Json]:
        """What a client is offered in a guild (its own commands go before global ones) or in a
        DM.
        """
        found = dict(self._scopes.get(None, {}))
        if guild_id is not None:
            found |= self._scopes.get(guild_id, {})
        return list(found.values())

    def get(self, scope: int | None, command_id: int) -> Json:
        """Raises 10063."""
        for command in self.all(scope):
            if command["id"] == str(command_id):
                return command
        raise refuse(10063)

    def replace(self, scope: int | None, bodies: Any) -> list[Json]:
        """The bulk overwrite. Raises 50035, 30034; nothing changes then."""
        errors = FormErrors()
        if not isinstance(bodies, list):
            errors.add((), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            errors.check()
        read = [_read(Fields(body, errors, (index,))) for index, body in enumerate(bodies)]
        keys: set[_Key] = set()
        for index, command in enumerate(read):
            if _key(command) in keys:
                message = "Application command names must be unique"
                errors.add((index,), "APPLICATION_COMMANDS_DUPLICATE_NAME", message)
            keys.add(_key(command))
        errors.check()
        self._check_count(read)
        before = self._scopes.get(scope, {})
        self._count_new(scope, sum(1 for key in keys if key not in before))
        after = {_key(c): self._stored(scope, c, before.get(_key(c), {}).get("id")) for c in read}
        self._scopes[scope] = after
        self.synced = True
        return list(after.values())

    def create(self, scope: int | None, body: Any) -> tuple[Json, bool]:
        """Adds or, under the same name, overwrites one; whether it is new. Raises 50035, 30034."""
        errors = FormErrors()
        command = _read(Fields(body, errors))
        errors.check()
        held = self._scopes.setdefault(scope, {})
        known = held.get(_key(command))
        if known is None:
            self._check_count([*held.values(), command])
            self._count_new(scope, 1)
        stored = self._stored(scope, command, known["id"] if known else None)
        held[_key(command)] = stored
        self.synced = True
        return stored, known is None

    def edit(self, scope: int | None, command_id: int, body: Json) -> Json:
        known = self.get(scope, command_id)
        errors = FormErrors()
        command = _read(Fields(known | body | {"type": known["type"]}, errors))
        errors.check()
        del self._scopes[scope][_key(known)]
        stored = self._stored(scope, command, known["id"])
        self._scopes[scope][_key(command)] = stored
        return stored

    def delete(self, scope: int | None, command_id: int) -> None:
        del self._scopes[scope][_key(self.get(scope, command_id))]

    def _stored(self, scope: int | None, command: Json, identity: str | None) -> Json:
        bot = str(self.world.bot.id)
        made = {"id": identity or str(self.world.new_id()), "application_id": bot}
        version = {"version": str(self.world.new_id())}
        return made | version | command | ({"guild_id": str(scope)} if scope else {})

    def _check_count(self, commands: list[Json]) -> None:
        for kind, most in ((1, limits.COMMANDS), (2, limits.CONTEXT_COMMANDS), (3, 15)):
            if sum(1 for c in commands if c["type"] == kind) > most:
                raise refuse(50035, f"Maximum number of application commands reached ({most}).")

    def _count_new(self, scope: int | None, new: int) -> None:
        now = self.world.clock().timestamp()
        today = [at for where, at in self._created if where == scope and now - at < 86400]
        if len(today) + new > limits.COMMAND_CREATES_A_DAY:
            raise refuse(30034)
        self._created += [(scope, now)] * new


def _key(command: Json) -> _Key:
    return command["name"], command["type"]


def _read(item: Fields) -> Json:
    """One command, checked, in the form in which it is given back."""
    kind = item.number("type", choices=(SLASH, USER_MENU, MESSAGE_MENU)) or SLASH
    command: Json = {"type": kind} | _named(item, chat=kind == SLASH)
    permissions = item.number("default_member_permissions", least=0)
    command |= {
        "default_member_permissions": None if permissions is None else str(permissions),
        "dm_permission": item.flag("dm_permission", True),
        "contexts": item.data.get("contexts"),
        "integration_types": item.data.get("integration_types") or [0],
        "nsfw": item.flag("nsfw"),
    }
    if kind == SLASH:
        command["options"] = _options(item, depth=0)
        if _size(command) > limits.COMMAND_TEXT:
            message = f"Command exceeds maximum size ({limits.COMMAND_TEXT})"
            item.errors.add(item.path, "APPLICATION_COMMAND_TOO_LARGE", message)
    return command


def _named(item: Fields, *, chat: bool = True) -> Json:
    name = item.text("name", least=1, most=32, required=True) or ""
    if chat:
        _check_name(item, ("name",), name)
        description = item.text("description", least=1, most=100, required=True)
    else:
        description = item.text("description", most=0)
    names = _localised(item, "name_localizations", 32)
    for locale, text in (names or {}).items():
        if chat:
            _check_name(item, ("name_localizations", locale), text)
    return {
        "name": name,
        "name_localizations": names,
        "description": description or "",
        "description_localizations": _localised(item, "description_localizations", 100),
    }


def _check_name(item: Fields, path: tuple[str, ...], name: str) -> None:
    if name and (not _NAME.fullmatch(name) or name != name.lower()):
        code = "APPLICATION_COMMAND_INVALID_NAME"
        item.errors.add((*item.path, *path), code, "Command name is invalid")


def _localised(item: Fields, key: str, most: int) -> dict[str, str] | None:
    given = item.child(key)
    if given is None:
        return None
    kept: dict[str, str] = {}
    for locale in given.data:
        if locale not in limits.LOCALES:
            given.wrong(locale, "BASE_TYPE_CHOICES", "Value must be one of Discord's locales.")
        kept[locale] = given.text(locale, least=1, most=most) or ""
    return kept


def _options(item: Fields, depth: int) -> list[Json]:
    kept = [_option(option, depth) for option in item.objects("options", most=25)]
    names = [option["name"] for option in kept]
    if len(set(names)) < len(names):
        message = "Option names must be unique"
        item.wrong("options", "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE", message)
    nested = [option["type"] in (SUBCOMMAND, GROUP) for option in kept]
    if any(nested) and not all(nested):
        message = "Sub-command and sub-command group option types are mutually exclusive to all other types"  # noqa: E501
        item.wrong("options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)
    required = [bool(option.get("required")) for option in kept]
    if required != sorted(required, reverse=True):
        message = "Required options must be placed before non-required options"
        item.wrong("options", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
    return kept


def _option(item: Fields, depth: int) -> Json:
    kind = item.number("type", required=True, choices=range(1, 12)) or STRING
    option: Json = {"type": kind} | _named(item)
    if (kind == GROUP and depth > 0) or (kind == SUBCOMMAND and depth > 1):
        message = "Sub-command option type can only be used inside groups or commands"
        item.wrong("type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)
    if kind in (SUBCOMMAND, GROUP):
        return option | {"options": _options(item, depth + (2 if kind == SUBCOMMAND else 1))}
    option["required"] = item.flag("required")
    option["autocomplete"] = item.flag("autocomplete")
    option["choices"] = [_choice(choice, kind) for choice in item.objects("choices", most=25)]
    if option["autocomplete"] and option["choices"]:
        message = "Autocomplete and choices are mutually exclusive"
        item.wrong("autocomplete", "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES", message)
    if kind == STRING:
        option["min_length"] = item.number("min_length", least=0, most=limits.OPTION_TEXT)
        option["max_length"] = item.number("max_length", least=1, most=limits.OPTION_TEXT)
    if kind in (INTEGER, NUMBER):
        option |= {key: item.data.get(key) for key in ("min_value", "max_value")}
    if kind == CHANNEL:
        option["channel_types"] = item.items("channel_types")
    return {key: value for key, value in option.items() if value not in (None, [])} | {
        "name_localizations": option["name_localizations"],
        "description_localizations": option["description_localizations"],
    }


def _choice(item: Fields, kind: int) -> Json:
    name = item.text("name", least=1, most=limits.CHOICE, required=True)
    value = item.data.get("value")
    if kind == STRING:
        value = item.text("value", most=limits.CHOICE, required=True)
    return {
        "name": name,
        "name_localizations": _localised(item, "name_localizations", limits.CHOICE),
        "value": value,
    }


def _size(part: Json) -> int:
    """Characters of names, descriptions and values; of each field only its longest language
    counts.
    """
    total = 0
    for key in ("name", "description"):
        texts = [part.get(key) or "", *(part.get(f"{key}_localizations") or {}).values()]
        total += max(len(text) for text in texts if isinstance(text, str))
    if isinstance(part.get("value"), str):
        total += len(part["value"])
    for key in ("options", "choices"):
        total += sum(_size(inner) for inner in part.get(key) or [])
    return total
