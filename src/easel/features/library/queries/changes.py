"""Changes to many pictures, each one statement: rows, what they were before, and what could not be changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Uuid, bindparam, func, select, text

from easel.core.work import Work

from ..models import BulkChange, BulkChangeGroup, Image
from ..schemas import MOST_TAGS, ImageFilter
from .filters import conditions
from .gallery import plan_for_these_values
from .pictures import visible_to


@dataclass(frozen=True, slots=True)
class Action:
    """A kind of change: the column, its value after, of which pictures, and how its old value is read again."""

    column: str
    after: str
    before: str
    of: str = "deleted_at IS NULL"
    fits: str = "true"


_TAGS: Final = """
    ARRAY(SELECT tag FROM unnest(tags || CAST(:add AS text[])) WITH ORDINALITY AS said (tag, place)
          WHERE tag <> ALL (CAST(:remove AS text[])) GROUP BY tag ORDER BY min(place))
"""
ACTIONS: Final = {
    "move": Action(
        "project_id",
        "CAST(:project_id AS uuid)",
        # Into no project where the old one is gone.
        "(SELECT id FROM projects WHERE id = CAST(wanted.before #>> '{}' AS uuid))",
    ),
    "tag": Action(
        "tags",
        _TAGS,
        "ARRAY(SELECT jsonb_array_elements_text(wanted.before))",
        fits=f"cardinality(after) <= {MOST_TAGS}",
    ),
    "favorite": Action(
        "is_favorite", "CAST(:favorite AS boolean)", "CAST(wanted.before #>> '{}' AS boolean)"
    ),
    "delete": Action("deleted_at", "CAST(:moment AS timestamptz)", "NULL"),
    "restore": Action(
        "deleted_at",
        "CAST(NULL AS timestamptz)",
        "CAST(wanted.before #>> '{}' AS timestamptz)",
        of="deleted_at IS NOT NULL",
    ),
}

_CHANGE: Final = """
    WITH chosen AS MATERIALIZED (
        SELECT id, {column} AS before, {after} AS after FROM images
        WHERE id = ANY (:ids) AND workspace_id = :workspace AND {of}
        ORDER BY id FOR NO KEY UPDATE
    ), fitting AS (
        SELECT id, before, after, {fits} AS fits FROM chosen WHERE after IS DISTINCT FROM before
    ), changed AS (
        UPDATE images SET {column} = fitting.after, updated_at = :moment
        FROM fitting WHERE images.id = fitting.id AND fitting.fits
        RETURNING images.id, to_jsonb(fitting.before) AS before
    ), kept AS (
        INSERT INTO bulk_change_groups (change_id, before, image_ids)
        SELECT CAST(:change AS uuid), before, array_agg(id) FROM changed GROUP BY before
    )
    SELECT (SELECT count(*) FROM changed),
        ARRAY(SELECT wanted.id FROM unnest(:ids) WITH ORDINALITY AS wanted (id, place) WHERE NOT EXISTS (
            SELECT FROM images WHERE images.id = wanted.id AND workspace_id = :workspace AND ({of} OR {trashing})
        ) ORDER BY place),
        ARRAY(SELECT id FROM fitting WHERE NOT fits)
"""
_UNDO: Final = """
    WITH wanted AS (
        SELECT bulk_change_groups.before, image.id FROM bulk_change_groups, unnest(image_ids) AS image (id)
        WHERE change_id = :change
    ), locked AS MATERIALIZED (
        SELECT images.id FROM images JOIN wanted ON images.id = wanted.id
        WHERE workspace_id = :workspace AND updated_at = :made ORDER BY images.id FOR NO KEY UPDATE OF images
    ), changed AS (
        UPDATE images SET {column} = {before}, updated_at = :moment
        FROM wanted, locked WHERE images.id = wanted.id AND images.id = locked.id
        RETURNING images.id
    )
    SELECT (SELECT count(*) FROM changed),
        ARRAY(SELECT id FROM wanted WHERE id NOT IN (SELECT id FROM changed) ORDER BY id)
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many pictures changed, and the ids of those that are not there, have no room, or changed since."""

    changed: int
    missing: Sequence[UUID] = field(default=())
    full: Sequence[UUID] = field(default=())
    newer: Sequence[UUID] = field(default=())


async def change(
    work: Work,
    action: str,
    ids: Sequence[UUID],
    said: Mapping[str, Any],
    *,
    change_id: UUID,
    moment: datetime,
) -> Outcome:
    """Make a change to pictures of the acting workspace, and keep what they were before."""
    of = ACTIONS[action]
    trashing = "true" if action in ("delete", "restore") else "false"
    statement = _CHANGE.format(column=of.column, after=of.after, of=of.of, fits=of.fits, trashing=trashing)
    row = await _one(work, statement, ids=list(ids), change=change_id, moment=moment, **said)
    return Outcome(row[0], missing=row[1], full=row[2])


async def undo(work: Work, action: str, *, change_id: UUID, made: datetime, moment: datetime) -> Outcome:
    """Give pictures back what a change took, but for those that were changed again since."""
    of = ACTIONS[action]
    statement = _UNDO.format(column=of.column, before=of.before)
    row = await _one(work, statement, change=change_id, made=made, moment=moment)
    return Outcome(row[0], newer=row[1])


async def _one(work: Work, statement: str, **values: Any) -> Any:
    types: dict[str, Any] = {"ids": ARRAY(Uuid), "change": Uuid(), "workspace": Uuid()}
    types |= {"moment": DateTime(timezone=True), "made": DateTime(timezone=True)}
    values["workspace"] = work.actor.workspace
    binds: list[Any] = [bindparam(name, type_=type_) for name, type_ in types.items() if name in values]
    used = {name: value for name, value in values.items() if f":{name}" in statement}
    statement_of = text(statement).bindparams(*(bind for bind in binds if bind.key in used))
    return (await work.session.execute(statement_of, used)).one()


async def some_ids(work: Work, wanted: ImageFilter, most: int | None) -> list[UUID]:
    """The ids of pictures of the acting workspace that a filter matches, at most so many, in no order."""
    await plan_for_these_values(work)
    found = visible_to(work.actor).where(*conditions(wanted)).with_only_columns(Image.id)
    return list(await work.session.scalars(found.limit(most)))


async def locked_change(work: Work, change_id: UUID) -> BulkChange | None:
    """A change of the acting workspace, locked; None if there is none."""
    found: BulkChange | None = await work.session.scalar(
        select(BulkChange)
        .where(BulkChange.id == change_id, BulkChange.workspace_id == work.actor.workspace)
        .with_for_update()
    )
    return found


async def size_of_change(work: Work, change_id: UUID) -> int:
    """How many pictures a change has changed until now."""
    number = func.sum(func.cardinality(BulkChangeGroup.image_ids))
    found = select(func.coalesce(number, 0)).where(BulkChangeGroup.change_id == change_id)
    return int(await work.session.scalar(found) or 0)
