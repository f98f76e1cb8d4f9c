"""Uploads and imports."""

from __future__ import annotations

revision = "20261121_20"
down_revision = "20261121_19"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
