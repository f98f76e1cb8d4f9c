"""Judging pairs, and what the judgements say."""

from __future__ import annotations

from uuid import UUID

from easel.base.clock import now
from easel.core.work import Work

from .. import policy, queries
from ..errors import AlreadyJudged, NothingToJudge, NotYetMade
from ..events import ComparisonJudged
from ..models import Comparison
from ..schemas import StandingOut, StatsOut, Vote
from . import pairs


async def vote(work: Work, comparison_id: UUID, choice: Vote) -> Comparison:
    """Judge a pair. A blind vote is final, another may be changed; the same vote again changes nothing.

    Raises `ComparisonNotFound`, `NotYetMade`, `NothingToJudge`, `AlreadyJudged`.
    """
    row = await queries.get(work, comparison_id, locked=True)
    if row.vote == choice:
        return row
    if row.vote is not None and row.blind:
        raise AlreadyJudged
    if row.vote is None:
        (pair,) = await pairs.pairs_of(work, [row])
        if pair.status == "running":
            raise NotYetMade
        if pair.status == "void":
            raise NothingToJudge(pair.reason)
    row.vote, row.voted_by, row.voted_at = choice, work.actor.user, now()
    await work.session.flush()
    await work.emit(
        ComparisonJudged(
            subject_id=row.id,
            workspace_id=row.workspace_id,
            user_id=work.actor.user,
            data={"vote": choice},
        )
    )
    return row


async def forget(work: Work, comparison_id: UUID) -> None:
    """Delete a comparison and its vote; the pictures stay. Raises `ComparisonNotFound`."""
    await work.session.delete(await queries.get(work, comparison_id))
    await work.session.flush()


async def stats(work: Work) -> StatsOut:
    """What wins in the acting workspace."""
    return StatsOut(
        votes=await queries.count(work, judged=True),
        models=[_standing(each) for each in await queries.standings(work, "model")],
        settings=[_standing(each) for each in await queries.standings(work, "setting")],
        prompts=[_standing(each) for each in await queries.standings(work, "prompt")],
    )


def _standing(found: queries.Standing) -> StandingOut:
    decided = found.wins + found.losses
    low, high = policy.wilson(found.wins, decided) or (None, None)
    return StandingOut(
        value=found.value,
        setting=found.setting,
        wins=found.wins,
        losses=found.losses,
        ties=found.ties,
        both_bad=found.both_bad,
        win_rate=found.wins / decided if decided else None,
        low=low,
        high=high,
    )
