"""Changes to many pictures at once: one statement, one event, and a way back.

Up to `_AT_ONCE` pictures are changed while the request waits; more are left to a worker, which changes them in
stretches, each one transaction. What a change did is kept for `_UNDO_DAYS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import delete

from easel.base.clock import now
from easel.base.errors import EaselError
from easel.base.ids import new_id
from easel.core.actor import ALL_SCOPES, Actor
from easel.core.work import DatabaseUnavailable, Studio, Work
from easel.features.background import service as background
from easel.features.projects import queries as projects

from .. import queries
from ..errors import ImageNotFound, UndoNotFound
from ..events import BULK, KIND, ImagesChanged
from ..models import BulkChange
from ..queries import changes
from ..queries.changes import Outcome
from ..schemas import MOST_TAGS, BulkOut, ImageFilter, NotChanged, Selection

log = structlog.get_logger(__name__)

_AT_ONCE: Final = 2_000
_STRETCH: Final = 10_000
_MOST_TOLD: Final = 1_000
"""So many failures are told one by one."""
_FEW: Final = 100
"""Up to so many ids go into the event."""
_UNDO_DAYS: Final = 7


async def change(work: Work, action: str, which: Selection, **said: Any) -> BulkOut:
    """Change pictures: `action` is one of `queries.changes.ACTIONS`, `said` its values.

    Raises `ProjectNotFound`, `ProjectArchived`, `ProjectIsTemplate` for a project to move into.
    """
    if said.get("project_id") is not None:
        await projects.require_open(work, said["project_id"])
    wanted = _of_action(action, which.filter) if which.filter else None
    ids = (
        await queries.some_ids(work, wanted, _AT_ONCE + 1) if wanted else list(dict.fromkeys(which.ids or ()))
    )
    request = {
        "filter": wanted.model_dump(mode="json", exclude_defaults=True) if wanted else None,
        "ids": [str(id) for id in ids] if not wanted and len(ids) > _AT_ONCE else None,
        "said": {name: str(value) if isinstance(value, UUID) else value for name, value in said.items()},
    }
    record = await _begin(work, action, request)
    if len(ids) > _AT_ONCE:
        await background.begin(work, BULK, kind=KIND, job_id=record.id)
        return BulkOut(changed=0, failed=[], job_id=record.id, undo_id=record.id)
    outcome = await changes.change(work, action, ids, said, change_id=record.id, moment=record.moment)
    return await _told(work, record, [outcome], ids)


async def undo(work: Work, change_id: UUID) -> BulkOut:
    """Take a change back, but for pictures that were changed again since. Raises `UndoNotFound`."""
    made = await queries.locked_change(work, change_id)
    if made is None or made.undone_at is not None or made.action == "undo":
        raise UndoNotFound
    made.undone_at = now()
    record = await _begin(work, "undo", {"change": str(change_id)})
    if await queries.size_of_change(work, change_id) > _AT_ONCE:
        await background.begin(work, BULK, kind=KIND, job_id=record.id)
        return BulkOut(changed=0, failed=[], job_id=record.id)
    return await _take_back(work, record)


async def run(studio: Studio, job_id: UUID) -> None:
    """Carry a large change to its end. Safe to repeat: what it changed already is left alone."""
    async with studio.work(Actor.system()) as work:
        job = await background.take(work, job_id)
        record = await work.session.get(BulkChange, job_id) if job else None
    if job is None:
        return
    actor = Actor(kind="system", user_id=job.user_id, workspace_id=job.workspace_id, scopes=ALL_SCOPES)
    try:
        if record is None:
            raise UndoNotFound
        if record.action == "undo":
            async with studio.work(actor) as work:
                out = await _take_back(work, record)
                await background.complete(work, job_id, out.model_dump(mode="json"))
        else:
            await _change_all(studio, actor, record)
    except DatabaseUnavailable:
        raise  # `tidy` puts the job back into the queue, and it goes on
    except EaselError as error:
        await _failed(studio, job_id, error.code, error.detail)
    except Exception:
        log.exception("library.bulk_broke")
        await _failed(studio, job_id, "internal_error", "Something went wrong inside Easel. Try again.")


async def tidy(studio: Studio) -> None:
    """Carry jobs on that nothing carries any more, and forget changes that are too old to be taken back."""
    async with studio.work(Actor.system()) as work:
        await background.carry_on(work, BULK, KIND)
        old = BulkChange.created_at < now() - timedelta(days=_UNDO_DAYS)
        await work.session.execute(delete(BulkChange).where(old))


async def _change_all(studio: Studio, actor: Actor, record: BulkChange) -> None:
    asked = record.request
    said: Mapping[str, Any] = asked["said"]
    async with studio.work(actor) as work:
        if said.get("project_id") is not None:
            await projects.require_open(work, UUID(said["project_id"]))
        if asked["filter"] is not None:
            ids = await queries.some_ids(work, ImageFilter.model_validate(asked["filter"]), None)
        else:
            ids = [UUID(id) for id in asked["ids"]]
    outcomes: list[Outcome] = []
    for start in range(0, len(ids), _STRETCH):
        stretch = ids[start : start + _STRETCH]
        async with studio.work(actor) as work:
            found = await changes.change(
                work, record.action, stretch, said, change_id=record.id, moment=record.moment
            )
            outcomes.append(found)
            await background.forward(
                work, record.id, stage="changing", done=start + len(stretch), total=len(ids)
            )
    async with studio.work(actor) as work:
        out = await _told(work, record, outcomes, ids)
        await background.complete(work, record.id, out.model_dump(mode="json"))


async def _take_back(work: Work, record: BulkChange) -> BulkOut:
    made = await work.session.get_one(BulkChange, UUID(record.request["change"]))
    outcome = await changes.undo(work, made.action, change_id=made.id, made=made.moment, moment=record.moment)
    out = await _told(work, record, [outcome], ())
    return out.model_copy(update={"undo_id": None})


async def _begin(work: Work, action: str, request: dict[str, Any]) -> BulkChange:
    record = BulkChange(
        id=new_id(),
        workspace_id=work.actor.workspace,
        user_id=work.actor.user,
        action=action,
        request=request,
        moment=now(),
    )
    work.session.add(record)
    await work.session.flush()
    return record


async def _told(work: Work, record: BulkChange, outcomes: Sequence[Outcome], ids: Sequence[UUID]) -> BulkOut:
    changed = await queries.size_of_change(work, record.id) if record.action != "undo" else 0
    changed = changed or sum(outcome.changed for outcome in outcomes)
    failed = [problem for outcome in outcomes for problem in _problems(outcome)]
    if changed:
        data: dict[str, Any] = {"action": record.action, "changed": changed}
        if 0 < len(ids) <= _FEW:
            data["ids"] = [str(id) for id in ids]
        await work.emit(
            ImagesChanged(
                subject_id=record.id, workspace_id=record.workspace_id, user_id=record.user_id, data=data
            )
        )
    return BulkOut(
        changed=changed, failed=failed[:_MOST_TOLD], job_id=None, undo_id=record.id if changed else None
    )


def _problems(outcome: Outcome) -> list[NotChanged]:
    missing = [(id, ImageNotFound.code, ImageNotFound.title()) for id in outcome.missing]
    full = [(id, "too_many_tags", f"It would have more than {MOST_TAGS} tags.") for id in outcome.full]
    newer = [(id, "changed_since", "It was changed again since.") for id in outcome.newer]
    return [NotChanged(id=id, code=code, message=message) for id, code, message in (*missing, *full, *newer)]


def _of_action(action: str, wanted: ImageFilter) -> ImageFilter:
    """The filter; what comes back out of the trash is in it, and all else is not."""
    return wanted.model_copy(update={"trashed": action == "restore"})


async def _failed(studio: Studio, job_id: UUID, code: str, message: str) -> None:
    async with studio.work(Actor.system()) as work:
        await background.fail(work, job_id, code, message)
