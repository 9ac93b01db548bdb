"""A function of the program made to fail for one record alone; the rest of it is real."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import pytest
from lxml import etree

from bot.isolation import failures

MARK = "Poisoned"
"""Stands in the texts of the record that is to fail."""


class Poison(ValueError):
    """Not an error that any of the program's own code expects."""


@contextmanager
def poisoned(target: str, mark: str = MARK) -> Iterator[None]:
    """Let the function `module.name`, or `module.Class.name`, fail where `mark` is in what it is
    given. That it failed, and was noted, is checked."""
    where, _, name = target.rpartition(".")
    before = sum(failures.counts.values())
    with pytest.MonkeyPatch.context() as patch:
        owner = _owner(where)
        real = getattr(owner, name)

        def failing(*given: Any, **named: Any) -> Any:
            if any(mark.casefold() in _said(one).casefold() for one in (*given, *named.values())):
                raise Poison(mark)
            return real(*given, **named)

        patch.setattr(owner, name, failing)
        yield
    assert sum(failures.counts.values()) > before, f"{target} did not fail, or nobody was told"


def _said(given: Any) -> str:
    return etree.tostring(given, encoding="unicode") if etree.iselement(given) else repr(given)


def _owner(where: str) -> Any:
    module, _, name = where.rpartition(".")
    return getattr(import_module(module), name) if name[:1].isupper() else import_module(where)
