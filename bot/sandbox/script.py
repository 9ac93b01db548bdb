"""Scripts: what members do in the sandbox, one action a step, written as TOML.

    [[step]]
    time = 2020-07-26T09:00:00Z
    who = "Ada"
    where = "#papers"
    command = "/paper add"
    options = { reference = "https://arxiv.org/abs/2007.10909" }

`docs/demo-scripts.md` describes every key. `load` checks a file without running anything; `play`
does the steps as the members' clients would, in order, and stops at the first that goes wrong.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.sandbox.near import near
from bot.sandbox.script_lines import key_line, step_lines

OptionValue = str | int | float | bool

_ACTIONS = ("command", "press", "select", "menu", "say", "see")
_GOES_WITH = {
    "options": ("command",),
    "fields": ("command", "press", "select", "menu"),
    "on": ("press", "select", "menu"),
    "values": ("select",),
    "reply_to": ("say",),
    "ping": ("say",),
    "title": ("say",),
    "expect": _ACTIONS,
    "refused": ("command", "press", "select", "menu"),
}
KEYS = {"time", "who", "where", *_ACTIONS, *_GOES_WITH}


class ScriptError(ValueError):
    """A script that cannot be played; one line: file, line, step number, key, problem."""


@dataclass(frozen=True, slots=True)
class Step:
    """One member's action; `number` counts from 1. A step with only a `time` does nothing else."""

    number: int
    action: str | None = None
    """One of "command", "press", "select", "menu", "say", "see"."""
    what: str = ""
    """The action's own value: the command's name, the button's label, the text that is said, …"""
    who: str = ""
    where: str = ""
    time: datetime | None = None
    options: Mapping[str, OptionValue] = field(default_factory=dict)
    fields: Mapping[str, str | tuple[str, ...]] | None = None
    on: str | None = None
    values: tuple[str, ...] = ()
    reply_to: str | None = None
    ping: bool = True
    title: str | None = None
    expect: tuple[str, ...] = ()
    refused: bool = False
    line: int | None = field(default=None, compare=False)
    """Where its `[[step]]` stands in the file; None where that is not known."""

    def __str__(self) -> str:
        return f"{_at(self.line)}step {self.number}"


@dataclass(frozen=True, slots=True)
class Script:
    """A checked script: its steps in order, `who` and `where` filled in from the steps before."""

    path: Path
    steps: tuple[Step, ...]


def load(path: Path | str) -> Script:
    """Read and check a script. Raises ScriptError, also when the file cannot be read."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8 text"
        raise ScriptError(f"{path}: {reason}") from error
    return parse(text, path)


def parse(text: str, path: Path = Path("script")) -> Script:
    """Check a script's text; `path` is only named in errors. Raises ScriptError."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScriptError(f"{path}: not valid TOML: {' '.join(str(error).split())}") from error
    except RecursionError:
        raise ScriptError(f"{path}: nested too deep for a script") from None
    for key in document:
        if key != "step":
            meant = near(key, ["step"])
            only = "a script has only [[step]] tables"
            raise ScriptError(f"{path}: {key}: unknown key{meant} ({only})")
    tables = document.get("step", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ScriptError(f"{path}: step: must be written [[step]], once for each step")
    if not tables:
        raise ScriptError(f"{path}: step: there is no [[step]] in it")
    lines: list[int] | list[None] = step_lines(text)
    if len(lines) != len(tables):  # steps written as `step = [{…}]`
        lines = [None] * len(tables)
    steps: list[Step] = []
    who = where = ""
    for number, (table, line) in enumerate(zip(tables, lines, strict=True), 1):
        step = _Table(path, text, number, line, table).step(who, where)
        who, where = step.who, step.where
        steps.append(step)
    return Script(path, tuple(steps))


class _Table:
    """One `[[step]]` while it is being checked."""

    def __init__(
        self, path: Path, text: str, number: int, line: int | None, table: dict[str, Any]
    ) -> None:
        self.path, self.text, self.table = path, text, table
        self.number, self.line = number, line

    def wrong(self, key: str, problem: str) -> ScriptError:
        line = key_line(self.text, self.line, key) if self.line is not None else None
        return ScriptError(f"{self.path}: {_at(line)}step {self.number}: {key}: {problem}")

    def step(self, who: str, where: str) -> Step:
        action = self._action()
        who, where = self._text("who") or who, self._text("where") or where
        if action and not who:
            raise self.wrong("who", "missing: name the member who does this")
        if action and not where:
            raise self.wrong("where", 'missing: name the place, such as "#papers"')
        if action is None and "time" not in self.table:
            raise self.wrong("command", f"missing: a step needs a time or one of {_list(_ACTIONS)}")
        values = self._texts("values")
        if action == "select" and not values:
            raise self.wrong("values", "missing: name what is chosen")
        return Step(
            number=self.number,
            line=self.line,
            action=action,
            what=(self._text(action) or "") if action else "",
            who=who,
            where=where,
            time=self._time(),
            options=self._options(),
            fields=self._fields(),
            on=self._text("on"),
            values=values,
            reply_to=self._text("reply_to"),
            ping=self._flag("ping", True),
            title=self._text("title"),
            expect=self._texts("expect"),
            refused=self._flag("refused", False),
        )

    def _action(self) -> str | None:
        for key in self.table:
            if key not in KEYS:
                known = f"known: {_list(sorted(KEYS))}"
                raise self.wrong(key, f"unknown key{near(key, KEYS)} ({known})")
        actions = [key for key in _ACTIONS if key in self.table]
        if len(actions) > 1:
            raise self.wrong(
                actions[1], f"a step does one thing, and this one has {actions[0]} too"
            )
        action = actions[0] if actions else None
        for key, owners in _GOES_WITH.items():
            if key in self.table and action not in owners:
                raise self.wrong(key, f"goes only with {_list(owners)}")
        if action == "command" and not str(self.table["command"]).startswith("/"):
            raise self.wrong("command", 'must begin with a slash, such as "/paper add"')
        return action

    def _text(self, key: str) -> str | None:
        value = self.table.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.wrong(key, "must be text in quotes")
        if not value.strip():
            raise self.wrong(key, "is empty")
        return value

    def _texts(self, key: str) -> tuple[str, ...]:
        value = self.table.get(key, [])
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(v, str) and v for v in values):
            raise self.wrong(key, "must be text, or a list of texts")
        return tuple(values)

    def _flag(self, key: str, default: bool) -> bool:
        value = self.table.get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, "must be true or false")
        return value

    def _time(self) -> datetime | None:
        value = self.table.get("time")
        if value is None:
            return None
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise self.wrong("time", "must be a time with its offset, such as 2020-07-26T09:00:00Z")
        return value.astimezone(UTC)

    def _options(self) -> dict[str, OptionValue]:
        options = self._mapping("options")
        for name, value in options.items():
            if not isinstance(value, str | int | float | bool):
                raise self.wrong(f"options.{name}", "must be text, a number, true or false")
        return options

    def _fields(self) -> dict[str, str | tuple[str, ...]] | None:
        if "fields" not in self.table:
            return None
        fields: dict[str, str | tuple[str, ...]] = {}
        for name, value in self._mapping("fields").items():
            if isinstance(value, list) and all(isinstance(item, str) for item in value):
                fields[name] = tuple(value)
            elif isinstance(value, str):
                fields[name] = value
            else:
                raise self.wrong(f"fields.{name}", "must be text, or a list of what is chosen")
        return fields

    def _mapping(self, key: str) -> dict[str, Any]:
        value = self.table.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, f"must be a table: [step.{key}], or {key} = {{ … }}")
        return value


def _at(line: int | None) -> str:
    return f"line {line}: " if line is not None else ""


def _list(words: tuple[str, ...] | list[str]) -> str:
    return ", ".join(words)
