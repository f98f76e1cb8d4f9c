"""Failover and breakers."""

from __future__ import annotations

revision = "20261121_19"
down_revision = "20261121_18"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
