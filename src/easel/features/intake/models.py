"""The table of uploads that come in parts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from easel.base.db import Base, Dated, Identified


class Upload(Base, Identified, Dated):
    """A file on its way here. `parts` are the keys in the store of what came, in order: `received` bytes in all.

    `wishes` is what is to be done with the picture (`schemas.Wishes`).
    """

    __tablename__ = "uploads"

    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    file_name: Mapped[str]
    length: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    parts: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default=text("'{}'"))
    wishes: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    status: Mapped[str] = mapped_column(default="receiving", server_default=text("'receiving'"))
    image_id: Mapped[UUID | None] = mapped_column(ForeignKey("images.id", ondelete="SET NULL"), index=True)
    already_there: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    error_code: Mapped[str | None]
    error_message: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("received BETWEEN 0 AND length", name="received"),
        CheckConstraint("status IN ('receiving', 'done', 'failed')", name="status"),
        Index("ix_uploads_updated_at", "updated_at"),
    )
