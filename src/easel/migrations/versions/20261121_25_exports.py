"""Exports: what a download as ZIP holds."""

from __future__ import annotations

revision = "20261121_25"
down_revision = "20261121_22"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
