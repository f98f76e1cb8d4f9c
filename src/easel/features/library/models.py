"""The table of pictures, and of which collections they are in."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from easel.base.clock import now
from easel.base.db import Base, Dated, Identified


class Image(Base, Identified, Dated):
    """A picture: where its bytes are, what made it, and what its owner says of it.

    `file_path` is the original's key in the store; renditions lie under a key made of `content_hash`.
    """

    __tablename__ = "images"

    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("projects.id", ondelete="SET NULL"))
    generation_id: Mapped[UUID | None] = mapped_column(index=True)
    parent_image_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("images.id", ondelete="SET NULL"), index=True
    )

    file_path: Mapped[str]
    content_hash: Mapped[str] = mapped_column(index=True)
    format: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    file_size: Mapped[int] = mapped_column(BigInteger)

    rendered_at: Mapped[datetime | None]
    thumbhash: Mapped[bytes | None] = mapped_column(BYTEA)
    perceptual_hash: Mapped[int | None] = mapped_column(BigInteger)
    colors: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default=text("'{}'"))

    operation: Mapped[str]
    prompt: Mapped[str]
    negative_prompt: Mapped[str]
    model_id: Mapped[str]
    model_version: Mapped[str]
    parameters: Mapped[dict[str, Any]]
    seed: Mapped[int | None] = mapped_column(BigInteger)
    generation_time: Mapped[float | None]
    cost_credits: Mapped[Decimal] = mapped_column(
        Numeric(14, 4), default=Decimal(0), server_default=text("0")
    )

    title: Mapped[str | None]
    alt_text: Mapped[str]
    notes: Mapped[str | None]
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default=text("'{}'"))
    rating: Mapped[int | None] = mapped_column(SmallInteger)
    is_favorite: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    is_public: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    likes: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    facts: Mapped[dict[str, Any]] = mapped_column("metadata", default=dict, server_default=text("'{}'"))
    deleted_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        CheckConstraint("width > 0 AND height > 0", name="size"),
        Index(
            "ix_images_workspace_newest",
            "workspace_id",
            text("created_at DESC"),
            text("id DESC"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index(
            "ix_images_workspace_trash",
            "workspace_id",
            text("created_at DESC"),
            text("id DESC"),
            postgresql_where=text("deleted_at IS NOT NULL"),
        ),
        Index(
            "ix_images_user_newest",
            "user_id",
            text("created_at DESC"),
            text("id DESC"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index("ix_images_project_newest", "project_id", text("created_at DESC"), text("id DESC")),
        Index("ix_images_not_rendered", "created_at", postgresql_where=text("rendered_at IS NULL")),
    )


class CollectionImage(Base, Identified):
    """That a picture is in a collection, and where in it.

    It lies here because lists of pictures are narrowed by it; what a collection is, a feature above says.
    """

    __tablename__ = "collection_images"

    collection_id: Mapped[UUID]
    image_id: Mapped[UUID] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    added_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"))

    __table_args__ = (
        UniqueConstraint("collection_id", "image_id"),
        Index("ix_collection_images_in_order", "collection_id", "position", "id"),
    )
