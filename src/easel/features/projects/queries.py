"""How projects are found; `visible_to` is the only door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Select, func, literal, or_, select, tuple_

from easel.core.actor import Actor
from easel.core.work import Work

from .errors import ProjectArchived, ProjectIsTemplate, ProjectNotFound
from .models import Project

Sort = Literal["updated", "created", "name"]
Position = tuple[datetime | str, UUID]
"""Where a row stands in a list: the value that is sorted by, and the id."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which projects a list shows, and in which order; None leaves a field out of account."""

    archived: bool = False
    template: bool = False
    q: str | None = None
    category: str | None = None
    tag: str | None = None
    sort: Sort = "updated"
    order: Literal["asc", "desc"] = "desc"


def visible_to(actor: Actor) -> Select[Project]:
    """The projects that an actor may see: those of the acting workspace, or of all that it may read in now."""
    return select(Project).where(Project.workspace_id.in_(actor.readable))


async def get(work: Work, project_id: UUID, *, locked: bool = False) -> Project:
    """One project, a template too. Raises `ProjectNotFound`, also for another workspace's.

    With `locked` nobody else changes it until the transaction's end.
    """
    found = visible_to(work.actor).where(Project.id == project_id)
    if locked:
        found = found.with_for_update(key_share=True).execution_options(populate_existing=True)
    project: Project | None = await work.session.scalar(found)
    if project is None:
        raise ProjectNotFound
    return project


async def require_open(work: Work, project_id: UUID) -> Project:
    """A project that pictures may be put into; it stays there until the transaction's end.

    Raises `ProjectNotFound`, `ProjectArchived`, `ProjectIsTemplate`.
    """
    found = visible_to(work.actor).where(
        Project.id == project_id, Project.workspace_id == work.actor.workspace
    )
    project: Project | None = await work.session.scalar(found.with_for_update(read=True, key_share=True))
    if project is None:
        raise ProjectNotFound
    if project.is_template:
        raise ProjectIsTemplate
    if project.is_archived:
        raise ProjectArchived(project.name)
    return project


async def page(work: Work, wanted: Filter, *, limit: int, after: Position | None) -> Sequence[Project]:
    """At most `limit` projects after the keyset position."""
    found = _filtered(visible_to(work.actor), wanted)
    column: Any = {
        "updated": Project.updated_at,
        "created": Project.created_at,
        "name": func.lower(Project.name),
    }[wanted.sort]
    position = tuple_(column, Project.id)
    if after:
        value = func.lower(literal(after[0])) if wanted.sort == "name" else literal(after[0])
        mark = tuple_(value, literal(after[1]))
        found = found.where(position < mark if wanted.order == "desc" else position > mark)
    if wanted.order == "desc":
        found = found.order_by(column.desc(), Project.id.desc())
    else:
        found = found.order_by(column, Project.id)
    return (await work.session.scalars(found.limit(limit))).all()


async def count(work: Work, wanted: Filter) -> int:
    """How many projects a filter matches."""
    found = _filtered(visible_to(work.actor), wanted).with_only_columns(func.count())
    return await work.session.scalar(found) or 0


def _filtered(found: Select[Project], wanted: Filter) -> Select[Project]:
    found = found.where(Project.is_template.is_(wanted.template), Project.is_archived.is_(wanted.archived))
    if wanted.q is not None:
        like = "%" + wanted.q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        found = found.where(
            or_(
                Project.name.ilike(like),
                Project.description.ilike(like),
                func.array_to_string(Project.tags, " ").ilike(like),
            )
        )
    if wanted.category is not None:
        found = found.where(Project.category == wanted.category)
    if wanted.tag is not None:
        found = found.where(Project.tags.contains([wanted.tag]))
    return found
