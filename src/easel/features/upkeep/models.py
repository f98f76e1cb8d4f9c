"""The tables of upkeep: what are no duplicates after all, and what clears a workspace up by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from easel.base.db import Base, Dated, Identified


class DuplicateDismissal(Base, Identified, Dated):
    """Pictures that somebody said are no duplicates of each other.

    A group is left out of account as long as all that is in it is in here: it is back once another picture joins.
    """

    __tablename__ = "duplicate_dismissals"

    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    image_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))

    __table_args__ = (Index("ix_duplicate_dismissals_images", "image_ids", postgresql_using="gin"),)


class CleanupRule(Base, Dated):
    """What a workspace clears up by itself, once a day while `enabled`.

    `user_id` is who turned it on: the change to the pictures is theirs.
    """

    __tablename__ = "cleanup_rules"

    workspace_id: Mapped[UUID] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    enabled: Mapped[bool]
    older_than_days: Mapped[int]
    filter: Mapped[dict[str, Any]]
    next_run_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("older_than_days BETWEEN 1 AND 3650", name="older_than_days"),
        Index("ix_cleanup_rules_due", "next_run_at", postgresql_where=text("enabled")),
    )


class CleanupRun(Base, Identified, Dated):
    """One time that a rule was followed: how many pictures it meant and their size, and the change that took them."""

    __tablename__ = "cleanup_runs"

    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    change_id: Mapped[UUID | None]
    images: Mapped[int] = mapped_column(BigInteger)
    bytes: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        Index("ix_cleanup_runs_newest", "workspace_id", text("created_at DESC"), text("id DESC")),
    )
