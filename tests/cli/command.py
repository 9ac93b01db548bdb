"""The command line as a person at a shell meets it: what is typed, what is printed, the status."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import structlog

from bot.__main__ import main

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Done:
    """What a verb came to."""

    returncode: int
    stdout: str
    stderr: str


def environment(**more: str) -> dict[str, str]:
    """This process's, without settings of the program but for these."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PAPERTAKES")}
    clean.pop("DISCORD_TOKEN", None)
    return clean | more


@contextlib.contextmanager
def logs_as_before() -> Iterator[None]:
    """Afterwards logs go where they went, whatever a verb has set up."""
    root, configured = logging.getLogger(), structlog.get_config()
    handlers = list(root.handlers)
    levels = {
        logger: logger.level
        for logger in [root, *logging.Logger.manager.loggerDict.values()]
        if isinstance(logger, logging.Logger)
    }
    try:
        yield
    finally:
        structlog.configure(**configured)
        root.handlers[:] = handlers
        for logger, level in levels.items():
            logger.setLevel(level)


def papertakes(*words: object, cwd: Path = ROOT, **settings: str) -> Done:
    """Run a verb in this process: a new one would take two seconds for its imports.

    `settings` are variables of the environment.
    """
    out, errors, status = io.StringIO(), io.StringIO(), 0
    with (
        mock.patch.dict(os.environ, environment(**settings), clear=True),
        mock.patch.object(sys, "argv", ["papertakes", *map(str, words)]),
        logs_as_before(),
        contextlib.chdir(cwd),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(errors),
    ):
        try:
            main()
        except SystemExit as ended:
            status = int(ended.code or 0)
    return Done(status, out.getvalue(), errors.getvalue())


def papertakes_process(*words: str, cwd: Path, **settings: str) -> Done:
    """Run a verb as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=cwd,
        env=environment(PYTHONPATH=str(ROOT), **settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)
