"""One request for pictures, from its arrival to its answer: submitted once for its key, and waited for if wished."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel

from easel.base.ids import new_id
from easel.core.actor import Actor
from easel.core.http import idempotency
from easel.core.work import Studio, Work
from easel.providers.base import Request

from .. import queries
from ..schemas import GenerationOut
from . import show, submit
from .inputs import TEXT, Sources

_ENDED = frozenset({"generation.completed", "generation.failed", "generation.cancelled"})
_LONGEST_WAIT = 120.0


@dataclass(frozen=True, slots=True)
class Planned:
    """A request that was checked, what it starts from, where its pictures go, and whether another model may do."""

    request: Request
    sources: Sources = TEXT
    project_id: UUID | None = None
    failover: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A generation as it is answered; `waited` is the preference that was honoured, in seconds."""

    shown: GenerationOut
    waited: float | None

    @property
    def status(self) -> int:
        """200 where it was waited for and has ended, else 202."""
        return 202 if self.waited is None or self.shown.status in queries.UNFINISHED else 200

    @property
    def headers(self) -> dict[str, str]:
        found = {"Location": self.shown.links.self}
        if self.waited is not None:
            found["Preference-Applied"] = f"wait={self.waited:g}"
        return found


async def submitted(
    studio: Studio,
    actor: Actor,
    plan: Callable[[Work], Awaitable[Planned]],
    *,
    name: str,
    body: BaseModel,
    key: str | None,
    prefer: str | None,
) -> Answer:
    """Plan and submit in one transaction; what was submitted under this `key` before is answered again.

    Raises what `plan` and `submit.submit` raise, and `idempotency.KeyReused`.
    """
    generation_id = new_id()
    async with studio.work(actor) as work:
        planned = await plan(work)
        fresh = True
        if key is not None:
            claimed = await idempotency.claim(work, key, name, body.model_dump_json().encode(), generation_id)
            fresh, generation_id = claimed.fresh, claimed.subject_id
        if fresh:
            row = await submit.submit(
                work,
                planned.request,
                generation_id=generation_id,
                project_id=planned.project_id,
                failover=planned.failover,
                sources=planned.sources,
            )
        else:
            row = await queries.get(work, generation_id)
        shown = (await show.show(work, [row]))[0]
    wait = _wait_seconds(prefer)
    if wait is not None:
        shown = await _until_ended(studio, actor, generation_id, wait)
    return Answer(shown, wait)


async def _until_ended(studio: Studio, actor: Actor, generation_id: UUID, seconds: float) -> GenerationOut:
    """The generation when it has ended, or as it stands when the time is up."""
    deadline = time.monotonic() + seconds
    subject = str(generation_id)
    with studio.hub.subscribe(
        lambda message: message.type in _ENDED and message.data["id"] == subject
    ) as heard:
        while True:
            async with studio.work(actor) as work:
                shown = (await show.show(work, [await queries.get(work, generation_id)]))[0]
            left = deadline - time.monotonic()
            if shown.status not in queries.UNFINISHED or left <= 0:
                return shown
            try:
                # Looks once a second besides: a listener that lost its connection must not cost the answer.
                if await heard.next(min(left, 1.0)) is None:
                    return shown
            except TimeoutError:
                continue


def _wait_seconds(prefer: str | None) -> float | None:
    """N of `wait=N` among preferences, capped; None where it is absent or not a number."""
    found = re.search(r"(?:^|[,;\s])wait\s*=\s*\"?([0-9]{1,6})\"?(?=$|[,;\s])", prefer or "", re.IGNORECASE)
    return min(float(found.group(1)), _LONGEST_WAIT) if found else None
