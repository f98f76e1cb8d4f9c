"""Provider keys, and the file of a user's avatar."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261121_10"
down_revision = "20261121_09"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "provider_keys",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.Column("last_four", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_provider_keys_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_keys")),
        sa.UniqueConstraint("user_id", "provider", name=op.f("uq_provider_keys_user_id_provider")),
    )
    op.add_column("users", sa.Column("avatar_hash", sa.Text(), nullable=True))
    op.create_index(
        "ix_users_avatar_hash", "users", ["avatar_hash"], unique=False,
        postgresql_where=sa.text("avatar_hash IS NOT NULL"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ix_users_avatar_hash", table_name="users", postgresql_where=sa.text("avatar_hash IS NOT NULL"))
    op.drop_column("users", "avatar_hash")
    op.drop_table("provider_keys")
