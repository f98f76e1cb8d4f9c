"""Seats and turns of generations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261121_13"
down_revision = "20261121_12"
branch_labels = None
depends_on = None

_WAITING = sa.text("status = 'pending' AND admitted_at IS NULL")
_SEATED = sa.text("admitted_at IS NOT NULL AND status IN ('pending', 'processing')")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("generations", sa.Column("pool", sa.Text(), nullable=True))
    op.add_column(
        "generations", sa.Column("passing_errors", sa.SmallInteger(), nullable=False, server_default="0")
    )
    op.add_column("generations", sa.Column("admitted_at", sa.DateTime(timezone=True), nullable=True))
    # What is in the queue has its job already.
    op.execute(
        "UPDATE generations SET pool = split_part(model_id, '/', 1),"
        " admitted_at = CASE WHEN status IN ('pending', 'processing') THEN created_at END"
    )
    op.alter_column("generations", "pool", nullable=False)
    op.alter_column("generations", "passing_errors", server_default=None)
    op.create_index(
        "ix_generations_turn",
        "generations",
        ["pool", "user_id", sa.text("priority DESC"), "created_at", "id"],
        postgresql_where=_WAITING,
    )
    op.create_index("ix_generations_seated", "generations", ["pool", "user_id"], postgresql_where=_SEATED)
    op.create_index(
        "ix_generations_batch_id",
        "generations",
        ["batch_id"],
        postgresql_where=sa.text("batch_id IS NOT NULL"),
    )
    op.drop_index("ix_generations_waiting", table_name="generations")
    op.create_table(
        "turns",
        sa.Column("pool", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_turns_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pool", "user_id", name="pk_turns"),
    )
    op.create_index("ix_turns_user_id", "turns", ["user_id"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("turns")
    op.create_index(
        "ix_generations_waiting",
        "generations",
        [sa.text("priority DESC"), "created_at"],
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.drop_index("ix_generations_batch_id", table_name="generations")
    op.drop_index("ix_generations_seated", table_name="generations")
    op.drop_index("ix_generations_turn", table_name="generations")
    op.drop_column("generations", "admitted_at")
    op.drop_column("generations", "passing_errors")
    op.drop_column("generations", "pool")
