"""Finding pictures: what they are in, how they are liked."""

from __future__ import annotations

from typing import Any

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
# What a picture is found by that looks like another: the quarters of its hash, and its leading colour in 12 bits.
# Hashes that differ in three bits at most have a quarter in common.
_LOOKS = """
CREATE FUNCTION image_looks(hash bigint, colors text[]) RETURNS integer[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array(
        SELECT (quarter << 16) + ((hash >> (quarter * 16)) & 65535)::integer
        FROM generate_series(0, 3) AS quarter WHERE hash IS NOT NULL
        UNION ALL
        SELECT (4 << 16) + ('x' || substr(colors[1], 2, 1) || substr(colors[1], 4, 1) || substr(colors[1], 6, 1)
        )::bit(12)::integer
        WHERE colors[1] ~ '^#[0-9a-f]{6}$'
    )
$$
"""
# Keeps storage_use. One statement, one write for each owner and project, however many rows; in one order. What is
# taken away is an UPDATE, for a workspace or user that goes has no row any more.
_USE = """
CREATE FUNCTION count_storage() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    change record;
BEGIN
    FOR change IN EXECUTE
        'SELECT workspace_id, user_id, project, sum(one) AS images, sum(size) AS bytes FROM ('
        || CASE WHEN TG_OP = 'DELETE' THEN '' ELSE
            'SELECT workspace_id, user_id, coalesce(project_id, %1$L) AS project, 1 AS one, file_size AS size FROM came'
            END
        || CASE WHEN TG_OP = 'UPDATE' THEN ' UNION ALL ' ELSE '' END
        || CASE WHEN TG_OP = 'INSERT' THEN '' ELSE
            'SELECT workspace_id, user_id, coalesce(project_id, %1$L) AS project, -1 AS one, -file_size AS size FROM went'
            END
        || ') AS counted GROUP BY 1, 2, 3 HAVING sum(one) <> 0 OR sum(size) <> 0 ORDER BY 1, 2, 3'
    LOOP
        UPDATE storage_use SET images = storage_use.images + change.images, bytes = storage_use.bytes + change.bytes
        WHERE workspace_id = change.workspace_id AND user_id = change.user_id AND project = change.project;
        IF NOT FOUND AND change.images > 0 THEN
            INSERT INTO storage_use AS use (workspace_id, user_id, project, images, bytes)
            VALUES (change.workspace_id, change.user_id, change.project, change.images, change.bytes)
            ON CONFLICT (workspace_id, user_id, project)
            DO UPDATE SET images = use.images + excluded.images, bytes = use.bytes + excluded.bytes;
        END IF;
    END LOOP;
    RETURN NULL;
END $$
""".replace("%1$L", "''00000000-0000-0000-0000-000000000000''::uuid")
_WHEN = {
    "INSERT": "NEW TABLE AS came",
    "DELETE": "OLD TABLE AS went",
    "UPDATE": "NEW TABLE AS came OLD TABLE AS went",
}
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
    op.execute(_LOOKS)
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
    op.create_index(
        "ix_images_looks",
        "images",
        [sa.text("image_looks(perceptual_hash, colors)")],
        postgresql_using="gin",
        postgresql_where=sa.text(_LIVE),
    )
    op.create_index(
        "ix_images_prompt", "images", [sa.text("md5(prompt)")], postgresql_where=sa.text(_LIVE)
    )
    op.create_index(
        "ix_images_trashed", "images", ["deleted_at"], postgresql_where=sa.text("deleted_at IS NOT NULL")
    )
    op.create_table(
        "saved_filters",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("filter", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("order", sa.Text(), nullable=False),
        *_kept(),
        _owner("saved_filters", "workspace", "CASCADE"),
        _owner("saved_filters", "user", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
    )
    op.create_index(
        "ix_saved_filters_name", "saved_filters", ["workspace_id", sa.text("lower(name)")], unique=True
    )
    op.create_index(op.f("ix_saved_filters_user_id"), "saved_filters", ["user_id"])
    op.create_table(
        "bulk_changes",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("request", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        *_kept(),
        _owner("bulk_changes", "workspace", "CASCADE"),
        _owner("bulk_changes", "user", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_changes")),
    )
    for column in ("workspace_id", "user_id", "created_at"):
        op.create_index(op.f(f"ix_bulk_changes_{column}"), "bulk_changes", [column])
    op.create_table(
        "bulk_change_groups",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("before", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("image_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["bulk_changes.id"],
            name=op.f("fk_bulk_change_groups_change_id_bulk_changes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_bulk_change_groups")),
    )
    op.create_index(op.f("ix_bulk_change_groups_change_id"), "bulk_change_groups", ["change_id"])


    op.create_table(
        "storage_use",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("project", sa.Uuid(), nullable=False),
        sa.Column("images", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        _owner("storage_use", "workspace", "CASCADE"),
        _owner("storage_use", "user", "CASCADE"),
        sa.PrimaryKeyConstraint("workspace_id", "user_id", "project", name=op.f("pk_storage_use")),
    )
    op.create_index(op.f("ix_storage_use_user_id"), "storage_use", ["user_id"])
    op.execute(
        "INSERT INTO storage_use SELECT workspace_id, user_id, "
        "coalesce(project_id, '00000000-0000-0000-0000-000000000000'), count(*), sum(file_size) "
        "FROM images GROUP BY 1, 2, 3"
    )
    op.execute(_USE)
    for when, tables in _WHEN.items():
        op.execute(
            f"CREATE TRIGGER count_storage_on_{when.lower()} AFTER {when} ON images "
            f"REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION count_storage()"
        )


def _kept() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        *(
            sa.Column(
                f"{name}_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
            )
            for name in ("created", "updated")
        ),
    ]


def _owner(table: str, of: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{of}_id_{of}s")
    return sa.ForeignKeyConstraint([f"{of}_id"], [f"{of}s.id"], name=name, ondelete=ondelete)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION count_storage() CASCADE")
    for table in ("storage_use", "bulk_change_groups", "bulk_changes", "saved_filters"):
        op.drop_table(table)
    for name in ("trashed", "prompt", "looks"):
        op.drop_index(f"ix_images_{name}", table_name="images")
    op.drop_table("collection_images")
    for name in ("words", "tags", *(f"by_{name}" for name in (*_ORDERS, "favorites", "public"))):
        op.drop_index(f"ix_images_{name}", table_name="images")
    op.drop_column("images", "likes")
    op.drop_column("images", "words")
    op.execute("DROP FUNCTION image_looks(bigint, text[])")
    op.execute("DROP FUNCTION image_words(text, text, text[], text)")
