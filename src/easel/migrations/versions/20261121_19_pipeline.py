"""Failover and breakers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261121_19"
down_revision = "20261121_17"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "model_breakers",
        sa.Column("model_id", sa.Text(), nullable=False),
        sa.Column("failures", postgresql.ARRAY(sa.DateTime(timezone=True)), nullable=False),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trips", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("model_id", name=op.f("pk_model_breakers")),
    )
    op.add_column(
        "generations", sa.Column("failover", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("generations", sa.Column("asked_model_id", sa.Text(), nullable=True))
    op.add_column("generations", sa.Column("model_reason", sa.Text(), nullable=True))
    op.add_column("generations", sa.Column("held_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in ("held_at", "model_reason", "asked_model_id", "failover"):
        op.drop_column("generations", name)
    op.drop_table("model_breakers")
