"""Near duplicates by index, and clean-up rules."""

from __future__ import annotations

revision = "20261121_27"
down_revision = "20261121_26"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
