"""Finding pictures."""

from __future__ import annotations

revision = "20261121_15"
down_revision = "20261121_14"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
