"""Tables of the ledger, of lots of credits, of use, and of spending limits.

The ledger's own rules stand in the database, in triggers of its migration: every entry sums to zero, nothing is
changed or removed, balances are kept by the postings alone. No row of it refers to a user or a workspace by a
foreign key: it outlives both.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from easel.base.clock import now
from easel.base.db import Base, Identified

Cause = Literal["grant", "reserve", "capture", "release", "purchase", "refund", "expiry", "adjustment"]
House = Literal["revenue", "grants", "purchases", "expired", "adjustments"]

HOUSE: Final[dict[House, UUID]] = {
    "revenue": UUID("00000000-0000-7000-8000-000000000001"),
    "grants": UUID("00000000-0000-7000-8000-000000000002"),
    "purchases": UUID("00000000-0000-7000-8000-000000000003"),
    "expired": UUID("00000000-0000-7000-8000-000000000004"),
    "adjustments": UUID("00000000-0000-7000-8000-000000000005"),
}
"""The house's accounts, which the migration made."""

_AMOUNT = Numeric(14, 4)


class LedgerAccount(Base, Identified):
    """A pot of credits. A workspace has two, which never go below zero: what it may spend, and what is reserved.

    Those of the house have no balance kept: every charge would wait for the one row.
    """

    __tablename__ = "ledger_accounts"

    kind: Mapped[str]
    workspace_id: Mapped[UUID | None]
    balance: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"))

    __table_args__ = (
        CheckConstraint("balance >= 0", name="not_negative"),
        CheckConstraint(
            "(workspace_id IS NULL AND balance IS NULL"
            " AND kind IN ('revenue', 'grants', 'purchases', 'expired', 'adjustments'))"
            " OR (workspace_id IS NOT NULL AND balance IS NOT NULL AND kind IN ('available', 'reserved'))",
            name="kind",
        ),
        Index("uq_ledger_accounts_workspace_id_kind", "workspace_id", "kind", unique=True),
        Index("uq_ledger_accounts_house", "kind", unique=True, postgresql_where=text("workspace_id IS NULL")),
    )


class LedgerEntry(Base, Identified):
    """One movement of credits, for one cause. `round` counts how often its generation was tried again by hand."""

    __tablename__ = "ledger_entries"

    cause: Mapped[Cause] = mapped_column(Text)
    workspace_id: Mapped[UUID]
    user_id: Mapped[UUID | None]
    generation_id: Mapped[UUID | None]
    round: Mapped[int] = mapped_column(SmallInteger, default=0)
    reference: Mapped[str | None]
    reason: Mapped[str | None]
    transaction_id: Mapped[int] = mapped_column(
        BigInteger, server_default=text("(pg_current_xact_id()::text)::bigint")
    )
    """The transaction that wrote it: no other may add postings."""
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"))

    __table_args__ = (
        CheckConstraint(
            "cause IN ('grant', 'reserve', 'capture', 'release', 'purchase', 'refund', 'expiry', 'adjustment')",
            name="cause",
        ),
        CheckConstraint(
            "(cause IN ('reserve', 'capture', 'release')) = (generation_id IS NOT NULL)", name="generation"
        ),
        CheckConstraint("cause <> 'adjustment' OR reason IS NOT NULL", name="reason"),
        Index(
            "ix_ledger_entries_workspace_newest",
            "workspace_id",
            text("created_at DESC"),
            text("id DESC"),
        ),
        Index(
            "ix_ledger_entries_adjustments",
            text("created_at DESC"),
            text("id DESC"),
            postgresql_where=text("cause = 'adjustment'"),
        ),
        Index(
            "uq_ledger_entries_reserved_once",
            "generation_id",
            "round",
            unique=True,
            postgresql_where=text("cause = 'reserve'"),
        ),
        Index(
            "uq_ledger_entries_settled_once",
            "generation_id",
            "round",
            unique=True,
            postgresql_where=text("cause IN ('capture', 'release')"),
        ),
        Index(
            "uq_ledger_entries_reference",
            "cause",
            "reference",
            unique=True,
            postgresql_where=text("reference IS NOT NULL"),
        ),
    )


class LedgerPosting(Base):
    """One account's part of an entry; `balance_after` is a workspace account's balance with it."""

    __tablename__ = "ledger_postings"

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_entries.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_accounts.id"), primary_key=True, index=True)
    amount: Mapped[Decimal] = mapped_column(_AMOUNT)
    balance_after: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))

    __table_args__ = (CheckConstraint("amount <> 0", name="amount"),)


class CreditLot(Base):
    """What is left of credits that came in together. Those that end soonest are spent first.

    The remainders of a workspace's lots add up to its two balances.
    """

    __tablename__ = "credit_lots"

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_entries.id"), primary_key=True)
    workspace_id: Mapped[UUID]
    amount: Mapped[Decimal] = mapped_column(_AMOUNT)
    remaining: Mapped[Decimal] = mapped_column(_AMOUNT)
    expires_at: Mapped[datetime | None]
    noticed_at: Mapped[datetime | None]
    """When its owner was told that it ends soon."""
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"))

    __table_args__ = (
        CheckConstraint("remaining BETWEEN 0 AND amount", name="remaining"),
        Index(
            "ix_credit_lots_open",
            "workspace_id",
            "expires_at",
            "created_at",
            postgresql_where=text("remaining > 0"),
        ),
        Index("ix_credit_lots_ending", "expires_at", postgresql_where=text("remaining > 0")),
    )


class UsageLog(Base, Identified):
    """One generation that ran to its end: what it made, took and cost."""

    __tablename__ = "usage_logs"

    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    image_id: Mapped[UUID | None]
    generation_id: Mapped[UUID | None]
    project_id: Mapped[UUID | None]
    action: Mapped[str]
    model_id: Mapped[str]
    images: Mapped[int] = mapped_column(SmallInteger)
    credits_used: Mapped[Decimal] = mapped_column(_AMOUNT)
    provider_cost_usd: Mapped[Decimal | None] = mapped_column(Numeric(14, 6))
    generation_time: Mapped[float | None]
    success: Mapped[bool]
    error_code: Mapped[str | None]
    error_message: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"))

    __table_args__ = (
        CheckConstraint("images >= 0 AND credits_used >= 0", name="numbers"),
        Index("ix_usage_logs_model_newest", "model_id", text("created_at DESC")),
        Index("ix_usage_logs_user_newest", "user_id", text("created_at DESC")),
        Index("ix_usage_logs_workspace_newest", "workspace_id", text("created_at DESC")),
    )


class SpendingLimit(Base):
    """What a workspace allows itself to spend in a calendar month (UTC), and at which shares of it to warn."""

    __tablename__ = "spending_limits"

    workspace_id: Mapped[UUID] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    monthly_credits: Mapped[Decimal | None] = mapped_column(_AMOUNT)
    alert_thresholds: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now, server_default=text("now()"))

    __table_args__ = (CheckConstraint("monthly_credits >= 0", name="not_negative"),)


class SpendingAlert(Base):
    """A warning that was given: once for each threshold and month."""

    __tablename__ = "spending_alerts"

    workspace_id: Mapped[UUID] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    month: Mapped[date] = mapped_column(primary_key=True)
    threshold: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"))
