"""Iteration: what generations start from, where pictures come from, masks, and versions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261121_22"
down_revision = "20261121_20"
branch_labels = None
depends_on = None

_DATED = (
    ("created_at", sa.DateTime(timezone=True)),
    ("updated_at", sa.DateTime(timezone=True)),
)


def _dated() -> list[sa.Column[object]]:
    return [
        sa.Column(name, kind, server_default=sa.text("now()"), nullable=False) for name, kind in _DATED
    ]


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("generations", sa.Column("parent_image_id", sa.Uuid(), nullable=True))
    op.add_column(
        "generations",
        sa.Column(
            "inputs",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )
    op.create_index(
        "ix_generations_parent_image_id",
        "generations",
        ["parent_image_id"],
        postgresql_where=sa.text("parent_image_id IS NOT NULL"),
    )
    op.add_column("images", sa.Column("version_id", sa.Uuid(), nullable=True))
    op.create_table(
        "lineage",
        sa.Column("image_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("root_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_lineage_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("image_id", name=op.f("pk_lineage")),
    )
    op.create_index("ix_lineage_family", "lineage", ["root_id", "created_at", "image_id"])
    op.create_index("ix_lineage_parent_id", "lineage", ["parent_id"])
    op.create_index(op.f("ix_lineage_workspace_id"), "lineage", ["workspace_id"])
    # Pictures that have a parent already, before families were kept.
    op.execute(
        """
        WITH RECURSIVE family AS (
            SELECT parent.id AS image_id, CAST(NULL AS uuid) AS parent_id, parent.id AS root_id
            FROM images AS parent WHERE parent.parent_image_id IS NULL
            AND EXISTS (SELECT 1 FROM images AS child WHERE child.parent_image_id = parent.id)
            UNION ALL
            SELECT child.id, child.parent_image_id, family.root_id
            FROM images AS child JOIN family ON child.parent_image_id = family.image_id
        )
        INSERT INTO lineage (image_id, parent_id, root_id, workspace_id, operation, created_at)
        SELECT family.image_id, family.parent_id, family.root_id, images.workspace_id, images.operation,
               images.created_at
        FROM family JOIN images ON images.id = family.image_id
        """
    )
    op.create_table(
        "masks",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("image_id", sa.Uuid(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("data", postgresql.BYTEA(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_dated(),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_masks_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_masks_user_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["image_id"], ["images.id"], name=op.f("fk_masks_image_id_images"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_masks")),
        sa.UniqueConstraint("image_id", "content_hash", name=op.f("uq_masks_image_id_content_hash")),
    )
    op.create_index(op.f("ix_masks_workspace_id"), "masks", ["workspace_id"])
    op.create_index(op.f("ix_masks_user_id"), "masks", ["user_id"])
    op.create_table(
        "image_versions",
        sa.Column("image_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("base_id", sa.Uuid(), nullable=True),
        sa.Column("steps", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("generation_id", sa.Uuid(), nullable=True),
        sa.Column("file_path", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("file_size", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_dated(),
        sa.ForeignKeyConstraint(
            ["image_id"],
            ["images.id"],
            name=op.f("fk_image_versions_image_id_images"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_image_versions_user_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_image_versions")),
        sa.UniqueConstraint("image_id", "number", name=op.f("uq_image_versions_image_id_number")),
    )
    op.create_index(op.f("ix_image_versions_user_id"), "image_versions", ["user_id"])
    op.create_index(op.f("ix_image_versions_content_hash"), "image_versions", ["content_hash"])
    op.create_index(op.f("ix_image_versions_generation_id"), "image_versions", ["generation_id"])


def downgrade() -> None:
    op.drop_table("image_versions")
    op.drop_table("masks")
    op.drop_table("lineage")
    op.drop_column("images", "version_id")
    op.drop_index("ix_generations_parent_image_id", table_name="generations")
    op.drop_column("generations", "inputs")
    op.drop_column("generations", "parent_image_id")
