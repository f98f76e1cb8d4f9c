"""The table of API keys."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from easel.base.clock import now
from easel.base.db import Base, Identified


class ApiKey(Base, Identified):
    """A key, of which only the hash is kept. It ends with its maker's membership in its workspace."""

    __tablename__ = "api_keys"

    user_id: Mapped[UUID] = mapped_column(index=True)
    workspace_id: Mapped[UUID]
    name: Mapped[str]
    prefix: Mapped[str] = mapped_column(unique=True)
    """How the key begins: enough to know it by."""
    token: Mapped[bytes] = mapped_column(LargeBinary)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"))

    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "user_id"],
            ["memberships.workspace_id", "memberships.user_id"],
            ondelete="CASCADE",
        ),
        Index("ix_api_keys_workspace_id_user_id", "workspace_id", "user_id"),
    )
