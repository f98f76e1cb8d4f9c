"""A/B comparisons and their votes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261121_26"
down_revision = "20261121_25"
branch_labels = None
depends_on = None


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "comparisons",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "workspace_id", sa.Uuid(), sa.ForeignKey("workspaces.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("user_id", sa.Uuid(), sa.ForeignKey("users.id", ondelete="SET NULL")),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("varies", sa.Text(), nullable=False),
        sa.Column("setting", sa.Text()),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("vote", sa.Text()),
        sa.Column("voted_by", sa.Uuid(), sa.ForeignKey("users.id", ondelete="SET NULL")),
        sa.Column("voted_at", sa.DateTime(timezone=True)),
        _moment("created_at"),
        _moment("updated_at"),
        sa.CheckConstraint("varies IN ('prompt', 'model', 'setting')", name="varies"),
        sa.CheckConstraint("(varies = 'setting') = (setting IS NOT NULL)", name="setting"),
        sa.CheckConstraint("vote IN ('left', 'right', 'tie', 'both_bad')", name="vote"),
        sa.CheckConstraint("(vote IS NULL) = (voted_at IS NULL)", name="voted_at"),
    )
    for column in ("user_id", "round_id", "voted_by"):
        op.create_index(f"ix_comparisons_{column}", "comparisons", [column])
    op.create_index(
        "ix_comparisons_newest",
        "comparisons",
        ["workspace_id", sa.text("created_at DESC"), sa.text("id DESC")],
    )
    op.create_index(
        "ix_comparisons_judged",
        "comparisons",
        ["workspace_id", "varies"],
        postgresql_where=sa.text("vote IS NOT NULL"),
    )
    op.create_table(
        "comparison_sides",
        sa.Column(
            "comparison_id", sa.Uuid(), sa.ForeignKey("comparisons.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("place", sa.Text(), primary_key=True),
        sa.Column("variant", sa.SmallInteger(), nullable=False),
        sa.Column("generation_id", sa.Uuid(), sa.ForeignKey("generations.id", ondelete="SET NULL")),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("model_id", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(none_as_null=True, astext_type=sa.Text())),
        sa.CheckConstraint("place IN ('left', 'right')", name="place"),
        sa.CheckConstraint("variant IN (0, 1)", name="variant"),
    )
    op.create_index("ix_comparison_sides_generation_id", "comparison_sides", ["generation_id"])
    op.create_index(
        "ix_comparison_sides_variant", "comparison_sides", ["comparison_id", "variant"], unique=True
    )


def downgrade() -> None:
    op.drop_table("comparison_sides")
    op.drop_table("comparisons")
