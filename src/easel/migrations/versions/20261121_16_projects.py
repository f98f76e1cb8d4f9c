"""Projects."""

from __future__ import annotations

revision = "20261121_16"
down_revision = "20261121_15"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
