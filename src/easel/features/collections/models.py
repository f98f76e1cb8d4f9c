"""The table of collections; which pictures are in them, the library's `collection_images` says."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import text

from easel.base.db import Base, Dated, Identified


class Collection(Base, Identified, Dated):
    """Pictures under a name: chosen and put in order by hand, or, with a `filter`, whatever that matches now."""

    __tablename__ = "collections"

    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    """Who began it; null once their account is gone, for the collection is the workspace's."""
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="", server_default=text("''"))
    cover_image_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("images.id", ondelete="SET NULL"), index=True
    )
    is_public: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    filter: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


Index("ix_collections_updated", Collection.workspace_id, Collection.updated_at.desc(), Collection.id.desc())
Index("ix_collections_name", Collection.workspace_id, func.lower(Collection.name), Collection.id)
