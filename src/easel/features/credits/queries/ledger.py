"""How the ledger is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Row, exists, func, or_, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from easel.core.work import Work
from easel.features.accounts.models import User
from easel.features.workspaces.models import Workspace

from ..models import CreditLot, LedgerAccount, LedgerEntry, LedgerPosting

ZERO = Decimal(0)

# Whatever is printed here should not be: triggers and checks keep each of these from ever happening.
_DRIFT = text("""
    WITH sums AS (
        SELECT account_id, sum(amount) AS total FROM ledger_postings GROUP BY account_id
    ), purses AS (
        SELECT workspace_id, sum(balance) AS total FROM ledger_accounts
        WHERE workspace_id IS NOT NULL GROUP BY workspace_id
    ), lots AS (
        SELECT workspace_id, sum(remaining) AS total FROM credit_lots GROUP BY workspace_id
    ), held AS (
        SELECT entry.workspace_id, sum(posting.amount) AS total
        FROM ledger_entries entry JOIN ledger_postings posting ON posting.entry_id = entry.id
        JOIN ledger_accounts account ON account.id = posting.account_id AND account.kind = 'reserved'
        WHERE entry.cause = 'reserve' AND NOT EXISTS (
            SELECT FROM ledger_entries settled WHERE settled.generation_id = entry.generation_id
            AND settled.round = entry.round AND settled.cause IN ('capture', 'release')
        ) GROUP BY entry.workspace_id
    )
    SELECT 'balance' AS what, account.id AS subject, account.balance AS kept, coalesce(sums.total, 0) AS summed
    FROM ledger_accounts account LEFT JOIN sums ON sums.account_id = account.id
    WHERE account.workspace_id IS NOT NULL AND account.balance <> coalesce(sums.total, 0)
    UNION ALL
    SELECT 'entry', entry.id, 0, coalesce(sum(posting.amount), 0) FROM ledger_entries entry
    LEFT JOIN ledger_postings posting ON posting.entry_id = entry.id
    GROUP BY entry.id HAVING coalesce(sum(posting.amount), 0) <> 0 OR count(posting.amount) < 2
    UNION ALL
    SELECT 'lots', coalesce(purses.workspace_id, lots.workspace_id), coalesce(lots.total, 0),
        coalesce(purses.total, 0)
    FROM purses FULL JOIN lots ON lots.workspace_id = purses.workspace_id
    WHERE coalesce(purses.total, 0) <> coalesce(lots.total, 0)
    UNION ALL
    SELECT 'reserved', account.workspace_id, account.balance, coalesce(held.total, 0)
    FROM ledger_accounts account LEFT JOIN held ON held.workspace_id = account.workspace_id
    WHERE account.kind = 'reserved' AND account.balance <> coalesce(held.total, 0)
""")


@dataclass(frozen=True, slots=True)
class Balances:
    """What a workspace may spend, and what is reserved for generations that have not ended."""

    available: Decimal = ZERO
    reserved: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Movement:
    """An entry as its workspace sees it: by how much its two balances changed, and what could be spent after.

    `available_after` is None where that did not change: all that was reserved was charged.
    """

    entry: LedgerEntry
    available: Decimal
    reserved: Decimal
    available_after: Decimal | None


@dataclass(frozen=True, slots=True)
class Drift:
    """Two numbers of the ledger that should be equal and are not; `what` is balance, entry, lots or reserved."""

    what: str
    subject: UUID
    kept: Decimal
    summed: Decimal


async def balances(work: Work, workspace_id: UUID) -> Balances:
    """A workspace's balances; zero where nothing ever moved."""
    return (await balances_of(work, [workspace_id]))[workspace_id]


async def balances_of(work: Work, workspace_ids: Sequence[UUID]) -> dict[UUID, Balances]:
    """As `balances`, of several workspaces."""
    found = await work.session.execute(
        select(LedgerAccount.workspace_id, LedgerAccount.kind, LedgerAccount.balance).where(
            LedgerAccount.workspace_id.in_(workspace_ids)
        )
    )
    kept = {(id, kind): balance or ZERO for id, kind, balance in found}
    return {
        id: Balances(kept.get((id, "available"), ZERO), kept.get((id, "reserved"), ZERO))
        for id in workspace_ids
    }


async def open_lots(work: Work, workspace_id: UUID) -> Sequence[CreditLot]:
    """The lots of a workspace of which something is left, in the order in which they are spent."""
    found = await work.session.scalars(
        select(CreditLot)
        .where(CreditLot.workspace_id == workspace_id, CreditLot.remaining > 0)
        .order_by(CreditLot.expires_at.nulls_last(), CreditLot.created_at, CreditLot.entry_id)
        .execution_options(populate_existing=True)
    )
    return found.all()


async def was_entered(work: Work, cause: str, reference: str) -> bool:
    """Whether there is an entry of this cause with this reference."""
    return bool(
        await work.session.scalar(
            select(exists().where(LedgerEntry.cause == cause, LedgerEntry.reference == reference))
        )
    )


async def reserved_among(work: Work, generation_ids: Sequence[UUID]) -> set[tuple[UUID, int]]:
    """For which of these generations, and rounds of them, credits were reserved, settled or not."""
    found = await work.session.execute(
        select(LedgerEntry.generation_id, LedgerEntry.round).where(
            LedgerEntry.cause == "reserve", LedgerEntry.generation_id.in_(generation_ids)
        )
    )
    return {(id, round) for id, round in found if id is not None}


async def reserved_for(work: Work, generation_id: UUID, round: int) -> Decimal:
    """What is still reserved for a round of a generation; zero when nothing was, or when it is settled."""
    settled = aliased(LedgerEntry)
    found: Decimal | None = await work.session.scalar(
        select(LedgerPosting.amount)
        .join(LedgerEntry, LedgerEntry.id == LedgerPosting.entry_id)
        .join(LedgerAccount, LedgerAccount.id == LedgerPosting.account_id)
        .where(
            LedgerEntry.generation_id == generation_id,
            LedgerEntry.round == round,
            LedgerEntry.cause == "reserve",
            LedgerAccount.kind == "reserved",
            ~exists().where(
                settled.generation_id == LedgerEntry.generation_id,
                settled.round == LedgerEntry.round,
                settled.cause.in_(("capture", "release")),
            ),
        )
    )
    return found or ZERO


async def open_reserves(work: Work, workspace_id: UUID) -> Sequence[tuple[UUID, int]]:
    """The generations, with their rounds, for which a workspace has credits reserved."""
    settled = aliased(LedgerEntry)
    found = await work.session.execute(
        select(LedgerEntry.generation_id, LedgerEntry.round).where(
            LedgerEntry.workspace_id == workspace_id,
            LedgerEntry.cause == "reserve",
            ~exists().where(
                settled.generation_id == LedgerEntry.generation_id,
                settled.round == LedgerEntry.round,
                settled.cause.in_(("capture", "release")),
            ),
        )
    )
    return [(id, round) for id, round in found if id is not None]


async def purses(work: Work, words: str, *, limit: int) -> Sequence[Row[Workspace, User]]:
    """Workspaces whose name, or whose owner's name or address, has these words in it; by the owner's address."""
    like = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    about = (Workspace.name, User.name, User.email)
    found = (
        select(Workspace, User)
        .join(User, User.id == Workspace.owner_id)
        .where(or_(*(column.ilike(like) for column in about)))
        .order_by(func.lower(User.email), Workspace.kind, Workspace.created_at)
        .limit(limit)
    )
    return (await work.session.execute(found)).all()


async def adjustments(
    work: Work, *, limit: int, after: tuple[datetime, UUID] | None
) -> Sequence[Row[LedgerEntry, LedgerPosting, Workspace | None, str | None, str | None]]:
    """At most `limit` corrections after the keyset position, newest first.

    Each with its posting, its workspace and the addresses of that one's owner and of who did it, where they are there.
    """
    owner, doer = aliased(User), aliased(User)
    page = (
        select(LedgerEntry, LedgerPosting, Workspace, owner.email, doer.email)
        .join(LedgerPosting, LedgerPosting.entry_id == LedgerEntry.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerPosting.account_id)
        .outerjoin(Workspace, Workspace.id == LedgerEntry.workspace_id)
        .outerjoin(owner, owner.id == Workspace.owner_id)
        .outerjoin(doer, doer.id == LedgerEntry.user_id)
        .where(LedgerEntry.cause == "adjustment", LedgerAccount.kind == "available")
    )
    if after:
        page = page.where(tuple_(LedgerEntry.created_at, LedgerEntry.id) < after)
    page = page.order_by(LedgerEntry.created_at.desc(), LedgerEntry.id.desc()).limit(limit)
    return (await work.session.execute(page)).all()


async def history(
    work: Work, workspace_id: UUID, *, limit: int, after: tuple[datetime, UUID] | None
) -> list[Movement]:
    """At most `limit` movements of a workspace after the keyset position, newest first."""
    page = select(LedgerEntry).where(LedgerEntry.workspace_id == workspace_id)
    if after:
        page = page.where(tuple_(LedgerEntry.created_at, LedgerEntry.id) < after)
    page = page.order_by(LedgerEntry.created_at.desc(), LedgerEntry.id.desc()).limit(limit)
    entries = (await work.session.scalars(page)).all()
    postings = await work.session.execute(
        select(LedgerPosting.entry_id, LedgerAccount.kind, LedgerPosting.amount, LedgerPosting.balance_after)
        .join(LedgerAccount, LedgerAccount.id == LedgerPosting.account_id)
        .where(
            LedgerPosting.entry_id.in_([entry.id for entry in entries]),
            LedgerAccount.workspace_id == workspace_id,
        )
    )
    changes: dict[UUID, dict[str, Row[UUID, str, Decimal, Decimal | None]]] = {}
    for posting in postings:
        changes.setdefault(posting[0], {})[posting[1]] = posting
    return [_movement(entry, changes.get(entry.id, {})) for entry in entries]


def _movement(entry: LedgerEntry, changes: dict[str, Row[UUID, str, Decimal, Decimal | None]]) -> Movement:
    available, reserved = changes.get("available"), changes.get("reserved")
    return Movement(
        entry,
        available[2] if available else ZERO,
        reserved[2] if reserved else ZERO,
        available[3] if available else None,
    )


async def count_history(work: Work, workspace_id: UUID) -> int:
    """How many movements a workspace has had."""
    found = select(func.count()).select_from(LedgerEntry).where(LedgerEntry.workspace_id == workspace_id)
    return await work.session.scalar(found) or 0


async def drift(session: AsyncSession) -> list[Drift]:
    """Where the ledger does not agree with itself: nowhere, unless someone went round its rules."""
    return [Drift(*row) for row in await session.execute(_DRIFT)]
