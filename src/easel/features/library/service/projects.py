"""Pictures into projects and out of them, and what a new project brings along."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import insert, select

from easel.base.errors import InvalidInput
from easel.base.ids import new_id
from easel.core.events import Event
from easel.core.work import Work
from easel.features.projects import queries as projects
from easel.features.projects.events import ProjectChanged

from .. import queries
from ..errors import ImageNotFound
from ..models import Image

_COPIED_AT_ONCE = 1000
_OF_ONE_PICTURE = {"id", "project_id", "user_id", "generation_id", "cost_credits", "is_public", "likes"}


async def add_to_project(work: Work, project_id: UUID, image_ids: Sequence[UUID]) -> tuple[int, list[UUID]]:
    """Move pictures into a project: how many came, and the ids that there is no picture for.

    Those that are there stay. Raises `ProjectNotFound`, `ProjectArchived`, `ProjectIsTemplate`.
    """
    await projects.require_open(work, project_id)
    images = await _held(work, image_ids)
    came = [image for image in images if image.project_id != project_id]
    left = {image.project_id for image in came if image.project_id}
    for image in came:
        image.project_id = project_id
    await work.session.flush()
    if came:
        await _tell(work, [project_id, *sorted(left)])
    return len(came), [id for id in image_ids if id not in {image.id for image in images}]


async def remove_from_project(work: Work, project_id: UUID, image_id: UUID) -> None:
    """Take a picture out of a project. Raises `ProjectNotFound`, `ImageNotFound` also where it is in another."""
    await projects.get(work, project_id)
    images = await _held(work, [image_id])
    if not images or images[0].project_id != project_id:
        raise ImageNotFound("The project has no such image.")
    images[0].project_id = None
    await work.session.flush()
    await _tell(work, [project_id])


async def check_cover(work: Work, event: Event) -> None:
    """A project's cover must be a picture of its workspace. Raises `InvalidInput`."""
    project = await projects.get(work, event.subject_id)
    if project.cover_image_id is not None:
        try:
            await queries.get_image(work, project.cover_image_id)
        except ImageNotFound as error:
            raise InvalidInput.of("cover_image_id", "is no picture of this workspace", error.code) from error


async def complete_project(work: Work, event: Event) -> None:
    """Check a new project's cover, and give it copies of another's pictures if it is a copy with pictures.

    The copies share the files. They cost nothing, and are not among what a generation made.
    """
    await check_cover(work, event)
    if event.data["images_of"] is None:
        return
    columns = [
        column
        for column in Image.__table__.columns
        if column.key not in _OF_ONE_PICTURE and column.computed is None
    ]
    originals = queries.in_project(work.actor, UUID(event.data["images_of"])).subquery()
    rows = (await work.session.execute(select(*(originals.c[column.key] for column in columns)))).all()
    own = {"project_id": event.subject_id, "user_id": work.actor.user}
    for start in range(0, len(rows), _COPIED_AT_ONCE):
        copies = [{**row._mapping, **own, "id": new_id()} for row in rows[start : start + _COPIED_AT_ONCE]]
        await work.session.execute(insert(Image.__table__), copies)  # type: ignore[arg-type]


async def _held(work: Work, image_ids: Sequence[UUID]) -> list[Image]:
    """The acting workspace's pictures of these ids outside the trash, locked in one order."""
    found = (
        queries.visible_to(work.actor)
        .where(
            Image.workspace_id == work.actor.workspace, Image.id.in_(image_ids), Image.deleted_at.is_(None)
        )
        .order_by(Image.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(await work.session.scalars(found))


async def _tell(work: Work, project_ids: Sequence[UUID]) -> None:
    for project_id in project_ids:
        await work.emit(
            ProjectChanged(
                subject_id=project_id,
                workspace_id=work.actor.workspace,
                user_id=work.actor.user,
                data={"fields": ["images"]},
            )
        )
