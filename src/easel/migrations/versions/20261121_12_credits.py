"""The ledger of credits with its rules, lots, records of use, spending limits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261121_12"
down_revision = "20261121_11"
branch_labels = None
depends_on = None

_HOUSE = ("revenue", "grants", "purchases", "expired", "adjustments")

_FUNCTIONS = """
-- A posting moves the balance of its account, which is locked from here to the commit.
CREATE FUNCTION ledger_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM ledger_entries
        WHERE id = NEW.entry_id AND transaction_id = (pg_current_xact_id()::text)::bigint
    ) THEN
        RAISE EXCEPTION 'ledger: entry % is closed', NEW.entry_id USING ERRCODE = 'check_violation';
    END IF;
    UPDATE ledger_accounts SET balance = balance + NEW.amount
    WHERE id = NEW.account_id AND workspace_id IS NOT NULL
    RETURNING balance INTO NEW.balance_after;
    RETURN NEW;
END $$;

-- Looked at by the commit: an entry has two postings or more, and they sum to zero.
CREATE FUNCTION ledger_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entry uuid;
    number bigint;
    total numeric;
BEGIN
    IF TG_TABLE_NAME = 'ledger_entries' THEN entry := NEW.id; ELSE entry := NEW.entry_id; END IF;
    SELECT count(*), sum(amount) INTO number, total FROM ledger_postings WHERE entry_id = entry;
    IF number < 2 OR total <> 0 THEN
        RAISE EXCEPTION 'ledger: entry % has % postings that sum to %', entry, number, total
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger: % of % is not allowed', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- An account begins with nothing, and its balance moves by postings alone.
CREATE FUNCTION ledger_account_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.balance := CASE WHEN NEW.workspace_id IS NULL THEN NULL ELSE 0 END;
    ELSIF pg_trigger_depth() < 2
        OR (OLD.id, OLD.kind, OLD.workspace_id) IS DISTINCT FROM (NEW.id, NEW.kind, NEW.workspace_id) THEN
        RAISE EXCEPTION 'ledger: balances move by postings alone' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""

_TRIGGERS = """
CREATE TRIGGER ledger_post BEFORE INSERT ON ledger_postings FOR EACH ROW EXECUTE FUNCTION ledger_post();
CREATE CONSTRAINT TRIGGER ledger_balanced AFTER INSERT ON ledger_entries
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_balanced();
CREATE CONSTRAINT TRIGGER ledger_balanced AFTER INSERT ON ledger_postings
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_balanced();
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only();
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_postings
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only();
CREATE TRIGGER ledger_append_only BEFORE DELETE OR TRUNCATE ON ledger_accounts
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only();
CREATE TRIGGER ledger_account_kept BEFORE INSERT OR UPDATE ON ledger_accounts
    FOR EACH ROW EXECUTE FUNCTION ledger_account_kept()
"""


def _moment(name: str, *, given: bool = True) -> sa.Column[object]:
    if not given:
        return sa.Column(name, sa.DateTime(timezone=True), nullable=True)
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _make_ledger()
    _make_usage()
    op.execute(_FUNCTIONS)
    op.execute(_TRIGGERS)
    rows = ", ".join(
        f"('00000000-0000-7000-8000-{number:012}', '{kind}')" for number, kind in enumerate(_HOUSE, 1)
    )
    op.execute(f"INSERT INTO ledger_accounts (id, kind) VALUES {rows}")


def _make_ledger() -> None:
    op.create_table(
        "ledger_accounts",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=True),
        sa.Column("balance", sa.Numeric(18, 4), nullable=True),
        _moment("created_at"),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_ledger_accounts_not_negative")),
        sa.CheckConstraint(
            "(workspace_id IS NULL AND balance IS NULL"
            " AND kind IN ('revenue', 'grants', 'purchases', 'expired', 'adjustments'))"
            " OR (workspace_id IS NOT NULL AND balance IS NOT NULL AND kind IN ('available', 'reserved'))",
            name=op.f("ck_ledger_accounts_kind"),
        ),
    )
    op.create_index("uq_ledger_accounts_workspace_id_kind", "ledger_accounts", ["workspace_id", "kind"], unique=True)
    op.create_index(
        "uq_ledger_accounts_house",
        "ledger_accounts",
        ["kind"],
        unique=True,
        postgresql_where=sa.text("workspace_id IS NULL"),
    )
    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("generation_id", sa.Uuid(), nullable=True),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "transaction_id",
            sa.BigInteger(),
            server_default=sa.text("(pg_current_xact_id()::text)::bigint"),
            nullable=False,
        ),
        _moment("created_at"),
        sa.CheckConstraint(
            "cause IN ('grant', 'reserve', 'capture', 'release', 'purchase', 'refund', 'expiry', 'adjustment')",
            name=op.f("ck_ledger_entries_cause"),
        ),
        sa.CheckConstraint(
            "(cause IN ('reserve', 'capture', 'release')) = (generation_id IS NOT NULL)",
            name=op.f("ck_ledger_entries_generation"),
        ),
        sa.CheckConstraint(
            "cause <> 'adjustment' OR reason IS NOT NULL", name=op.f("ck_ledger_entries_reason")
        ),
    )
    op.create_index(
        "ix_ledger_entries_workspace_newest",
        "ledger_entries",
        ["workspace_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
    )
    for name, columns, condition in (
        ("reserved_once", ["generation_id", "round"], "cause = 'reserve'"),
        ("settled_once", ["generation_id", "round"], "cause IN ('capture', 'release')"),
        ("reference", ["cause", "reference"], "reference IS NOT NULL"),
    ):
        op.create_index(
            f"uq_ledger_entries_{name}",
            "ledger_entries",
            columns,
            unique=True,
            postgresql_where=sa.text(condition),
        )
    op.create_table(
        "ledger_postings",
        sa.Column(
            "entry_id",
            sa.Uuid(),
            sa.ForeignKey("ledger_entries.id", name=op.f("fk_ledger_postings_entry_id_ledger_entries")),
            primary_key=True,
        ),
        sa.Column(
            "account_id",
            sa.Uuid(),
            sa.ForeignKey("ledger_accounts.id", name=op.f("fk_ledger_postings_account_id_ledger_accounts")),
            primary_key=True,
        ),
        sa.Column("amount", sa.Numeric(14, 4), nullable=False),
        sa.Column("balance_after", sa.Numeric(18, 4), nullable=True),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_ledger_postings_amount")),
    )
    op.create_index(op.f("ix_ledger_postings_account_id"), "ledger_postings", ["account_id"])
    op.create_table(
        "credit_lots",
        sa.Column(
            "entry_id",
            sa.Uuid(),
            sa.ForeignKey("ledger_entries.id", name=op.f("fk_credit_lots_entry_id_ledger_entries")),
            primary_key=True,
        ),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(14, 4), nullable=False),
        sa.Column("remaining", sa.Numeric(14, 4), nullable=False),
        _moment("expires_at", given=False),
        _moment("noticed_at", given=False),
        _moment("created_at"),
        sa.CheckConstraint("remaining BETWEEN 0 AND amount", name=op.f("ck_credit_lots_remaining")),
    )
    op.create_index(
        "ix_credit_lots_open",
        "credit_lots",
        ["workspace_id", "expires_at", "created_at"],
        postgresql_where=sa.text("remaining > 0"),
    )
    op.create_index(
        "ix_credit_lots_ending", "credit_lots", ["expires_at"], postgresql_where=sa.text("remaining > 0")
    )


def _owner(table: str, *, key: bool = False) -> sa.Column[object]:
    name = op.f(f"fk_{table}_workspace_id_workspaces")
    return sa.Column(
        "workspace_id",
        sa.Uuid(),
        sa.ForeignKey("workspaces.id", name=name, ondelete="CASCADE"),
        primary_key=key,
        nullable=False,
    )


def _make_usage() -> None:
    op.create_table(
        "usage_logs",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _owner("usage_logs"),
        sa.Column(
            "user_id",
            sa.Uuid(),
            sa.ForeignKey("users.id", name=op.f("fk_usage_logs_user_id_users"), ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("image_id", sa.Uuid(), nullable=True),
        sa.Column("generation_id", sa.Uuid(), nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("model_id", sa.Text(), nullable=False),
        sa.Column("images", sa.SmallInteger(), nullable=False),
        sa.Column("credits_used", sa.Numeric(14, 4), nullable=False),
        sa.Column("provider_cost_usd", sa.Numeric(14, 6), nullable=True),
        sa.Column("generation_time", sa.Double(), nullable=True),
        sa.Column("success", sa.Boolean(), nullable=False),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        _moment("created_at"),
        sa.CheckConstraint("images >= 0 AND credits_used >= 0", name=op.f("ck_usage_logs_numbers")),
    )
    for whose in ("model", "user", "workspace"):
        op.create_index(
            f"ix_usage_logs_{whose}_newest",
            "usage_logs",
            [f"{whose}_id", sa.literal_column("created_at DESC")],
        )
    op.create_table(
        "spending_limits",
        _owner("spending_limits", key=True),
        sa.Column("monthly_credits", sa.Numeric(14, 4), nullable=True),
        sa.Column("alert_thresholds", postgresql.ARRAY(sa.Integer()), nullable=False),
        _moment("updated_at"),
        sa.CheckConstraint("monthly_credits >= 0", name=op.f("ck_spending_limits_not_negative")),
    )
    op.create_table(
        "spending_alerts",
        _owner("spending_alerts", key=True),
        sa.Column("month", sa.Date(), primary_key=True),
        sa.Column("threshold", sa.SmallInteger(), primary_key=True, autoincrement=False),
        _moment("created_at"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in (
        "spending_alerts",
        "spending_limits",
        "usage_logs",
        "credit_lots",
        "ledger_postings",
        "ledger_entries",
        "ledger_accounts",
    ):
        op.drop_table(table)
    for function in ("ledger_post", "ledger_balanced", "ledger_append_only", "ledger_account_kept"):
        op.execute(f"DROP FUNCTION {function}()")
