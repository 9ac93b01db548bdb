"""The section of the settings that names a language model."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from bot.config_section import ConfigSection, address_of

LONGEST_PROMPT: Final = 20_000
"""Bytes."""


def prompt_of(file: Path) -> str:
    """What a host wrote for the model. Raises ValueError where it is none."""
    try:
        with file.open("rb") as opened:
            text = opened.read(LONGEST_PROMPT + 1)
        if len(text) > LONGEST_PROMPT:
            raise ValueError(f"a prompt has at most {LONGEST_PROMPT:,} bytes")
        said = text.decode("utf-8-sig").strip()
    except OSError as error:
        raise ValueError(f"the file cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ValueError("not UTF-8: save the file as UTF-8") from None
    if not said:
        raise ValueError("the file is empty: write what the model is to do")
    return said


def plain_key(value: str) -> str:
    """A key as it goes into a header. Raises ValueError, without the key."""
    key = value.strip()
    if not key.isascii() or not key.isprintable() or set(key) & set(" \"'"):
        raise ValueError("write the key alone, as its provider shows it")
    return key


class SummariesConfig(ConfigSection):
    """A language model that writes summaries: off without `base_url` and `model`."""

    base_url: str = ""
    """What `/chat/completions` follows, of any server that speaks OpenAI's protocol."""
    api_key: SecretStr = SecretStr("")
    model: str = Field(default="", validate_default=True)
    timeout: float = Field(default=60.0, gt=0, le=600, allow_inf_nan=False)
    """Seconds until an answer must be there, whole."""
    max_tokens: int = Field(default=1000, ge=1, le=100_000)
    """Tokens of one answer at most."""
    per_day: int = Field(default=200, ge=0)
    """Requests in one day (UTC) at most, failed ones among them."""
    user_agent: str = ""
    """Left out: the program's name and version."""
    prompt: Path | None = None
    """A file with what the model is told to do; left out: the program's own."""

    @property
    def on(self) -> bool:
        """Whether there is a model to ask."""
        return bool(self.base_url)

    @field_validator("base_url")
    @classmethod
    def _callable(cls, value: str) -> str:
        if not value.strip():
            return ""
        address = address_of(value.strip(), ("http", "https"), "http://localhost:11434/v1")
        parts = urlsplit(address)
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("write the address alone; the key goes into api_key")
        return address.rstrip("/").removesuffix("/chat/completions")

    @field_validator("api_key")
    @classmethod
    def _alone(cls, value: SecretStr) -> SecretStr:
        return SecretStr(plain_key(value.get_secret_value()))

    @field_validator("model", "user_agent")
    @classmethod
    def _one_line(cls, value: str, info: ValidationInfo) -> str:
        line = value.strip()
        if not line.isprintable() or (info.field_name == "user_agent" and not line.isascii()):
            raise ValueError("write it in one line of plain letters")
        return line

    @field_validator("model")
    @classmethod
    def _beside(cls, value: str, info: ValidationInfo) -> str:
        if "base_url" in info.data and bool(value) != bool(info.data["base_url"]):
            raise ValueError("base_url and model are set together, or neither")
        return value

    @field_validator("prompt", mode="before")
    @classmethod
    def _nothing(cls, value: Any) -> Any:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator("prompt")
    @classmethod
    def _readable(cls, value: Path | None) -> Path | None:
        if value is not None:
            prompt_of(value)
        return value
