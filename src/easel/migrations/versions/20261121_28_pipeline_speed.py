"""What the pipeline's numbers need."""

from __future__ import annotations

revision = "20261121_28"
down_revision = "20261121_27"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
