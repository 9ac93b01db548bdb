"""What the sections of the settings have in common."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator
from pydantic_core import PydanticKnownError

_NUMBERS = (int, int | None, float)


class ConfigSection(BaseModel):
    """A section of the settings: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _true_is_no_number(cls, value: Any, info: ValidationInfo) -> Any:
        """`port = true` would be port 1."""
        field = cls.model_fields[info.field_name or ""]
        if isinstance(value, bool) and field.annotation in _NUMBERS:
            raise PydanticKnownError("int_type")
        return value


def address_of(value: str, schemes: Collection[str], example: str) -> str:
    """An address as a program can call it. Raises ValueError, without the address."""
    try:
        parts = urlsplit(value)
        well = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        well = False
    if not well or not value.isprintable() or " " in value:
        raise ValueError(f'write a whole address: "{example}"')
    return value
