"""Asking servers of the operator's own for their models, and keeping what they say in the table.

Only workers ask; web processes read the table. A server that does not answer keeps its models, which cannot be used
until it does. Models of some machines only are told by the workers there; the other workers notice when there are none.
"""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import JSONB, array

from easel.core.actor import Actor
from easel.core.work import DatabaseUnavailable, Studio, Work
from easel.providers.base import Discovers, Model, OwnQueue
from easel.providers.errors import ProviderError, Unavailable

from ..models import OUT_OF_REACH, ModelRow
from . import synchronise

log = structlog.get_logger(__name__)

SECONDS = 20.0
"""How often servers are asked."""

Found = tuple[Model, ...] | ProviderError


async def discover(studio: Studio) -> None:
    """Ask every server once, all at the same time, and write down what they have."""
    servers = [each for each in studio.providers if isinstance(each, Discovers) and each.configured]
    answers = await asyncio.gather(*map(_ask, (each for each in servers if not isinstance(each, OwnQueue))))
    told = iter(answers)
    try:
        for server in servers:
            async with studio.work(Actor.system()) as work:
                if not isinstance(server, OwnQueue):
                    await _keep(work, server, next(told))
                elif not await studio.jobs.is_attended(work.session, server.queue):
                    await _keep(work, server, Unavailable(server.nobody))
    except DatabaseUnavailable:
        log.warning("catalogue.not_discovered")


async def discover_here(studio: Studio, queue: str) -> None:
    """Write down the models of this machine, whose worker takes jobs from `queue`."""
    for server in studio.providers:
        if not (isinstance(server, Discovers) and isinstance(server, OwnQueue) and server.queue == queue):
            continue
        answer = await _ask(server)
        try:
            async with studio.work(Actor.system()) as work:
                await _keep(work, server, answer)
        except DatabaseUnavailable:
            log.warning("catalogue.not_discovered")


async def _ask(server: Discovers) -> Found:
    try:
        return await server.discover()
    except ProviderError as error:
        return error


async def _keep(work: Work, server: Discovers, answer: Found) -> None:
    own = ModelRow.provider == server.id
    if isinstance(answer, ProviderError):
        reason = func.jsonb_build_object(OUT_OF_REACH, answer.detail, type_=JSONB)
        away = ModelRow.details[OUT_OF_REACH].astext.is_distinct_from(answer.detail)
        told = await work.session.execute(
            update(ModelRow)
            .where(own, ModelRow.is_active, away)
            .values(details=ModelRow.details.op("||")(reason), updated_at=ModelRow.updated_at)
            .returning(ModelRow.id)
        )
        if told.first():
            log.warning("catalogue.server_away", provider=server.id, reason=answer.detail)
        return
    # Before what was found is compared: that a server is back is no change of its models, nor that it is away.
    await work.session.execute(
        update(ModelRow)
        .where(own, ModelRow.details.has_key(OUT_OF_REACH))
        .values(details=ModelRow.details.delete_path(array([OUT_OF_REACH])), updated_at=ModelRow.updated_at)
    )
    await synchronise.upsert(work, answer)
    await synchronise.mark_gone(work, [model.id for model in answer], own)
