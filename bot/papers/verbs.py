"""What the command line does with papers that stand in files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from bot.errors import HostError
from bot.text.summary import summary

_NO_LIMIT = 1_000_000
"""Characters: a file's summaries are of whole sentences, however long."""


_FORM = '{"title": "…", "abstract": "…"}'
"""What a line looks like."""


class BadLine(HostError):
    """A line of a file is not what the verb reads; the message names the line."""


def with_summaries(lines: Iterable[str], sentences: int) -> Iterator[str]:
    """JSON Lines with `title` and `abstract` in, the same with `summary`, a list of sentences, out.

    Blank lines are left out. Raises BadLine at the first line that is no such object.
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            paper = _paper(line, number)
            found = summary(paper["abstract"] or "", paper.get("title") or "", sentences, _NO_LIMIT)
            yield json.dumps(paper | {"summary": found}, ensure_ascii=False)


def _paper(line: str, number: int) -> dict[str, Any]:
    try:
        paper = json.loads(line)
    except (ValueError, RecursionError):
        raise BadLine(f"line {number}: not JSON; a line is one paper: {_FORM}") from None
    if not isinstance(paper, dict) or not _is_text(paper.get("abstract", 0)):
        raise BadLine(f"line {number}: wants {_FORM}")
    if not _is_text(paper.get("title")):
        raise BadLine(f"line {number}: title is not a text")
    return paper


def _is_text(value: object) -> bool:
    return value is None or isinstance(value, str)
