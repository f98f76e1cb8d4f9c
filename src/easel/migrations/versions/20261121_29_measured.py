"""New pictures are counted at the commit, so that nobody waits for another's statements in between."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261121_29"
down_revision = "20261121_28"
branch_labels = None
depends_on = None

_NOTE = """
CREATE FUNCTION note_new_images() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO new_images (workspace_id, user_id, project, shown, images, bytes)
    SELECT workspace_id, user_id, coalesce(project_id, '00000000-0000-0000-0000-000000000000'),
           count(*) FILTER (WHERE deleted_at IS NULL), count(*), sum(file_size)
    FROM came GROUP BY 1, 2, 3 ORDER BY 2, 1, 3;
    RETURN NULL;
END $$
"""
_COUNT = """
CREATE FUNCTION count_new_images() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM new_images WHERE number = NEW.number;
    UPDATE users SET image_count = image_count + NEW.shown WHERE id = NEW.user_id AND NEW.shown > 0;
    UPDATE storage_use SET images = images + NEW.images, bytes = bytes + NEW.bytes
    WHERE workspace_id = NEW.workspace_id AND user_id = NEW.user_id AND project = NEW.project;
    IF NOT FOUND THEN
        INSERT INTO storage_use AS use (workspace_id, user_id, project, images, bytes)
        VALUES (NEW.workspace_id, NEW.user_id, NEW.project, NEW.images, NEW.bytes)
        ON CONFLICT (workspace_id, user_id, project)
        DO UPDATE SET images = use.images + excluded.images, bytes = use.bytes + excluded.bytes;
    END IF;
    RETURN NULL;
END $$
"""
# A transaction that changes what it has brought itself counts that first: the changes are told from what was before.
_FIRST = """
CREATE FUNCTION count_new_images_first() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM new_images) THEN
        SET CONSTRAINTS count_new_images IMMEDIATE;
    END IF;
    RETURN NULL;
END $$
"""
_ON_INSERT = (
    "CREATE TRIGGER {name} AFTER INSERT ON images "
    "REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "new_images",
        sa.Column("number", sa.BigInteger(), sa.Identity(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("workspace_id", "user_id", "project")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("shown", "images", "bytes")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_new_images")),
        prefixes=["UNLOGGED"],
    )
    op.execute(_NOTE)
    op.execute(_COUNT)
    op.execute(_FIRST)
    op.execute("DROP TRIGGER count_images_on_insert ON images")
    op.execute("DROP TRIGGER count_storage_on_insert ON images")
    op.execute(_ON_INSERT.format(name="note_new_images", function="note_new_images"))
    op.execute(
        "CREATE CONSTRAINT TRIGGER count_new_images AFTER INSERT ON new_images "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION count_new_images()"
    )
    op.execute(
        "CREATE TRIGGER count_new_images_first "
        "BEFORE DELETE OR UPDATE OF workspace_id, user_id, project_id, file_size, deleted_at ON images "
        "FOR EACH STATEMENT EXECUTE FUNCTION count_new_images_first()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION note_new_images() CASCADE")
    op.execute("DROP FUNCTION count_new_images() CASCADE")
    op.execute("DROP FUNCTION count_new_images_first() CASCADE")
    op.drop_table("new_images")
    for function in ("count_images", "count_storage"):
        op.execute(_ON_INSERT.format(name=f"{function}_on_insert", function=function))
