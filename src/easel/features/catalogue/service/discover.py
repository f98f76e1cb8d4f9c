"""Asking servers of the operator's own for their models, and keeping what they say in the table.

Only workers ask; web processes read the table. A server that does not answer keeps its models, which cannot be used
until it does.
"""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import JSONB, array

from easel.core.actor import Actor
from easel.core.work import DatabaseUnavailable, Studio, Work
from easel.providers.base import Discovers, Model
from easel.providers.errors import ProviderError

from ..models import OUT_OF_REACH, ModelRow
from . import synchronise

log = structlog.get_logger(__name__)

SECONDS = 20.0
"""How often servers are asked."""

Found = tuple[Model, ...] | ProviderError


async def discover(studio: Studio) -> None:
    """Ask every server once, all at the same time, and write down what they have."""
    servers = [each for each in studio.providers if isinstance(each, Discovers) and each.configured]
    answers = await asyncio.gather(*map(_ask, servers))
    try:
        for server, answer in zip(servers, answers, strict=True):
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
