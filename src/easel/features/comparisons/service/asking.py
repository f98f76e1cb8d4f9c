"""Asking for pairs: both sides of each, or nothing."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from uuid import UUID

from easel.base.errors import InvalidInput
from easel.core.work import Work
from easel.features.catalogue import queries as catalogue
from easel.features.catalogue.errors import ModelNotFound, ModelUnavailable
from easel.features.generation.service import submit
from easel.features.projects import queries as projects
from easel.providers.base import MAX_SEED, Capability, Operation, Request
from easel.providers.pricing import quote

from .. import policy
from ..models import Comparison, ComparisonSide
from ..schemas import ComparisonEstimate, ComparisonIn, Place

Pair = tuple[Request, Request]


@dataclass(frozen=True, slots=True)
class Plan:
    """The pairs that a body asks for, each as the requests of its two values."""

    asked: ComparisonIn
    pairs: tuple[Pair, ...]


async def plan(work: Work, asked: ComparisonIn) -> Plan:
    """Check both sides against their models. Raises `InvalidInput`, and what a generation raises for its model."""
    bodies = policy.bodies(asked)
    offer = await catalogue.offer(work, *policy.models_of(asked))
    seed = asked.request.seed
    first = secrets.randbelow(2**32) if seed is None else seed

    def request(index: int, number: int) -> Request:
        body = bodies[index]
        model = offer.usable(body.model)
        if seed is not None or Capability.SEED in model.capabilities:
            body = body.model_copy(update={"seed": (first + number) % (MAX_SEED + 1)})
        return submit.plan_of(offer, body, Operation.TEXT_TO_IMAGE)

    def side(index: int, number: int) -> Request:
        try:
            return request(index, number)
        except InvalidInput as error:
            raise policy.placed(asked, index, error) from error
        except (ModelNotFound, ModelUnavailable) as error:
            if asked.varies != "model":
                raise
            raise policy.placed(asked, index, error) from error

    pairs = tuple((side(0, number), side(1, number)) for number in range(asked.pairs))
    one, other = pairs[0]
    if one == replace(other, seed=one.seed):
        raise InvalidInput.of("values.1", "comes to the same as the other", "same")
    return Plan(asked, pairs)


async def estimate(work: Work, planned: Plan) -> ComparisonEstimate:
    """What it would cost; submitted now, exactly so much is reserved."""
    requests = [request for pair in planned.pairs for request in pair]
    credits = sum(quote(request).credits for request in requests)
    of_one = await submit.estimate(work, requests[0])
    return ComparisonEstimate(
        credits=float(credits),
        images=len(requests),
        billing=of_one.billing,
        available=of_one.available,
        affordable=of_one.available is None or of_one.available >= credits,
    )


async def ask(work: Work, planned: Plan, round_id: UUID) -> list[Comparison]:
    """Submit all pairs, or none.

    Raises what submitting a generation raises.
    """
    asked = planned.asked
    if asked.request.project_id is not None:
        await projects.require_open(work, asked.request.project_id)
    rows = []
    for number, pair in enumerate(planned.pairs, 1):
        row = Comparison(
            workspace_id=work.actor.workspace,
            user_id=work.actor.user,
            round_id=round_id,
            number=number,
            varies=asked.varies,
            setting=asked.setting,
            blind=asked.blind,
        )
        work.session.add(row)
        await work.session.flush()
        # Submitted in the order of the values, placed by lot: no order of ids or times tells the place.
        for variant, (place, request) in enumerate(zip(drawn(), pair, strict=True)):
            generation = await submit.submit(work, request, project_id=asked.request.project_id)
            work.session.add(
                ComparisonSide(
                    comparison_id=row.id,
                    place=place,
                    variant=variant,
                    generation_id=generation.id,
                    prompt=request.prompt,
                    model_id=request.model.id,
                    value=asked.values[variant] if asked.setting is not None else None,
                )
            )
        rows.append(row)
    await work.session.flush()
    return rows


def drawn() -> tuple[Place, Place]:
    """The places of the two values, by lot."""
    return ("left", "right") if secrets.randbelow(2) else ("right", "left")
