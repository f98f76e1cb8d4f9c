"""The tables of exports: each, and the files that its ZIP holds, in order."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from easel.base.db import Base, Dated, Identified

Status = Literal["preparing", "ready", "failed", "outdated"]


class Export(Base, Identified, Dated):
    """A ZIP that is never stored: what it holds is fixed, so its bytes are the same whenever they are made.

    While it is `preparing`, only its originals are fixed. `revision` counts how often files were left out that are
    not in the store; other than that nothing changes. `size` and `directory_at` (where its directory begins) are
    known once it is `ready`.
    """

    __tablename__ = "exports"

    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    title: Mapped[str]
    status: Mapped[Status] = mapped_column(Text, default="preparing", server_default=text("'preparing'"))
    images: Mapped[int] = mapped_column(BigInteger)
    revision: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    size: Mapped[int | None] = mapped_column(BigInteger)
    directory_at: Mapped[int | None] = mapped_column(BigInteger)
    has_job: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    error_message: Mapped[str | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (
        CheckConstraint("status IN ('preparing', 'ready', 'failed', 'outdated')", name="status"),
        CheckConstraint("status <> 'ready' OR (size IS NOT NULL AND directory_at IS NOT NULL)", name="ready"),
        Index("ix_exports_user_newest", "user_id", text("created_at DESC")),
    )


class ExportFile(Base):
    """A file of an export's ZIP. Originals have the numbers from 1 to `Export.images`, other files greater ones.

    `key` is where it lies in the store, null where it is lost there; `starts_at` where its header begins in the ZIP;
    `crc32` is noted when it was first read. `image_id` and `content_hash` are those of the picture it shows.
    """

    __tablename__ = "export_files"

    export_id: Mapped[UUID] = mapped_column(ForeignKey("exports.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    path: Mapped[str]
    key: Mapped[str | None]
    size: Mapped[int] = mapped_column(BigInteger)
    starts_at: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    crc32: Mapped[int | None] = mapped_column(BigInteger)
    image_id: Mapped[UUID | None]
    content_hash: Mapped[str | None]
