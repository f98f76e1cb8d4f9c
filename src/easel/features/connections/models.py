"""The table of people's own provider keys."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from easel.base.db import Base, Dated, Identified, Sealed

PURPOSE: Final = "provider keys"


class ProviderKey(Base, Identified, Dated):
    """Someone's own key to a provider; `last_four` is what they recognise it by."""

    __tablename__ = "provider_keys"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    provider: Mapped[str]
    sealed_key: Mapped[bytes] = mapped_column(Sealed(PURPOSE))
    last_four: Mapped[str]

    __table_args__ = (UniqueConstraint("user_id", "provider"),)
