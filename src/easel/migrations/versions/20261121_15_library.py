"""Finding pictures: what they are in, how they are liked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261121_15"
down_revision = "20261121_14"
branch_labels = None
depends_on = None

# What search looks through: every word as it is written, and its English stem without a place in the text.
_WORDS = """
CREATE FUNCTION image_words(title text, prompt text, tags text[], notes text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('pg_catalog.simple', said) || strip(to_tsvector('pg_catalog.english', said))
    FROM (SELECT left(concat_ws(' ', title, prompt, array_to_string(tags, ' '), notes), 20000)) AS of (said)
$$
"""
_LIVE = "deleted_at IS NULL"
_ORDERS = {
    "name": ["lower(left(coalesce(title, prompt), 60))", "id"],
    "rating": ["coalesce(rating, 0)", "created_at", "id"],
    "model": ["split_part(model_id, '/', 1)", "model_id", "created_at", "id"],
    "likes": ["likes", "created_at", "id"],
    "pixels": ["(width::bigint * height)", "id"],
    "operation": ["operation", "created_at", "id"],
    "shape": [
        "((width > height)::integer - (width < height)::integer)",
        "width",
        "height",
    ],
}


def _live(name: str, *columns: str, only: str | None = None) -> None:
    where = sa.text(f"{_LIVE} AND {only}" if only else _LIVE)
    op.create_index(
        f"ix_images_by_{name}", "images", ["workspace_id", *map(sa.text, columns)], postgresql_where=where
    )


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(_WORDS)
    op.add_column(
        "images",
        sa.Column(
            "words",
            postgresql.TSVECTOR(),
            sa.Computed("image_words(title, prompt, tags, notes)", persisted=True),
            nullable=False,
        ),
    )
    op.add_column("images", sa.Column("likes", sa.Integer(), server_default=sa.text("0"), nullable=False))
    for name, columns in _ORDERS.items():
        _live(name, *columns)
    _live("favorites", "created_at", "id", only="is_favorite")
    _live("public", "created_at", "id", only="is_public")
    for column in ("words", "tags"):
        op.create_index(
            f"ix_images_{column}", "images", [column], postgresql_using="gin", postgresql_where=sa.text(_LIVE)
        )
    op.create_table(
        "collection_images",
        sa.Column("collection_id", sa.Uuid(), nullable=False),
        sa.Column("image_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["image_id"], ["images.id"], name=op.f("fk_collection_images_image_id_images"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_images")),
        sa.UniqueConstraint(
            "collection_id", "image_id", name=op.f("uq_collection_images_collection_id_image_id")
        ),
    )
    op.create_index("ix_collection_images_in_order", "collection_images", ["collection_id", "position", "id"])
    op.create_index(op.f("ix_collection_images_image_id"), "collection_images", ["image_id"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("collection_images")
    for name in ("words", "tags", *(f"by_{name}" for name in (*_ORDERS, "favorites", "public"))):
        op.drop_index(f"ix_images_{name}", table_name="images")
    op.drop_column("images", "likes")
    op.drop_column("images", "words")
    op.execute("DROP FUNCTION image_words(text, text, text[], text)")
