"""Clearing up by a rule: what nobody wants goes to the trash, once a day, and can be taken back.

The rule is a filter of the gallery and an age; the change is a bulk change like any other, so that many pictures are
moved in portions by a worker, everybody hears of it, and one call takes it back.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import structlog

from easel.base.clock import now
from easel.base.errors import InvalidInput
from easel.core import audit
from easel.core.actor import ALL_SCOPES, Actor
from easel.core.work import Studio, Work
from easel.features.library import queries as library
from easel.features.library import service as library_service
from easel.features.library.schemas import ImageFilter, Selection
from easel.features.library.service import bulk

from ..models import CleanupRule, CleanupRun
from ..queries import cleanup as queries
from ..schemas import CleanupIn, CleanupOut, CleanupRunOut, DryRunOut

log = structlog.get_logger(__name__)

_EVERY: Final = timedelta(days=1)
_KEPT: Final = timedelta(days=90)
_MOST_RUNS: Final = 10
_MOST_SHOWN: Final = 12
_OFFERED: Final = CleanupIn(
    enabled=False,
    older_than_days=90,
    filter=ImageFilter(rated=False, favorite=False, project_id="none", collection_id="none", is_public=False),
)
"""What a workspace begins with: nothing that anybody did anything with is meant."""


async def show(work: Work) -> CleanupOut:
    """The acting workspace's rule and its last runs."""
    rule = await queries.rule(work)
    runs = await queries.runs(work, limit=_MOST_RUNS)
    return CleanupOut(
        enabled=rule.enabled if rule else False,
        older_than_days=rule.older_than_days if rule else _OFFERED.older_than_days,
        filter=ImageFilter.model_validate(rule.filter) if rule else _OFFERED.filter,
        next_run_at=rule.next_run_at if rule else None,
        runs=[
            CleanupRunOut(
                id=run.id, created_at=run.created_at, images=run.images, bytes=run.bytes, undo_id=undo_id
            )
            for run, undo_id in runs
        ],
    )


async def change(work: Work, body: CleanupIn) -> None:
    """Set the acting workspace's rule. Turned on, it is followed a day later, so that there is time to think again.

    Raises `InvalidInput` for a filter that says nothing, or looks into the trash.
    """
    _check(body.filter)
    rule = await queries.rule(work, locked=True)
    if rule is None:
        rule = CleanupRule(workspace_id=work.actor.workspace, enabled=False, next_run_at=None)
        work.session.add(rule)
    if not body.enabled:
        rule.next_run_at = None
    elif not rule.enabled or rule.next_run_at is None:
        rule.next_run_at = now() + _EVERY
    rule.enabled = body.enabled
    rule.older_than_days = body.older_than_days
    rule.filter = body.filter.model_dump(mode="json", exclude_defaults=True)
    rule.user_id = work.actor.user_id
    await work.session.flush()
    details = {"enabled": body.enabled, "older_than_days": body.older_than_days}
    await audit.record(work, "cleanup.changed", workspace_id=rule.workspace_id, details=details)


async def dry_run(work: Work, body: CleanupIn) -> DryRunOut:
    """What a rule would move to the trash now, turned on or not. Raises `InvalidInput` as `change` does."""
    _check(body.filter)
    wanted = _meant(body.filter, body.older_than_days)
    images, size = await library.weight(work, wanted)
    oldest = library.Order("created", "asc")
    first = await library.page(work, wanted, oldest, limit=_MOST_SHOWN, after=None) if images else ()
    return DryRunOut(
        images=images, bytes=size, first=[library_service.show(placed.image) for placed in first]
    )


async def run_due(studio: Studio) -> None:
    """Follow each rule whose time has come. Harmless when several do: each rule is in one hand at a time."""
    while await _run_next(studio, now()):
        pass


async def _run_next(studio: Studio, moment: datetime) -> bool:
    async with studio.work(Actor.system()) as work:
        rule = await queries.due(work, moment)
        if rule is None:
            return False
        if rule.user_id is None:
            # Who turned it on is gone, and with them whose change it would be.
            rule.enabled, rule.next_run_at = False, None
            return True
        rule.next_run_at = moment + _EVERY
        workspace_id, user_id = rule.workspace_id, rule.user_id
        wanted = _meant(ImageFilter.model_validate(rule.filter), rule.older_than_days)
        await queries.forget_runs(work, workspace_id, before=moment - _KEPT)
    actor = Actor(kind="system", user_id=user_id, workspace_id=workspace_id, scopes=ALL_SCOPES)
    async with studio.work(actor) as work:
        images, size = await library.weight(work, wanted)
        run = CleanupRun(workspace_id=workspace_id, images=images, bytes=size, change_id=None)
        if images:
            run.change_id = (await bulk.change(work, "delete", Selection(filter=wanted))).undo_id
            await audit.record(
                work, "cleanup.ran", workspace_id=workspace_id, details={"images": images, "bytes": size}
            )
        work.session.add(run)
    log.info("upkeep.cleaned_up", workspace_id=str(workspace_id), images=images)
    return True


def _meant(wanted: ImageFilter, days: int) -> ImageFilter:
    """What the filter matches and nobody touched for so long; what came back out of the trash is touched."""
    limit = now() - timedelta(days=days)
    made = min(limit, wanted.created_to or limit)
    changed = min(limit, wanted.updated_to or limit)
    return wanted.model_copy(update={"created_to": made, "updated_to": changed})


def _check(wanted: ImageFilter) -> None:
    if wanted.trashed:
        raise InvalidInput.of(
            "filter.trashed", "what is in the trash is cleared away already", "not_supported"
        )
    if not wanted.model_dump(exclude_defaults=True, exclude={"tags_mode"}):
        raise InvalidInput.of("filter", "would mean every old picture: say one thing at least", "too_wide")
