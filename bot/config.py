"""Settings: a TOML file, the environment on top, defaults that work with neither."""

from __future__ import annotations

import datetime as dt
import os
import tomllib
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal

from platformdirs import user_data_path
from pydantic import (
    Field,
    PrivateAttr,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from bot.config_errors import fault, sections_of, source_of, unknown_variable
from bot.config_section import ConfigSection, address_of
from bot.config_summaries import SummariesConfig, plain_key
from bot.errors import HostError, PersonError
from bot.locale import languages
from bot.locale.choices import parse_language
from bot.locale.settings import parse_setting
from bot.model.channel import SETTINGS, ChannelSettings
from bot.model.remote import parse_branch, parse_target

PREFIX = "PAPERTAKES_"


class ConfigError(HostError):
    """Settings that cannot be used: a line for each, naming the key and where it stands."""


def _plain_token(value: str) -> str:
    """A token as it goes into a header. Raises ValueError, without the token."""
    token = value.strip()
    if not token.isascii() or not token.isprintable() or set(token) & set(" \"'"):
        raise ValueError("write the token alone, as the Developer Portal shows it")
    return token


def _plain_key(value: str) -> str:
    """Zotero's key as it goes into a header. Raises ValueError, without the key."""
    key = value.strip()
    if key and not (key.isascii() and key.isalnum()):
        raise ValueError("write the key alone, as Zotero shows it: letters and digits")
    return key


class DiscordConfig(ConfigSection):
    """How Discord is reached, and as whom."""

    token: SecretStr = SecretStr("")
    api_base: str = "https://discord.com/api/v10"
    gateway: str = "wss://gateway.discord.gg/"
    message_content: bool = False
    """Ask for the privileged intent, to find arXiv links in everybody's messages."""
    shards: int | None = Field(default=None, ge=1, le=500)
    """Connections to the gateway, among which the servers are divided; left out: one."""

    @field_validator("token")
    @classmethod
    def _alone(cls, value: SecretStr) -> SecretStr:
        return SecretStr(_plain_token(value.get_secret_value()))

    @field_validator("api_base")
    @classmethod
    def _callable(cls, value: str) -> str:
        return address_of(value, ("http", "https"), "https://discord.com/api/v10")

    @field_validator("gateway")
    @classmethod
    def _gateway(cls, value: str) -> str:
        return address_of(value, ("ws", "wss"), "wss://gateway.discord.gg/")


class ArxivConfig(ConfigSection):
    """How arXiv is reached."""

    api_base: str = "https://export.arxiv.org/api"
    feed_base: str = "https://rss.arxiv.org"
    oai_base: str = "https://oaipmh.arxiv.org/oai"
    contact: str = ""
    """An address for User-Agent, as arXiv asks for."""
    interval: float = Field(default=3.0, ge=0, allow_inf_nan=False)
    """Seconds between two requests; arXiv asks for three."""

    @field_validator("api_base", "feed_base", "oai_base")
    @classmethod
    def _callable(cls, value: str, info: ValidationInfo) -> str:
        example = cls.model_fields[info.field_name or ""].default
        return address_of(value, ("http", "https"), example)

    @field_validator("contact")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if not value.strip().isprintable():
            raise ValueError("write one address in one line")
        return value.strip()


class DatabaseConfig(ConfigSection):
    """Where everything is stored."""

    url: str = ""
    """Empty: an SQLite file in the user's data folder."""

    def resolved(self) -> str:
        """The URL that is used, the default folder made. Raises ConfigError."""
        if self.url:
            return self.url
        folder = user_data_path("papertakes")
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(
                f"database.url: not set, and the folder {folder} cannot be made"
                f" ({error.strerror}): set it to a file, such as sqlite:////var/lib/papertakes.db"
            ) from None
        with suppress(OSError):
            folder.chmod(0o700)
        return f"sqlite:///{folder / 'papertakes.db'}"


_USUAL = ChannelSettings()
_EXAMPLES: Mapping[str, str] = {
    "weekday": 'a weekday or several: "sunday", "monday,thursday"',
    "time": 'a time of day: "18:00"',
    "time_zone": 'a zone by its place, or its distance: "Asia/Seoul", "UTC+9"',
    "language": f"one of {', '.join(languages())}",
    "title": 'words with {date}, {number}, {week} or {year}: "Papers of {date:%Y-%m-%d}"',
}
"""What can stand at the keys that are read as in `/settings set`."""


def _as_text(value: Any) -> str:
    """TOML has times, numbers and lists: `time = 18:00:00`, `weekday = ["mon", "thu"]`."""
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


class DigestConfig(ConfigSection):
    """What a new channel starts with: settings of the table by their names."""

    weekday: Annotated[tuple[str, ...], NoDecode] = _USUAL.weekday
    time: dt.time = _USUAL.time
    time_zone: str = _USUAL.time_zone
    language: str | None = None
    """Left out: the language that the guild prefers."""
    title: str | None = _USUAL.title
    authors: int | None = Field(default=_USUAL.authors, ge=SETTINGS["authors"].low)
    """Authors shown of each paper; left out: all."""
    overdue_days: int = Field(default=28, ge=1)
    """How late a digest is still posted when the bot was off; a later one is told instead."""

    @field_validator(*_EXAMPLES, mode="before")
    @classmethod
    def _parsed(cls, value: Any, info: Any) -> Any:
        if not value and info.field_name in ("title", "language"):
            return None
        try:
            return parse_setting(info.field_name, _as_text(value))
        except PersonError:
            raise ValueError(f"write {_EXAMPLES[info.field_name]}") from None

    def channel(self, locale: str | None) -> ChannelSettings:
        """The settings of a new channel in a guild that prefers `locale`."""
        try:
            spoken = parse_language(locale or "en")
        except PersonError:
            spoken = "en"
        chosen = {name: value for name, value in self if name in SETTINGS and value is not None}
        return ChannelSettings(**{"language": spoken, **chosen})


class ArchiveConfig(ConfigSection):
    """The archive as a site, and where it is published."""

    title: str = ""
    """What the site is called; left out: as its channel."""
    about: str = ""
    """What the club says of itself on the front page, as Markdown."""
    url: str = ""
    """Where the site is read."""
    publish: str = ""
    """A folder or a Git repository, written to after each digest."""
    branch: str = ""
    """Left out: the branch that the repository has, or main."""
    token: SecretStr = SecretStr("")
    """For a repository at https."""

    @field_validator("title")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if not value.strip().isprintable():
            raise ValueError("write one line")
        return value.strip()

    @field_validator("url")
    @classmethod
    def _readable(cls, value: str) -> str:
        if value and ("?" in value or "#" in value):
            raise ValueError('write the address of a folder: "https://club.example/papers/"')
        return value and address_of(value, ("http", "https"), "https://club.example/papers/")

    @field_validator("publish")
    @classmethod
    def _publishable(cls, value: str) -> str:
        if value:
            parse_target(value)
        return value.strip()

    @field_validator("branch")
    @classmethod
    def _branch(cls, value: str) -> str:
        return value and parse_branch(value)

    @field_validator("token")
    @classmethod
    def _alone(cls, value: SecretStr) -> SecretStr:
        token = value.get_secret_value().strip()
        if not token.isascii() or not token.isprintable() or set(token) & set(" \"'"):
            raise ValueError("write the token alone")
        return SecretStr(token)


class HttpConfig(ConfigSection):
    """The page for health and metrics."""

    port: int | None = Field(default=None, ge=0, le=65535)
    """Health and metrics; left out: none."""
    host: str = "127.0.0.1"


class LogConfig(ConfigSection):
    """What is logged, and in which form."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["console", "json"] = "console"


class ZoteroConfig(ConfigSection):
    """The group library that `papertakes zotero push` keeps in step."""

    key: SecretStr = SecretStr("")
    """Made at https://www.zotero.org/settings/keys, with the right to write to the group."""
    group: int | None = Field(default=None, ge=1)
    """The number in the group's address."""
    collection: str = ""
    """Its name; left out: the channel's."""
    api_base: str = "https://api.zotero.org"

    @field_validator("key")
    @classmethod
    def _alone(cls, value: SecretStr) -> SecretStr:
        return SecretStr(_plain_key(value.get_secret_value()))

    @field_validator("api_base")
    @classmethod
    def _callable(cls, value: str) -> str:
        return address_of(value, ("http", "https"), "https://api.zotero.org")


class Settings(BaseSettings):
    """All settings; see `config.example.toml`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True
    )

    discord: DiscordConfig = DiscordConfig()
    arxiv: ArxivConfig = ArxivConfig()
    database: DatabaseConfig = DatabaseConfig()
    digest: DigestConfig = DigestConfig()
    summaries: SummariesConfig = SummariesConfig()
    archive: ArchiveConfig = ArchiveConfig()
    http: HttpConfig = HttpConfig()
    log: LogConfig = LogConfig()
    zotero: ZoteroConfig = ZoteroConfig()
    _file: Path | None = PrivateAttr(default=None)

    @property
    def file(self) -> Path | None:
        """The file that was read, if there is one."""
        return self._file

    @property
    def source(self) -> str:
        """Where they come from, as a host is told it."""
        return str(self._file.resolve()) if self._file else "no file, only the environment"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment comes before the file, whose values are passed in."""
        return env_settings, init_settings


def load(config: Path | None, environ: dict[str, str]) -> Settings:
    """The settings from `config` (else `./config.toml` if there is one) and the environment.

    Raises ConfigError with all that is wrong.
    """
    path = config or (Path("config.toml") if os.path.lexists("config.toml") else None)
    values = _read(path) if path is not None else {}
    sections = sections_of(Settings)
    unknown = _unknown(environ, sections)
    faults = [unknown_variable(name, sections, PREFIX) for name in unknown]
    try:
        settings = Settings(**values)
    except ValidationError as error:
        found = [source_of(one, environ, path, PREFIX) for one in error.errors(include_url=False)]
        faults += [fault(one, where, sections) for one, where, name in found if name not in unknown]
    except (SettingsError, RecursionError) as error:
        # A variable for a whole section: it is among the unknown ones.
        faults = faults or [f"environment: {error}"]
    if faults:
        raise ConfigError("\n".join(faults))
    settings._file = path
    token = environ.get("DISCORD_TOKEN")
    if token and f"{PREFIX}DISCORD__TOKEN" not in environ:
        secret = _from_elsewhere("DISCORD_TOKEN", token, _plain_token)
        discord = settings.discord.model_copy(update={"token": secret})
        settings = settings.model_copy(update={"discord": discord})
    key, own = environ.get("OPENAI_API_KEY"), settings.summaries
    # The key that many programs share means nothing where no model is set.
    if key and own.on and not own.api_key.get_secret_value():
        secret = _from_elsewhere("OPENAI_API_KEY", key, plain_key)
        summaries = own.model_copy(update={"api_key": secret})
        settings = settings.model_copy(update={"summaries": summaries})
    return settings


def _from_elsewhere(name: str, value: str, read: Callable[[str], str]) -> SecretStr:
    """A secret of a variable that is not Papertakes' own. Raises ConfigError."""
    try:
        return SecretStr(read(value))
    except ValueError as error:
        raise ConfigError(f"environment: {name}: {error}") from None


def _read(path: Path) -> dict[str, Any]:
    """What the file holds. Raises ConfigError."""
    try:
        # Windows' editors put a mark before UTF-8.
        return tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not UTF-8: save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None
    except RecursionError:
        raise ConfigError(f"{path}: nested too deep for a configuration") from None


def _unknown(environ: Mapping[str, str], sections: Mapping[str, Collection[str]]) -> list[str]:
    """pydantic-settings passes over variables of unknown sections; a typing error must not pass."""
    ours = [name for name in environ if name.upper().startswith(PREFIX)]
    return [
        name
        for name in ours
        if not name.upper().startswith(f"{PREFIX}TEST_") and not _names_a_key(name, sections)
    ]


def _names_a_key(name: str, sections: Mapping[str, Collection[str]]) -> bool:
    section, _, key = name[len(PREFIX) :].lower().partition("__")
    return key in sections.get(section, ())
