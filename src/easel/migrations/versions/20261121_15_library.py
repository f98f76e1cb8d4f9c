"""Finding pictures: what they are in, how they are liked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261121_15"
down_revision = "20261121_14"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("images", sa.Column("likes", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.create_table(
        "collection_images",
        sa.Column("collection_id", sa.Uuid(), nullable=False),
        sa.Column("image_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["image_id"], ["images.id"], name=op.f("fk_collection_images_image_id_images"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_images")),
        sa.UniqueConstraint(
            "collection_id", "image_id", name=op.f("uq_collection_images_collection_id_image_id")
        ),
    )
    op.create_index("ix_collection_images_in_order", "collection_images", ["collection_id", "position", "id"])
    op.create_index(op.f("ix_collection_images_image_id"), "collection_images", ["image_id"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("collection_images")
    op.drop_column("images", "likes")
