"""The table of what was imported."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from easel.base.clock import now
from easel.base.db import Base


class ImportedRecord(Base):
    """Which row a record of a take-out became here, so that importing it again changes nothing."""

    __tablename__ = "imported_records"

    workspace_id: Mapped[UUID] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    original_id: Mapped[UUID] = mapped_column(primary_key=True)
    row_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"))
