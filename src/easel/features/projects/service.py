"""What people do with projects: begin, change, archive, duplicate, delete, and keep one as a template."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from easel.base.errors import InvalidInput
from easel.core.work import Work

from . import queries
from .errors import ProjectNotFound
from .events import ProjectChanged, ProjectCreated, ProjectDeleted
from .models import Project
from .schemas import CopyIn, ProjectChangeIn, ProjectFields, ProjectIn, ProjectOut, TemplateIn

_COPIED: Final = ("description", "notes", "category", "tags", "cover_image_id", "settings", "preset_id")
_EMPTY: Final[dict[str, Any]] = {"description": "", "notes": "", "tags": [], "settings": {}}
"""What null means for what is never null."""
_LONGEST_NAME: Final = 100


async def create(work: Work, body: ProjectIn) -> Project:
    """Begin a project, from a template where one is named.

    Raises `ProjectNotFound` for the template, `InvalidInput` for a cover, settings or preset that cannot be.
    """
    values: dict[str, Any] = {}
    if body.template_id is not None:
        template = await queries.get(work, body.template_id)
        if not template.is_template:
            raise ProjectNotFound("There is no such template; it may have been deleted.")
        values = _copied(template)
    said = _said(body)
    return await _add(work, body.name, {**values, **said}, said=sorted(said))


async def change(work: Work, project_id: UUID, body: ProjectChangeIn) -> Project:
    """Change what is said of a project. Raises as `create` does."""
    project = await queries.get(work, project_id, locked=True)
    if "name" in body.model_fields_set and not body.name:
        raise InvalidInput.of("name", "must not be empty", "too_short")
    values = _said(body) | ({"name": body.name} if "name" in body.model_fields_set else {})
    changed = {name: value for name, value in values.items() if getattr(project, name) != value}
    for name, value in changed.items():
        setattr(project, name, value)
    if changed:
        await work.session.flush()
        await _tell(work, project, changed)
    return project


async def archive(work: Work, project_id: UUID, *, archived: bool) -> Project:
    """Put a project into the archive or take it out; quiet when it is there. Raises `ProjectNotFound`."""
    project = await queries.get(work, project_id, locked=True)
    if project.is_archived != archived:
        project.is_archived = archived
        await work.session.flush()
        await _tell(work, project, {"is_archived": archived})
    return project


async def duplicate(work: Work, project_id: UUID, body: CopyIn) -> Project:
    """A copy of a project, open even if that is archived; its pictures' copies come by the event.

    Raises `ProjectNotFound`.
    """
    original = await queries.get(work, project_id)
    name = body.name or _named_after(original.name)
    copy = await _add(
        work,
        name,
        {**_copied(original), "is_template": original.is_template},
        images_of=original.id if body.images else None,
    )
    await work.session.refresh(copy)
    return copy


async def keep_as_template(work: Work, body: TemplateIn) -> Project:
    """A template with everything that is said of a project. Raises `ProjectNotFound`."""
    project = await queries.get(work, body.project_id)
    return await _add(work, body.name or project.name, {**_copied(project), "is_template": True})


async def remove(work: Work, project_id: UUID) -> None:
    """Delete a project; its pictures stay, in none. Raises `ProjectNotFound`."""
    project = await queries.get(work, project_id)
    await work.session.delete(project)
    await work.session.flush()
    await work.emit(
        ProjectDeleted(subject_id=project.id, workspace_id=project.workspace_id, user_id=work.actor.user)
    )


def show(project: Project) -> ProjectOut:
    """A project as the API shows it."""
    cover = project.cover_image_id or project.newest_image_id
    return ProjectOut(
        id=project.id,
        user_id=project.user_id,
        name=project.name,
        description=project.description,
        notes=project.notes,
        category=project.category,
        tags=project.tags,
        cover_image_id=project.cover_image_id,
        cover_url=f"/api/images/{cover}/thumbnail/512" if cover else None,
        settings=project.settings,
        preset_id=project.preset_id,
        is_archived=project.is_archived,
        is_template=project.is_template,
        image_count=project.image_count,
        created_at=project.created_at,
        updated_at=project.updated_at,
    )


async def _add(
    work: Work,
    name: str,
    values: dict[str, Any],
    *,
    said: Sequence[str] = (),
    images_of: UUID | None = None,
) -> Project:
    project = Project(
        workspace_id=work.actor.workspace,
        user_id=work.actor.user,
        name=name,
        # Said here too, for whoever reads the row before the database fills it in.
        **{"image_count": 0, **_EMPTY, **values},
    )
    work.session.add(project)
    await work.session.flush()
    await work.emit(
        ProjectCreated(
            subject_id=project.id,
            workspace_id=project.workspace_id,
            user_id=work.actor.user,
            data={"fields": list(said), "images_of": str(images_of) if images_of else None},
        )
    )
    return project


async def _tell(work: Work, project: Project, changed: dict[str, Any]) -> None:
    await work.emit(
        ProjectChanged(
            subject_id=project.id,
            workspace_id=project.workspace_id,
            user_id=work.actor.user,
            data={"fields": sorted(changed)},
        )
    )


def _said(body: ProjectFields) -> dict[str, Any]:
    """What a body says of the columns; null as what stands for nothing there."""
    named = body.model_fields_set & set(_COPIED)
    values = {name: getattr(body, name) for name in named}
    return {name: _EMPTY.get(name) if value is None else value for name, value in values.items()}


def _copied(project: Project) -> dict[str, Any]:
    return {name: getattr(project, name) for name in _COPIED}


def _named_after(name: str) -> str:
    suffix = " (copy)"
    return name[: _LONGEST_NAME - len(suffix)].rstrip() + suffix
