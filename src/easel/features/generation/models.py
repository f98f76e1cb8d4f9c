"""The table of generations, which is the queue as people see it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Numeric, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from easel.base.db import Base, Dated, Identified


class Generation(Base, Identified, Dated):
    """One request for pictures, and how it stands.

    `attempt` counts every start and guards every later write: what an attempt that was given up still wants
    to store finds another number and is dropped.
    """

    __tablename__ = "generations"

    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    project_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("projects.id", ondelete="SET NULL"), index=True
    )
    batch_id: Mapped[UUID | None]

    pool: Mapped[str]
    """Whose calls it counts among: the provider's id, for keys of a workspace's own with that behind it."""
    operation: Mapped[str]
    prompt: Mapped[str]
    negative_prompt: Mapped[str]
    model_id: Mapped[str]
    model_version: Mapped[str]
    parameters: Mapped[dict[str, Any]]
    num_images: Mapped[int] = mapped_column(SmallInteger)
    parent_image_id: Mapped[UUID | None]
    """The picture that it starts from, also when that is purged."""
    inputs: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    """What it starts from, as `service.inputs` reads it, and the trail of the request that asked for it."""

    status: Mapped[str] = mapped_column(default="pending")
    priority: Mapped[int] = mapped_column(SmallInteger, default=0)
    attempt: Mapped[int] = mapped_column(default=0)
    retry_count: Mapped[int] = mapped_column(default=0)
    passing_errors: Mapped[int] = mapped_column(SmallInteger, default=0)
    """How many attempts in a row met an error that may pass."""
    admitted_at: Mapped[datetime | None]
    """Since when it has a seat in its pool; null while it waits for its turn, and after a retry again."""
    job_id: Mapped[int | None] = mapped_column(BigInteger)
    provider_request_id: Mapped[str | None]
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict)
    error_code: Mapped[str | None]
    error_message: Mapped[str | None]
    cost_credits: Mapped[Decimal] = mapped_column(Numeric(14, 4), default=Decimal(0))

    failover: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Whether an equivalent model may make it when its own is down."""
    asked_model_id: Mapped[str | None]
    """The model that was asked for, where `model_id` is another one that took over."""
    model_reason: Mapped[str | None]
    """Why another took over."""
    held_at: Mapped[datetime | None]
    """Since when it waits for its model to come back; it does not while this is null."""

    scheduled_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(
            "status IN ('pending', 'processing', 'completed', 'failed', 'cancelled')", name="status"
        ),
        CheckConstraint("num_images > 0", name="num_images"),
        Index(
            "ix_generations_parent_image_id",
            "parent_image_id",
            postgresql_where=text("parent_image_id IS NOT NULL"),
        ),
        Index("ix_generations_batch_id", "batch_id", postgresql_where=text("batch_id IS NOT NULL")),
        Index(
            "ix_generations_turn",
            "pool",
            "user_id",
            text("priority DESC"),
            "created_at",
            "id",
            postgresql_where=text("status = 'pending' AND admitted_at IS NULL"),
        ),
        Index(
            "ix_generations_seated",
            "pool",
            "user_id",
            postgresql_where=text("admitted_at IS NOT NULL AND status IN ('pending', 'processing')"),
        ),
        Index("ix_generations_user_id_status_created_at", "user_id", "status", "created_at"),
        Index("ix_generations_workspace_newest", "workspace_id", text("created_at DESC"), text("id DESC")),
        Index(
            "ix_generations_unfinished",
            "updated_at",
            postgresql_where=text("status IN ('pending', 'processing')"),
        ),
        Index(
            "ix_generations_model_recent",
            "model_id",
            text("completed_at DESC"),
            postgresql_where=text("status = 'completed'"),
        ),
        Index(
            "ix_generations_prompt_words",
            text("to_tsvector('simple', prompt)"),
            postgresql_using="gin",
        ),
    )


class Turn(Base):
    """When a user's generation was last given a seat in a pool: the longest ago goes first."""

    __tablename__ = "turns"

    pool: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    last_at: Mapped[datetime]
