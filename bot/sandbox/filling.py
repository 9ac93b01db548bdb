"""What a person puts into a form or picks in a select, checked and put as a client sends it."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox import controls, modals, slash
from bot.sandbox.components import ROW, TEXT
from bot.sandbox.core import Core
from bot.sandbox.drafts import Upload
from bot.sandbox.errors import Json
from bot.sandbox.objects import Channel
from bot.sandbox.posts import ClientRefused, Form


def fill(core: Core, channel: Channel, form: Form, given: Mapping[str | int, Any]) -> Json:
    """The data of a submitted modal: values by label, custom id or position (from 0). Raises
    ClientRefused.
    """
    left = dict(given)
    resolved: Json = {}
    values: dict[str, Json] = {}
    for position, part in enumerate(modals.inputs(form.rows)):
        keys = (part.get("label"), part["custom_id"], position, str(position))
        key = next((k for k in keys if k in left), None)
        value = left.pop(key) if key is not None else None
        values[part["custom_id"]] = _one(core, channel, part, value, resolved)
    if left:
        raise ClientRefused(f"the form has no field {next(iter(left))}")
    data: Json = {"custom_id": form.custom_id, "components": [_row(r, values) for r in form.rows]}
    return data | ({"resolved": resolved} if resolved else {})


def _row(row: Json, values: dict[str, Json]) -> Json:
    shown: Json = {"type": row["type"], "id": row["id"]}
    if row["type"] == ROW:
        return shown | {"components": [values[c["custom_id"]] for c in row["components"]]}
    if row["type"] == TEXT:
        return shown
    return shown | {"component": values[row["component"]["custom_id"]]}


def _one(core: Core, channel: Channel, part: Json, value: Any, resolved: Json) -> Json:
    kind, name = part["type"], part.get("label") or part["custom_id"]
    sent: Json = {"type": kind, "id": part["id"], "custom_id": part["custom_id"]}
    if kind == controls.TEXT_INPUT:
        return sent | {
            "value": _text(part, name, part.get("value", "") if value is None else value)
        }
    if kind == modals.CHECKBOX:
        return sent | {"value": bool(part.get("default") if value is None else value)}
    if kind == modals.RADIO:
        chosen = pick(part, name, [] if value is None else [value], resolved)
        if not chosen and part.get("required"):
            raise ClientRefused(f"{name} is required")
        return sent | {"value": chosen[0] if chosen else None}
    if kind == modals.FILE_UPLOAD:
        files = value or []
        _count(part, name, len(files))
        ids = [
            slash.store_file(core, channel, Upload(0, str(file), data), resolved)
            for file, data in (files.items() if isinstance(files, dict) else files)
        ]
        return sent | {"values": ids}
    listed = value if isinstance(value, list | tuple) else [] if value is None else [value]
    if kind in (controls.STRING_SELECT, modals.CHECKBOXES):
        chosen = pick(part, name, list(listed), resolved)
    else:
        chosen = refer(core, channel, kind, list(listed), resolved)
    _count(part, name, len(chosen))
    return sent | {"values": chosen}


def _text(part: Json, name: str, value: Any) -> str:
    text = str(value)
    if part["required"] and not text.strip():
        raise ClientRefused(f"{name} is required")
    least, most = part["min_length"], part["max_length"]
    if text and not least <= len(text) <= most:
        raise ClientRefused(f"{name} takes {least} to {most} characters; {len(text)} given")
    return text


def _count(part: Json, name: str, count: int) -> None:
    least = part.get("min_values", 1)
    if count == 0 and not part.get("required", True):
        return
    if not least <= count <= part.get("max_values", 1):
        raise ClientRefused(f"{name} takes {least} to {part.get('max_values', 1)} values")


def pick(part: Json, name: str, wanted: list[Any], resolved: Json) -> list[str]:
    """The values of options given by label or value. Raises ClientRefused."""
    chosen: list[str] = []
    for item in wanted:
        found = next((o for o in part["options"] if item in (o["label"], o["value"])), None)
        if found is None:
            labels = ", ".join(option["label"] for option in part["options"])
            raise ClientRefused(f"{name} offers {labels}; not {item}")
        chosen.append(found["value"])
    return chosen


def refer(core: Core, channel: Channel, kind: int, wanted: list[Any], resolved: Json) -> list[str]:
    """The ids of users, roles or channels picked in a select of that kind, with their data in
    `resolved`.
    """
    option = {controls.ROLE_SELECT: 8, controls.CHANNEL_SELECT: 7}.get(kind, 6)
    viewer = core.world.bot
    return [
        slash.value_of(core, viewer, channel, {"name": "select", "type": option}, item, resolved)
        for item in wanted
    ]


def choose(core: Core, channel: Channel, part: Json, values: list[Any]) -> Json:
    """The data of a select used under a message. Raises ClientRefused."""
    resolved: Json = {}
    name = part.get("placeholder") or part["custom_id"]
    if part["type"] == controls.STRING_SELECT:
        chosen = pick(part, name, values, resolved)
    else:
        chosen = refer(core, channel, part["type"], values, resolved)
    _count(part, name, len(chosen))
    data: Json = {
        "custom_id": part["custom_id"],
        "component_type": part["type"],
        "id": part["id"],
        "values": chosen,
    }
    return data | ({"resolved": resolved} if resolved else {})
