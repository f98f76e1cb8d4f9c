"""Places: how many generations will be given a seat before one that waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import text

from easel.core.work import Work

from .. import queries
from ..models import Generation

LIMIT = 10_000
"""Places are counted so far and no further."""

_OWN = text("""
    SELECT ranked.id, who.pool, who.user_id, ranked.priority, ranked.number
    FROM (
        SELECT DISTINCT pool, user_id FROM generations
        WHERE id = ANY(CAST(:ids AS uuid[])) AND status = 'pending' AND admitted_at IS NULL
    ) AS who
    CROSS JOIN LATERAL (
        SELECT id, priority, row_number() OVER (ORDER BY priority DESC, created_at, id) AS number
        FROM (
            SELECT id, priority, created_at FROM generations
            WHERE pool = who.pool AND user_id = who.user_id AND status = 'pending' AND admitted_at IS NULL
            ORDER BY priority DESC, created_at, id LIMIT :limit
        ) AS first
    ) AS ranked
    WHERE ranked.id = ANY(CAST(:ids AS uuid[]))
""")
_USERS = text(f"""
    WITH RECURSIVE {queries.waiting_users()}
    SELECT users.user_id, turns.last_at, waiting.priority, waiting.number, waiting.oldest
    FROM users
    CROSS JOIN LATERAL (
        SELECT priority, count(*) AS number, min(created_at) AS oldest FROM (
            SELECT priority, created_at FROM generations
            WHERE pool = :pool AND user_id = users.user_id AND status = 'pending' AND admitted_at IS NULL
            ORDER BY priority DESC, created_at, id LIMIT :most
        ) AS first GROUP BY priority
    ) AS waiting
    LEFT JOIN turns ON turns.pool = :pool AND turns.user_id = users.user_id
    WHERE users.user_id IS NOT NULL
""")  # noqa: S608 - put together of constants
_SEATED = text("""
    SELECT count(*) FROM generations
    WHERE pool = :pool AND admitted_at IS NOT NULL AND status IN ('pending', 'processing')
""")
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a generation waits: so many go before it, and those go by rounds, one for each seat at a time."""

    before: int
    rounds: int


@dataclass(slots=True)
class _Group:
    """What a user has waiting in a pool at one priority."""

    last_at: datetime
    oldest: datetime
    number: int


_Groups = dict[int, dict[UUID, _Group]]


async def places(work: Work, rows: Sequence[Generation]) -> dict[UUID, Place]:
    """The place of each of `rows` that waits: nobody before the next one and those that have a seat already.

    It follows the turns of `seats`, as things stand: those who come later may still go before.
    """
    waiting = [row for row in rows if row.status == "pending"]
    found = {row.id: Place(0, 0) for row in waiting}
    ids = [row.id for row in waiting if row.admitted_at is None]
    if not ids:
        return found
    pools = defaultdict(list)
    for own in await work.session.execute(_OWN, {"ids": ids, "limit": LIMIT}):
        pools[own.pool].append(own)
    for pool, owns in pools.items():
        seated = await work.session.scalar(_SEATED, {"pool": pool}) or 1
        groups = await _groups(work, pool, max(own.number for own in owns) + 1)
        for own in owns:
            before = min(_before(own.user_id, own.priority, own.number, groups), LIMIT)
            found[own.id] = Place(before, 1 + before // seated)
    for id in set(ids) - {own.id for owns in pools.values() for own in owns}:
        found[id] = Place(LIMIT, LIMIT)
    return found


def _before(user_id: UUID, priority: int, number: int, groups: _Groups) -> int:
    """How many go before the `number`-th of all that a user has waiting, which has this priority."""
    level = groups.get(priority, {})
    mine = level.get(user_id)
    if mine is None:
        return 0  # given its seat since the first look
    # Its number among those of the same priority: the round in which its turn comes.
    higher = [others for p, others in groups.items() if p > priority]
    turn = max(1, number - sum(others[user_id].number for others in higher if user_id in others))
    before = turn - 1 + sum(group.number for others in higher for group in others.values())
    for id, other in level.items():
        if id != user_id:
            first = (other.last_at, other.oldest) < (mine.last_at, mine.oldest)
            before += min(turn if first else turn - 1, other.number)
    return before


async def _groups(work: Work, pool: str, most: int) -> _Groups:
    """All that waits in a pool by priority and user, the first `most` of each user."""
    groups: _Groups = {}
    for row in await work.session.execute(_USERS, {"pool": pool, "most": most}):
        groups.setdefault(row.priority, {})[row.user_id] = _Group(
            row.last_at or _NEVER, row.oldest, row.number
        )
    return groups
