"""Collections."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261121_17"
down_revision = "20261121_16"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "collections",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("cover_image_id", sa.Uuid(), nullable=True),
        sa.Column("is_public", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("filter", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["cover_image_id"],
            ["images.id"],
            name=op.f("fk_collections_cover_image_id_images"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_collections_user_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_collections_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collections")),
    )
    for column in ("cover_image_id", "user_id"):
        op.create_index(op.f(f"ix_collections_{column}"), "collections", [column])
    op.create_index(
        "ix_collections_updated",
        "collections",
        ["workspace_id", sa.literal_column("updated_at DESC"), sa.literal_column("id DESC")],
    )
    op.create_index("ix_collections_name", "collections", ["workspace_id", sa.text("lower(name)"), "id"])
    op.alter_column("collection_images", "position", type_=sa.BigInteger(), existing_type=sa.Integer())
    op.create_foreign_key(
        op.f("fk_collection_images_collection_id_collections"),
        "collection_images",
        "collections",
        ["collection_id"],
        ["id"],
        ondelete="CASCADE",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_constraint("fk_collection_images_collection_id_collections", "collection_images", type_="foreignkey")
    op.alter_column("collection_images", "position", type_=sa.Integer(), existing_type=sa.BigInteger())
    op.drop_table("collections")
