"""The tables of presets."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from easel.base.db import Base, Dated, Identified


class Preset(Base, Identified, Dated):
    """Settings of a workspace under a name; they are all that a request says except its prompt."""

    __tablename__ = "presets"

    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    """Who saved it first; null once their account is gone, for the preset is the workspace's."""
    name: Mapped[str]
    model_id: Mapped[str]
    parameters: Mapped[dict[str, Any]]

    __table_args__ = (Index("ix_presets_newest", "workspace_id", text("created_at DESC"), text("id DESC")),)


Index("ix_presets_name", Preset.workspace_id, func.lower(Preset.name), unique=True)


class DefaultPreset(Base):
    """The preset that a member's new drafts begin with; it ends with the membership, and with the preset."""

    __tablename__ = "default_presets"

    workspace_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    preset_id: Mapped[UUID] = mapped_column(ForeignKey("presets.id", ondelete="CASCADE"), index=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "user_id"],
            ["memberships.workspace_id", "memberships.user_id"],
            ondelete="CASCADE",
        ),
    )
