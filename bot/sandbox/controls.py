"""Buttons and selects: one component each, as a body holds it. Source: Discord's component
reference.
"""

from typing import Any

from bot.sandbox import limits
from bot.sandbox.errors import Json
from bot.sandbox.form import Fields

BUTTON, STRING_SELECT, TEXT_INPUT = 2, 3, 4
USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 5, 6, 7, 8
SELECTS = frozenset({STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT})
LINK, PREMIUM = 5, 6


def kind_of(item: Fields) -> int:
    """The component's type; 0, noted as an error, when there is none."""
    return item.number("type", required=True) or 0


def base(item: Fields, kind: int) -> Json:
    data: Json = {"type": kind}
    if (given := item.number("id", least=0, most=(1 << 31) - 1)) is not None:
        data["id"] = given
    return data


def custom_id(item: Fields, seen: set[str], *, required: bool = True) -> str | None:
    """A custom id of 1 to 100 characters that no other component of the message has."""
    value = item.text("custom_id", least=1, most=limits.CUSTOM_ID, required=required)
    if value is not None and value in seen:
        message = "Component custom id cannot be duplicated"
        item.wrong("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", message)
    if value is not None:
        seen.add(value)
    return value


def emoji(item: Fields) -> Json | None:
    data = item.data.get("emoji")
    if not isinstance(data, dict):
        return None
    name: Any = data.get("name")
    if data.get("id") is None and (not isinstance(name, str) or not name or name[0].isalpha()):
        item.errors.add((*item.path, "emoji", "name"), "COMPONENT_INVALID_EMOJI", "Invalid emoji")
    return {"id": data.get("id"), "name": name}


def button(item: Fields, seen: set[str]) -> Json:
    data = base(item, BUTTON)
    style = item.number("style", required=True, choices=range(1, 7)) or 1
    label = item.text("label", most=80)
    symbol = emoji(item)
    data |= {"style": style, "disabled": item.flag("disabled")}
    if label is not None:
        data["label"] = label
    if symbol is not None:
        data["emoji"] = symbol
    if style == LINK:
        data["url"] = item.url("url", schemes=("http", "https", "discord"), most=512)
        if data["url"] is None:
            item.wrong("url", "BASE_TYPE_REQUIRED", "A url is required")
        if item.data.get("custom_id") is not None:
            message = "A custom id and url cannot both be specified"
            item.wrong("custom_id", "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", message)
    elif style != PREMIUM:
        data["custom_id"] = custom_id(item, seen)
        if item.data.get("url") is not None:
            message = "A custom id and url cannot both be specified"
            item.wrong("url", "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", message)
        if not (label or "").strip() and symbol is None:
            message = "A label or emoji is required"
            item.wrong("label", "BUTTON_COMPONENT_INVALID_LABEL_EMOJI", message)
    return data


def select(item: Fields, seen: set[str], kind: int, *, in_modal: bool = False) -> Json:
    data = base(item, kind) | {"custom_id": custom_id(item, seen)}
    if (placeholder := item.text("placeholder", most=150)) is not None:
        data["placeholder"] = placeholder
    least = item.number("min_values", least=0, most=limits.SELECT_OPTIONS)
    most = item.number("max_values", least=1, most=limits.SELECT_OPTIONS)
    data["min_values"] = 1 if least is None else least
    data["max_values"] = 1 if most is None else most
    if data["min_values"] > data["max_values"]:
        message = "min_values cannot be more than max_values"
        item.wrong("min_values", "BASE_TYPE_MAX", message)
    if in_modal:
        data["required"] = item.flag("required", True)
    else:
        data["disabled"] = item.flag("disabled")
    if kind == STRING_SELECT:
        data["options"] = options(item, limits.SELECT_OPTIONS)
        if data["max_values"] > len(data["options"]) > 0:
            message = "max_values cannot be more than the number of options"
            item.wrong("max_values", "BASE_TYPE_MAX", message)
    else:
        data["default_values"] = item.items("default_values", most=25)
    if kind == CHANNEL_SELECT and item.items("channel_types"):
        data["channel_types"] = item.items("channel_types")
    return data


def options(item: Fields, most: int, least: int = 1) -> list[Json]:
    """The options of a select, a radio group or a checkbox group; values must differ."""
    kept: list[Json] = []
    values: set[str] = set()
    for option in item.objects("options", least=least, most=most, required=True):
        label = option.text("label", least=1, most=100, required=True)
        value = option.text("value", least=1, most=100, required=True)
        if value in values:
            message = "The specified option value is already used"
            option.wrong("value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message)
        values.add(value or "")
        data: Json = {"label": label, "value": value, "default": option.flag("default")}
        if (description := option.text("description", most=100)) is not None:
            data["description"] = description
        if (symbol := emoji(option)) is not None:
            data["emoji"] = symbol
        kept.append(data)
    return kept
