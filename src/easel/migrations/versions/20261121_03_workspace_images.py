"""A whole index on the workspace of images: the partial ones do not help to remove a workspace."""

from __future__ import annotations

from alembic import op

revision = "20261121_03"
down_revision = "20261121_02"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_index("ix_images_workspace_id", "images", ["workspace_id"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ix_images_workspace_id", table_name="images")
