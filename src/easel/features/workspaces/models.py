"""Tables of workspaces and their members."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from easel.base.clock import now
from easel.base.db import Base, Dated, Identified


class Workspace(Base, Identified, Dated):
    """What owns pictures, projects and credits. A user has exactly one personal workspace."""

    __tablename__ = "workspaces"

    name: Mapped[str]
    kind: Mapped[Literal["personal", "team"]] = mapped_column(Text)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)

    __table_args__ = (
        CheckConstraint("kind IN ('personal', 'team')", name="kind"),
        Index("uq_workspaces_personal", "owner_id", unique=True, postgresql_where=text("kind = 'personal'")),
    )


class Membership(Base):
    """A user's level in a workspace: 1 view, 2 edit, 3 admin."""

    __tablename__ = "memberships"

    workspace_id: Mapped[UUID] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    level: Mapped[int] = mapped_column(SmallInteger)
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"))

    __table_args__ = (CheckConstraint("level BETWEEN 1 AND 3", name="level"),)


class Invitation(Base, Identified):
    """A way into a team, mailed to `email`; gone once it is used or revoked. Of its token only the hash is kept."""

    __tablename__ = "invitations"

    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    email: Mapped[str]
    level: Mapped[int] = mapped_column(SmallInteger)
    token: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"))
    expires_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 3", name="level"),
        Index("uq_invitations_workspace_id_email", "workspace_id", text("lower(email)"), unique=True),
    )
