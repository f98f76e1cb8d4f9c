"""The table of background work."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from easel.base.db import Base, Dated, Identified

UNFINISHED: Final = ("pending", "running")
"""The states of jobs that wait or run."""


class BackgroundJob(Base, Identified, Dated):
    """Something that goes on after its request was answered; `queue_id` is the job in the queue that carries it.

    `done` of `total` counts within a `stage`, in units of that stage's own.
    """

    __tablename__ = "background_jobs"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    status: Mapped[Literal["pending", "running", "completed", "failed"]] = mapped_column(
        Text, default="pending"
    )
    stage: Mapped[str] = mapped_column(default="waiting")
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int] = mapped_column(BigInteger, default=0)
    result: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    error_code: Mapped[str | None]
    error_message: Mapped[str | None]
    queue_id: Mapped[int | None] = mapped_column(BigInteger)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("status IN ('pending', 'running', 'completed', 'failed')", name="status"),
        Index("ix_background_jobs_user_newest", "user_id", text("created_at DESC"), text("id DESC")),
        Index(
            "ix_background_jobs_unfinished",
            "kind",
            "updated_at",
            postgresql_where=text("status IN ('pending', 'running')"),
        ),
    )
