"""Logs: structlog over the standard library, without secrets."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable

import aiohttp
import structlog
from structlog.typing import EventDict, WrappedLogger

from bot.config import LogConfig
from bot.logs.blotting import Blotter


def configure(settings: LogConfig, secrets: Iterable[str] = ()) -> None:
    """Send all logs to standard error, in the format chosen, with the secrets blotted out."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _Blot(Blotter(secrets)),
    ]
    last: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    handler.addFilter(_in_a_line)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.level.upper())
    logging.getLogger("discord.client").setLevel(logging.ERROR)  # voice is not wanted
    # At `debug` it logs each request's and each event's body: interactions' tokens, members' words.
    logging.getLogger("discord").setLevel(max(root.level, logging.INFO))
    # Their own chatter is about what our lines say already, or tells the values of rows.
    for name in ("apscheduler", "alembic", "aiosqlite", "arxiv", "sqlalchemy"):
        logging.getLogger(name).setLevel(max(root.level, logging.WARNING))


def _in_a_line(record: logging.LogRecord) -> bool:
    """Discord's library tells its weather with a traceback: a lost connection, a page, a 503."""
    error = record.exc_info[1] if record.exc_info else None
    if error is not None and record.name.startswith("discord") and _is_weather(error):
        record.msg, record.args = f"{record.getMessage()}: {error!r:.300}", ()
        record.exc_info = record.exc_text = None
    return True


def _is_weather(error: BaseException) -> bool:
    of_discord = type(error).__module__.partition(".")[0] == "discord"
    return of_discord or isinstance(error, OSError | aiohttp.ClientError)


class _Blot:
    """Blots out secrets wherever they turn up in a line, tracebacks included."""

    def __init__(self, blotter: Blotter) -> None:
        self.blotter = blotter

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        for key, value in event.items():
            if key.startswith("_") or isinstance(value, int | float | None):
                continue
            text = value if isinstance(value, str) else repr(value)
            if (blotted := self.blotter(text)) != text:
                event[key] = blotted
        return event
