"""The condition that picks a digest's material, the same for entries and takes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from bot.model.span import DigestSpan


def in_span(
    span: DigestSpan,
    digest_id: InstrumentedAttribute[int | None],
    moment: InstrumentedAttribute[datetime],
) -> ColumnElement[bool]:
    """Rows of a span, by the columns that tell their digest and when they came about."""
    held: list[ColumnElement[bool]] = []
    if span.digest_id is not None:
        held.append(digest_id == span.digest_id)
    if span.open:
        held.append(and_(digest_id.is_(None), moment < span.end))
    if held:
        return or_(*held)
    bounds: Any = and_(moment >= span.start, moment < span.end)
    return bounds  # type: ignore[no-any-return]
