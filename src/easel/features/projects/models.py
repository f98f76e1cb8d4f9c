"""The table of projects."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from easel.base.db import Base, Dated, Identified


class Project(Base, Identified, Dated):
    """What pictures are made for, or a template of such.

    The database itself keeps `image_count`, `newest_image_id` and, with them, `updated_at` as pictures come and
    go. What ranks above is checked by those above, after the row is written: hence keys that wait for the commit.
    """

    __tablename__ = "projects"

    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    """Who began it; null once their account is gone, for the project is the workspace's."""
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="", server_default=text("''"))
    notes: Mapped[str] = mapped_column(default="", server_default=text("''"))
    category: Mapped[str | None]
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default=text("'{}'"))
    cover_image_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("images.id", ondelete="SET NULL", use_alter=True, deferrable=True, initially="DEFERRED"),
        index=True,
    )
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    """What its new drafts begin with: all that a request says except its prompt; over the preset's."""
    preset_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("presets.id", ondelete="SET NULL", use_alter=True, deferrable=True, initially="DEFERRED"),
        index=True,
    )
    is_archived: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    is_public: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    is_template: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    image_count: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """Its pictures outside the trash."""
    newest_image_id: Mapped[UUID | None]
    """The newest of them, which is the cover where none was chosen."""


Index("ix_projects_updated", Project.workspace_id, Project.updated_at.desc(), Project.id.desc())
Index("ix_projects_created", Project.workspace_id, Project.created_at.desc(), Project.id.desc())
Index("ix_projects_name", Project.workspace_id, func.lower(Project.name), Project.id)
