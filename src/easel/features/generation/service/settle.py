"""Last work of an attempt: pictures into the store and the library, or the reason why there are none.

All of it waits out a store or database that is away for a while, so that finished pictures are not lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from easel.core.work import DatabaseUnavailable, Studio, Work
from easel.features.library import service as library
from easel.media.errors import ImageTooLarge, NotAnImage
from easel.media.probe import refuse_cut_off
from easel.providers import errors as provider_errors
from easel.providers.base import Result
from easel.storage.base import StorageFull, StorageUnavailable

from ..models import Generation
from . import charges, failover, seats, states
from .claim import Claim
from .inputs import ADJUSTED
from .patience import patiently

log = structlog.get_logger(__name__)


async def complete(studio: Studio, claim: Claim, result: Result, *, seconds: float) -> None:
    """Store the pictures of a call that took `seconds`; ends the generation in every case."""
    try:
        await _store(studio, claim, result, seconds)
    except (NotAnImage, ImageTooLarge) as error:
        await fail(
            studio,
            claim,
            provider_errors.ProviderError.code,
            f"The model answered with something else: {error.detail}",
        )
    except (StorageFull, StorageUnavailable) as error:
        await fail(studio, claim, error.code, error.detail)
    except DatabaseUnavailable:
        # Not to be noted anywhere now: `recover` finds the generation later.
        log.exception("generation.not_stored")
    except Exception:
        log.exception("generation.not_stored")
        await fail(studio, claim, "unknown", "The pictures could not be stored; the log has the details.")
    finally:
        for image in result.images:
            image.close()


async def _store(studio: Studio, claim: Claim, result: Result, seconds: float) -> None:
    if not result.images:
        await fail(studio, claim, provider_errors.ProviderError.code, "The model answered without a picture.")
        return
    for image in result.images:
        # Before any is stored: what was paid for and cannot be shown is a failure, not a picture.
        await asyncio.to_thread(refuse_cut_off, image.content)
    originals = [
        (await patiently(lambda image=image: library.keep(studio, image.content)), image)  # type: ignore[misc]
        for image in result.images
    ]

    async def store() -> bool:
        async with studio.work(claim.actor) as work:
            row = await states.hold(work, claim.generation.id, attempt=claim.attempt)
            if row is None:
                return False
            origin = library.Origin(
                operation=row.operation,
                prompt=row.prompt,
                negative_prompt=row.negative_prompt,
                model_id=row.model_id,
                model_version=row.model_version,
                parameters=row.parameters,
                generation_id=row.id,
                generation_time=round(seconds, 3),
                cost_credits=charges.charge_for(row, len(originals)) / len(originals),
                project_id=row.project_id,
                parent_image_id=row.parent_image_id,
            )
            images = []
            for original, image in originals:
                if row.operation == ADJUSTED:
                    images.append(await _add_version(work, row, original))
                else:
                    added = await library.add_image(
                        work, original, origin, seed=image.seed, facts=image.metadata
                    )
                    images.append(added.id)
            await charges.capture(
                work, row, images, seconds=seconds, provider_cost_usd=result.provider_cost_usd
            )
            await states.advance(
                work,
                row.id,
                "completed",
                come_from=("processing",),
                attempt=claim.attempt,
                tell={"num_images": len(originals)},
                progress=_done(row.progress, row.parameters),
            )
            return True

    if await patiently(store):
        log.info("generation.completed", images=len(originals), seconds=round(seconds, 3))
    else:
        log.info("generation.superseded")


async def _add_version(work: Work, row: Generation, original: library.Original) -> UUID:
    """An edited picture is the same picture in another version."""
    assert row.parent_image_id is not None
    base_id = row.inputs.get("base_id")
    image = await library.versions.add(
        work,
        row.parent_image_id,
        original,
        base_id=UUID(base_id) if base_id else None,
        steps=row.inputs["edits"],
        generation_id=row.id,
    )
    return image.id


def _done(progress: Mapping[str, Any], parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The progress of what is finished: all steps, where it is known how many those were."""
    steps = progress.get("steps") or parameters.get("steps")
    return {"step": steps, "steps": steps} if steps else {}


async def fail(studio: Studio, claim: Claim, code: str, message: str) -> None:
    """End an attempt, and the generation with it, without pictures."""

    async def end() -> None:
        async with studio.work(claim.actor) as work:
            await states.advance(
                work,
                claim.generation.id,
                "failed",
                come_from=("processing",),
                attempt=claim.attempt,
                tell={"error": {"code": code, "message": message[:1000]}},
                error_code=code,
                error_message=message[:4000],
                progress={},
            )

    await patiently(end)
    log.info("generation.failed", code=code, detail=message[:300])


async def move(studio: Studio, claim: Claim) -> bool:
    """Let an equivalent model make what this attempt could not, if its owner allows that and there is one."""

    async def moved() -> bool:
        async with studio.work(claim.actor) as work:
            row = await states.hold(work, claim.generation.id, attempt=claim.attempt)
            return row is not None and await failover.move(
                work, row, claim.request.model, attempt=claim.attempt
            )

    return await patiently(moved)


async def requeue(
    studio: Studio,
    claim: Claim,
    *,
    request_id: str | None,
    at: datetime | None = None,
    passing_errors: int = 0,
) -> None:
    """Let another attempt begin, not before `at`; it follows the provider's `request_id` where there is one."""

    async def back() -> None:
        async with studio.work(claim.actor) as work:
            row = await states.advance(
                work,
                claim.generation.id,
                "pending",
                come_from=("processing",),
                attempt=claim.attempt,
                scheduled_at=at,
                provider_request_id=request_id,
                passing_errors=passing_errors,
            )
            if row is not None and at is not None:
                await seats.fill_at(work, row.pool, at)

    await patiently(back)
