"""Modals: what a bot may open, and what a person may send back. Source: Discord's component
reference.
"""

from bot.sandbox import controls, limits
from bot.sandbox.components import ROW, TEXT, number, walk
from bot.sandbox.errors import Json
from bot.sandbox.form import Fields

LABEL, FILE_UPLOAD, RADIO, CHECKBOXES, CHECKBOX = 18, 19, 21, 22, 23
INPUTS = controls.SELECTS | {controls.TEXT_INPUT, FILE_UPLOAD, RADIO, CHECKBOXES, CHECKBOX}


def read(body: Fields) -> Json:
    """A modal's title, custom id and components; what is wrong goes to the body's errors."""
    data: Json = {
        "title": body.text("title", least=1, most=limits.MODAL_TITLE, required=True),
        "custom_id": body.text("custom_id", least=1, most=limits.CUSTOM_ID, required=True),
    }
    seen: set[str] = set()
    rows = body.objects("components", least=1, most=limits.MODAL_ROWS, required=True)
    data["components"] = number([_row(row, seen) for row in rows])
    return data


def inputs(components: list[Json]) -> list[Json]:
    """The components a person fills in, in order, each with the label and description around it."""
    found: list[Json] = []
    for top in components:
        for inner in walk([top]):
            if inner["type"] in INPUTS:
                outer = top if top["type"] == LABEL else inner
                found.append(
                    inner | {"label": outer.get("label"), "description": outer.get("description")}
                )
    return found


def _row(row: Fields, seen: set[str]) -> Json:
    kind = controls.kind_of(row)
    data = controls.base(row, kind)
    if kind == TEXT:
        return data | {"content": row.text("content", least=1, most=4000, required=True) or ""}
    if kind == ROW:
        inner = row.objects("components", least=1, most=1, required=True)
        return data | {"components": [_text_input(child, seen, labelled=True) for child in inner]}
    if kind == LABEL:
        data["label"] = row.text("label", least=1, most=45, required=True)
        data["description"] = row.text("description", least=1, most=100)
        component = row.child("component")
        if component is None:
            row.wrong("component", "BASE_TYPE_REQUIRED", "This field is required")
            return data
        return data | {"component": _input(component, seen)}
    if kind:
        message = 'Value of field "type" must be one of (1, 10, 18).'
        row.wrong("type", "UNION_TYPE_CHOICES", message)
    return {"type": 0}


def _input(item: Fields, seen: set[str]) -> Json:
    kind = controls.kind_of(item)
    if kind == controls.TEXT_INPUT:
        return _text_input(item, seen, labelled=False)
    if kind in controls.SELECTS:
        return controls.select(item, seen, kind, in_modal=True)
    data = controls.base(item, kind) | {"custom_id": controls.custom_id(item, seen)}
    if kind == CHECKBOX:
        return data | {"default": item.flag("default")}
    data["required"] = item.flag("required", True)
    if kind == RADIO:
        return data | {"options": controls.options(item, 10, 2)}
    least = item.number("min_values", least=0, most=10)
    most = item.number("max_values", least=1, most=10)
    data |= {"min_values": 1 if least is None else least}
    if kind == CHECKBOXES:
        data["options"] = controls.options(item, 10)
        data["max_values"] = len(data["options"]) if most is None else most
        return data
    if kind == FILE_UPLOAD:
        return data | {"max_values": 1 if most is None else most}
    if kind:
        message = 'Value of field "type" must be one of (3, 4, 5, 6, 7, 8, 19, 21, 22, 23).'
        item.wrong("type", "UNION_TYPE_CHOICES", message)
    return {"type": 0}


def _text_input(item: Fields, seen: set[str], *, labelled: bool) -> Json:
    kind = controls.kind_of(item)
    if kind != controls.TEXT_INPUT:
        item.wrong("type", "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (4,).')
    data = controls.base(item, controls.TEXT_INPUT) | {"custom_id": controls.custom_id(item, seen)}
    data["style"] = item.number("style", required=True, choices=(1, 2)) or 1
    label = item.text("label", least=1, most=45, required=labelled)
    if label is not None:
        data["label"] = label
    data["min_length"] = item.number("min_length", least=0, most=4000) or 0
    data["max_length"] = item.number("max_length", least=1, most=4000) or 4000
    if data["min_length"] > data["max_length"]:
        item.wrong("min_length", "BASE_TYPE_MAX", "min_length cannot be more than max_length")
    data["required"] = item.flag("required", True)
    if (placeholder := item.text("placeholder", most=100)) is not None:
        data["placeholder"] = placeholder
    value = item.text("value", most=4000)
    if value:
        data["value"] = value
        item.length("value", value, data["min_length"], data["max_length"])
    return data
