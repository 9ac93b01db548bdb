"""What is wrong with a configuration, a line a fault: key, place, and what to write instead."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from pathlib import Path

from pydantic import BaseModel
from pydantic_core import ErrorDetails

_EXPECTED = {
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "finite_number": "a number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "string_type": "text in quotes",
    "model_type": "a section of its own: [{key}]",
    "model_attributes_type": "a section of its own: [{key}]",
    "dict_type": "a section of its own: [{key}]",
}
_SECRET = (
    "token", "key", "api_key", "url", "base_url", "api_base", "gateway", "feed_base", "oai_base",
)  # fmt: skip
"""Keys whose values may hold a password: never shown."""


def sections_of(settings: type[BaseModel]) -> dict[str, Collection[str]]:
    """The keys of each section."""
    return {
        name: list(getattr(field.annotation, "model_fields", {}))
        for name, field in settings.model_fields.items()
    }


def source_of(
    error: ErrorDetails, environ: Collection[str], path: Path | None, prefix: str
) -> tuple[ErrorDetails, str, str | None]:
    """One of pydantic's findings, where the value stands, and its variable if it is one.

    The environment goes before the file, so it is looked at first.
    """
    parts = [str(part) for part in error["loc"]]
    key = ".".join(parts)
    variable = f"{prefix}{'__'.join(parts)}".upper()
    name = next((name for name in environ if name.upper() == variable), None)
    if path is None or name is not None:
        return error, f"environment: {name or variable} ({key})", name
    return error, f"{path}: {key}", None


def fault(error: ErrorDetails, where: str, sections: Mapping[str, Collection[str]]) -> str:
    """One of pydantic's findings in a line."""
    parts = [str(part) for part in error["loc"]]
    key = ".".join(parts)
    if error["type"] == "extra_forbidden":
        return f"{where}: unknown key{_meant(parts, sections)}"
    return f"{where}: {_shown(error, parts)}{_wanted(error, key)}"


def unknown_variable(name: str, sections: Mapping[str, Collection[str]], prefix: str) -> str:
    """A variable of the environment that names no setting."""
    known = [
        f"{prefix}{section}__{key}".upper() for section in sections for key in sections[section]
    ]
    close = difflib.get_close_matches(name.upper(), known, n=1)
    hint = f" (did you mean {close[0]}?)" if close else f": it is {prefix}SECTION__KEY"
    return f"environment: {name}: unknown setting{hint}"


def _meant(parts: list[str], sections: Mapping[str, Collection[str]]) -> str:
    section = sections.get(parts[0], ()) if len(parts) > 1 else sections
    close = difflib.get_close_matches(parts[-1], section, n=1)
    if close:
        return f" (did you mean {close[0]}?)"
    elsewhere = [f"{name}.{parts[-1]}" for name, keys in sections.items() if parts[-1] in keys]
    if elsewhere:
        return f" (did you mean {elsewhere[0]}?)"
    return f"; there are: {', '.join(section)}"


def _shown(error: ErrorDetails, parts: list[str]) -> str:
    value = error.get("input")
    # What stands for a whole section may be anything: an address with its password, the token.
    if len(parts) == 1 or parts[-1] in _SECRET or isinstance(value, dict | list):
        return ""
    text = repr(value) if isinstance(value, str) else str(value).lower()
    return f"{text[:60]} cannot be used: "


def _wanted(error: ErrorDetails, key: str) -> str:
    context = error.get("ctx", {})
    match error["type"]:
        case "literal_error":
            return f"write one of {context['expected'].replace(' or ', ', ')}"
        case "greater_than_equal":
            return f"at least {context['ge']}"
        case "greater_than":
            return f"more than {context['gt']}"
        case "less_than_equal":
            return f"at most {context['le']}"
        case "value_error":
            return str(context["error"])
        case kind if kind in _EXPECTED:
            return f"write {_EXPECTED[kind].format(key=key)}"
    return error["msg"]
