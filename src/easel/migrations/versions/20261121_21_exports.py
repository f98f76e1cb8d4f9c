"""Exports, duplicates and clean-up rules."""

from __future__ import annotations

revision = "20261121_21"
down_revision = "20261121_20"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
