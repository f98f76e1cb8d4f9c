"""Near duplicates by index, and clean-up rules."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261121_27"
down_revision = "20261121_26"
branch_labels = None
depends_on = None

_BANDS = range(4)


def _dated() -> list[sa.Column[object]]:
    return [
        sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
        for name in ("created_at", "updated_at")
    ]


def _owner(table: str, of: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{of}_id_{of}s")
    return sa.ForeignKeyConstraint([f"{of}_id"], [f"{of}s.id"], name=name, ondelete=ondelete)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for band in _BANDS:
        op.create_index(
            f"ix_images_by_band_{band}",
            "images",
            [
                "workspace_id",
                sa.text(f"((perceptual_hash >> {band * 16}) & 65535)"),
                sa.text("perceptual_hash"),
            ],
            postgresql_where=sa.text("deleted_at IS NULL AND perceptual_hash IS NOT NULL"),
        )
    op.create_index(
        "ix_images_by_bytes",
        "images",
        ["workspace_id", sa.text("content_hash")],
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "duplicate_dismissals",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("image_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_dated(),
        _owner("duplicate_dismissals", "workspace", "CASCADE"),
        _owner("duplicate_dismissals", "user", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_dismissals")),
    )
    op.create_index(
        "ix_duplicate_dismissals_images", "duplicate_dismissals", ["image_ids"], postgresql_using="gin"
    )
    for column in ("workspace_id", "user_id"):
        op.create_index(op.f(f"ix_duplicate_dismissals_{column}"), "duplicate_dismissals", [column])
    op.create_table(
        "cleanup_rules",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("older_than_days", sa.Integer(), nullable=False),
        sa.Column("filter", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("next_run_at", sa.DateTime(timezone=True), nullable=True),
        *_dated(),
        sa.CheckConstraint(
            "older_than_days BETWEEN 1 AND 3650", name=op.f("ck_cleanup_rules_older_than_days")
        ),
        _owner("cleanup_rules", "workspace", "CASCADE"),
        _owner("cleanup_rules", "user", "SET NULL"),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_cleanup_rules")),
    )
    op.create_index(op.f("ix_cleanup_rules_user_id"), "cleanup_rules", ["user_id"])
    op.create_index(
        "ix_cleanup_rules_due", "cleanup_rules", ["next_run_at"], postgresql_where=sa.text("enabled")
    )
    op.create_table(
        "cleanup_runs",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=True),
        sa.Column("images", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_dated(),
        _owner("cleanup_runs", "workspace", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cleanup_runs")),
    )
    op.create_index(
        "ix_cleanup_runs_newest",
        "cleanup_runs",
        ["workspace_id", sa.text("created_at DESC"), sa.text("id DESC")],
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("cleanup_runs", "cleanup_rules", "duplicate_dismissals"):
        op.drop_table(table)
    op.drop_index("ix_images_by_bytes", table_name="images")
    for band in _BANDS:
        op.drop_index(f"ix_images_by_band_{band}", table_name="images")
