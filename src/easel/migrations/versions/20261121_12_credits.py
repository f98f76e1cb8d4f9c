"""Credits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261121_12"
down_revision = "20261121_11"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
