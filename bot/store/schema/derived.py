"""How far what is derived has been made."""

from __future__ import annotations

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.schema.base import Base


class DerivedRow(Base):
    """How far something that is derived has been made, see `bot.store.derived`."""

    __tablename__ = "derived"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    version: Mapped[int] = mapped_column()
    after: Mapped[int | None] = mapped_column(BigInteger)
    """The last row's id; null when it is done."""
