"""The JSON Lines of an export hold all that a channel says: what they leave out is named here."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy import inspect

from bot.store.backup.row_export import COLUMNS, TABLES

LEFT_OUT: Mapping[str, frozenset[str]] = {
    # The guild it is of, which is another one where it is imported.
    "member": frozenset({"scope"}),
    # When arXiv was asked in vain, which is asked anew.
    "paper": frozenset({"scope", "asked", "asked_at"}),
    # Where its messages stand; its order is a record of its own.
    "digest": frozenset({"channel_id", "thread_id", "message_id", "arranged"}),
    # What the channel says of its paper is told as the paper.
    "entry": frozenset({"channel_id", "own_words", "card_channel_id", "card_message_id"}),
    "take": frozenset({"shown_as", "shown_channel_id", "shown_message_id"}),
    # Made anew of the body.
    "document": frozenset({"channel_id", "prose", "about", "names", "leads"}),
}


@pytest.mark.parametrize("kind", TABLES)
def test_each_column_goes_out_or_is_left_out_on_purpose(kind: str) -> None:
    columns = {column.key for column in inspect(TABLES[kind]).columns} - {"id"}
    assert columns == set(COLUMNS[kind]) | LEFT_OUT[kind]
    assert not set(COLUMNS[kind]) & LEFT_OUT[kind]
