"""A/B comparisons and their votes."""

from __future__ import annotations

revision = "20261121_26"
down_revision = "20261121_25"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
