"""Corrections of credits are listed, newest first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261121_28"
down_revision = "20261121_27"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_index(
        "ix_ledger_entries_adjustments",
        "ledger_entries",
        [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        postgresql_where=sa.text("cause = 'adjustment'"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ix_ledger_entries_adjustments", table_name="ledger_entries")
