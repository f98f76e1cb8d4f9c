"""Projects, and what the database itself keeps of their pictures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261121_16"
down_revision = "20261121_15"
branch_labels = None
depends_on = None

# Keeps projects.image_count and newest_image_id. One statement, one update a project, however many rows. The rows
# are locked before the newest is looked for, so that what others did meanwhile is seen; always in one order.
_TRACK = """
CREATE FUNCTION track_project_images() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ids uuid[];
    numbers bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(project_id), array_agg(number) INTO ids, numbers FROM (
            SELECT project_id, count(*) AS number FROM came
            WHERE deleted_at IS NULL AND project_id IS NOT NULL GROUP BY project_id
        ) counted;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(project_id), array_agg(number) INTO ids, numbers FROM (
            SELECT project_id, -count(*) AS number FROM went
            WHERE deleted_at IS NULL AND project_id IS NOT NULL GROUP BY project_id
        ) counted;
    ELSE
        SELECT array_agg(project_id), array_agg(number) INTO ids, numbers FROM (
            SELECT project_id, sum(one)::bigint AS number FROM (
                SELECT project_id, 1 AS one FROM came WHERE deleted_at IS NULL AND project_id IS NOT NULL
                UNION ALL
                SELECT project_id, -1 FROM went WHERE deleted_at IS NULL AND project_id IS NOT NULL
            ) changed GROUP BY project_id HAVING sum(one) <> 0
        ) counted;
    END IF;
    IF ids IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM FROM projects WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
    UPDATE projects SET
        image_count = image_count + change.number,
        newest_image_id = (
            SELECT images.id FROM images WHERE images.project_id = change.id AND images.deleted_at IS NULL
            ORDER BY images.created_at DESC, images.id DESC LIMIT 1
        ),
        updated_at = now()
    FROM unnest(ids, numbers) AS change (id, number) WHERE projects.id = change.id;
    RETURN NULL;
END $$
"""
_WHEN = {
    "INSERT": "NEW TABLE AS came",
    "DELETE": "OLD TABLE AS went",
    "UPDATE": "NEW TABLE AS came OLD TABLE AS went",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "projects",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("notes", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("tags", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("cover_image_id", sa.Uuid(), nullable=True),
        sa.Column(
            "settings", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("preset_id", sa.Uuid(), nullable=True),
        sa.Column("is_archived", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_public", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_template", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("image_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("newest_image_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["cover_image_id"],
            ["images.id"],
            name=op.f("fk_projects_cover_image_id_images"),
            ondelete="SET NULL",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["preset_id"],
            ["presets.id"],
            name=op.f("fk_projects_preset_id_presets"),
            ondelete="SET NULL",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_projects_user_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_projects_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
    )
    for column in ("cover_image_id", "preset_id", "user_id"):
        op.create_index(op.f(f"ix_projects_{column}"), "projects", [column])
    for moment in ("updated", "created"):
        op.create_index(
            f"ix_projects_{moment}",
            "projects",
            ["workspace_id", sa.literal_column(f"{moment}_at DESC"), sa.literal_column("id DESC")],
        )
    op.create_index("ix_projects_name", "projects", ["workspace_id", sa.text("lower(name)"), "id"])
    op.create_index(
        "ix_images_project_newest",
        "images",
        ["project_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
    )
    op.create_index(op.f("ix_generations_project_id"), "generations", ["project_id"])
    for table in ("images", "generations"):
        op.create_foreign_key(
            op.f(f"fk_{table}_project_id_projects"),
            table,
            "projects",
            ["project_id"],
            ["id"],
            ondelete="SET NULL",
        )
    op.execute(_TRACK)
    for when, tables in _WHEN.items():
        op.execute(
            f"CREATE TRIGGER track_project_images_on_{when.lower()} AFTER {when} ON images "
            f"REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION track_project_images()"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION track_project_images() CASCADE")
    for table, index in (("images", "ix_images_project_newest"), ("generations", "ix_generations_project_id")):
        op.drop_constraint(f"fk_{table}_project_id_projects", table, type_="foreignkey")
        op.drop_index(index, table_name=table)
    op.drop_table("projects")
