"""The tables of comparisons."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from easel.base.db import Base, Dated, Identified


class Comparison(Base, Identified, Dated):
    """A pair of pictures that differ in one thing, and the vote on it.

    How far it is, and whether it can be judged, is not kept: it follows from its two generations.
    """

    __tablename__ = "comparisons"

    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    """Who asked for it; null once their account is gone."""
    round_id: Mapped[UUID] = mapped_column(index=True)
    """What the pairs of one request have in common."""
    number: Mapped[int] = mapped_column(SmallInteger)
    """Its place in the round, from 1."""
    varies: Mapped[str]
    setting: Mapped[str | None]
    """The parameter that varies, where it is one."""
    blind: Mapped[bool]

    vote: Mapped[str | None]
    voted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    voted_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("varies IN ('prompt', 'model', 'setting')", name="varies"),
        CheckConstraint("(varies = 'setting') = (setting IS NOT NULL)", name="setting"),
        CheckConstraint("vote IN ('left', 'right', 'tie', 'both_bad')", name="vote"),
        CheckConstraint("(vote IS NULL) = (voted_at IS NULL)", name="voted_at"),
        Index("ix_comparisons_newest", "workspace_id", text("created_at DESC"), text("id DESC")),
        Index(
            "ix_comparisons_judged",
            "workspace_id",
            "varies",
            postgresql_where=text("vote IS NOT NULL"),
        ),
    )


class ComparisonSide(Base):
    """One picture of a pair. Its place was drawn by lot, and nothing else on the row follows from it."""

    __tablename__ = "comparison_sides"

    comparison_id: Mapped[UUID] = mapped_column(
        ForeignKey("comparisons.id", ondelete="CASCADE"), primary_key=True
    )
    place: Mapped[str] = mapped_column(primary_key=True)
    variant: Mapped[int] = mapped_column(SmallInteger)
    """Which of the two values of the request it has: 0 or 1."""
    generation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("generations.id", ondelete="SET NULL"), index=True
    )
    prompt: Mapped[str]
    model_id: Mapped[str]
    value: Mapped[Any] = mapped_column(JSONB(none_as_null=True), nullable=True)
    """The value of the parameter that varies, where it is one."""

    __table_args__ = (
        CheckConstraint("place IN ('left', 'right')", name="place"),
        CheckConstraint("variant IN (0, 1)", name="variant"),
        Index("ix_comparison_sides_variant", "comparison_id", "variant", unique=True),
    )
