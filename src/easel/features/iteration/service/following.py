"""What the end of one step means for those that wait for it, in the transaction that ends it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from easel.core.events import Event
from easel.core.work import Work
from easel.features.generation.errors import NotRetryable
from easel.features.generation.models import Generation
from easel.features.generation.queries import UNFINISHED
from easel.features.generation.service import states
from easel.features.generation.service.inputs import ADJUSTED
from easel.features.library.models import Image

from .branch import REPLAY
from .replaying import NO_TURN

_CODE = "step_before_failed"


async def completed(work: Work, event: Event) -> None:
    """Let the steps have their turn that start from the picture which was just made."""
    row = await _step(work, event.subject_id)
    if row is None:
        return
    waiting = await _waiting_for(work, row)
    if not waiting:
        return
    source = await _picture(work, row)
    for step in waiting:
        if source is None:
            await _fail(work, step, "The picture that it starts from is not in the studio any more.")
            continue
        await states.advance(
            work,
            step.id,
            "pending",
            come_from=("pending",),
            scheduled_at=None,
            parent_image_id=source.id,
            inputs=_with_source(step, source),
        )


async def failed(work: Work, event: Event) -> None:
    """Fail what waits for a step that failed; its credits come back."""
    row = await _step(work, event.subject_id)
    if row is None:
        return
    reason = row.error_message or "It has no reason."
    for step in await _waiting_for(work, row):
        # The first reason, however many steps away that is.
        said = reason if row.error_code == _CODE else f"A step before it failed: {reason}"
        await _fail(work, step, said)


async def cancelled(work: Work, event: Event) -> None:
    """Cancel what waits for a step that was cancelled."""
    row = await _step(work, event.subject_id)
    if row is None:
        return
    for step in await _waiting_for(work, row):
        await states.advance(work, step.id, "cancelled", come_from=("pending",))


async def queued(work: Work, event: Event) -> None:
    """A step that is tried again starts from what it waited for, or goes on waiting. Raises `NotRetryable`."""
    row = await _step(work, event.subject_id)
    told = row.inputs[REPLAY] if row is not None else {}
    if row is None or not told.get("waits") or row.scheduled_at is not None:
        return
    before = await work.session.get(Generation, UUID(told["after"]))
    source = await _picture(work, before) if before is not None and before.status == "completed" else None
    if source is not None:
        row.parent_image_id, row.inputs = source.id, _with_source(row, source)
    elif before is not None and before.status in UNFINISHED:
        row.scheduled_at = NO_TURN
    else:
        raise NotRetryable("It starts from a picture that was not made. Try the step before it again first.")
    await work.session.flush()


async def _step(work: Work, generation_id: UUID) -> Generation | None:
    """The generation, if it is a step of a replay."""
    row: Generation | None = await work.session.get(Generation, generation_id)
    return row if row is not None and row.batch_id is not None and REPLAY in row.inputs else None


async def _waiting_for(work: Work, row: Generation) -> Sequence[Generation]:
    found = await work.session.scalars(
        select(Generation)
        .where(
            Generation.batch_id == row.batch_id,
            Generation.status == "pending",
            Generation.inputs[REPLAY]["after"].astext == str(row.id),
            Generation.inputs[REPLAY].has_key("waits"),
        )
        .order_by(Generation.id)
    )
    return found.all()


async def _picture(work: Work, row: Generation) -> Image | None:
    """The picture that a step made; an edit made another version of the one it started from."""
    of = Image.id == row.parent_image_id if row.operation == ADJUSTED else Image.generation_id == row.id
    found: Image | None = await work.session.scalar(
        select(Image).where(of, Image.deleted_at.is_(None)).order_by(Image.id).limit(1)
    )
    return found


def _with_source(step: Generation, source: Image) -> dict[str, object]:
    told = {name: value for name, value in step.inputs[REPLAY].items() if name not in ("waits", "pixels")}
    pixels = {"image_key": source.file_path} if step.inputs[REPLAY].get("pixels") else {}
    return {**step.inputs, **pixels, REPLAY: told}


async def _fail(work: Work, step: Generation, message: str) -> None:
    await states.advance(
        work,
        step.id,
        "failed",
        come_from=("pending",),
        tell={"error": {"code": _CODE, "message": message[:1000]}},
        error_code=_CODE,
        error_message=message[:4000],
        progress={},
    )
