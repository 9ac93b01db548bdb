"""Logs: structlog over the standard library, without secrets."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence

import structlog
from structlog.typing import EventDict, WrappedLogger

from bot.config import Log


def configure(settings: Log, secrets: Sequence[str] = ()) -> None:
    """Send all logs to standard error, in the format chosen, with the secrets blotted out."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _Blot(tuple(secret for secret in secrets if secret)),
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
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.level.upper())
    logging.getLogger("discord.client").setLevel(logging.ERROR)  # voice is not wanted
    # Their own chatter is about what our lines say already.
    for name in ("apscheduler", "alembic", "aiosqlite", "arxiv"):
        logging.getLogger(name).setLevel(max(root.level, logging.WARNING))


class _Blot:
    """Replaces secrets wherever they turn up in a line, tracebacks included."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        self.secrets = secrets

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        for key, value in event.items():
            if isinstance(value, str) and any(secret in value for secret in self.secrets):
                for secret in self.secrets:
                    value = value.replace(secret, "[secret]")
                event[key] = value
        return event
