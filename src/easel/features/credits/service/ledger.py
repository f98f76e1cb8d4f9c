"""Moving credits: every function is one entry of the ledger, in the caller's transaction.

A workspace's two accounts are locked first, so that whoever comes second sees what the first left. What was done
before (the same reference, the same generation and round) is not done again. The database forbids whatever this
module gets wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from easel.base.clock import now
from easel.base.ids import new_id
from easel.core.work import Work

from ..errors import InsufficientCredits
from ..events import CreditsChanged
from ..models import HOUSE, Cause, CreditLot, House, LedgerAccount, LedgerEntry, LedgerPosting
from ..queries import ledger as queries

ZERO = Decimal(0)


@dataclass(slots=True)
class Purse:
    """A workspace's two accounts, locked until the transaction ends; `move` keeps the numbers up to date."""

    workspace_id: UUID
    ids: dict[str, UUID] = field(default_factory=dict)
    available: Decimal = ZERO
    reserved: Decimal = ZERO


async def hold(work: Work, workspace_id: UUID) -> Purse:
    """Lock a workspace's accounts, and make them first where nothing ever moved."""
    purse = await _locked(work, workspace_id)
    if len(purse.ids) < 2:
        fresh = [
            {"id": new_id(), "workspace_id": workspace_id, "kind": kind, "balance": ZERO}
            for kind in ("available", "reserved")
        ]
        await work.session.execute(upsert(LedgerAccount).values(fresh).on_conflict_do_nothing())
        purse = await _locked(work, workspace_id)
    return purse


async def _locked(work: Work, workspace_id: UUID) -> Purse:
    found = await work.session.execute(
        select(LedgerAccount.kind, LedgerAccount.id, LedgerAccount.balance)
        .where(LedgerAccount.workspace_id == workspace_id)
        .order_by(LedgerAccount.kind)
        .with_for_update()
    )
    purse = Purse(workspace_id)
    for kind, id, balance in found:
        purse.ids[kind] = id
        setattr(purse, kind, balance or ZERO)
    return purse


async def move(
    work: Work,
    purse: Purse,
    cause: Cause,
    *,
    available: Decimal = ZERO,
    reserved: Decimal = ZERO,
    house: House | None = None,
    generation: tuple[UUID, int] | None = None,
    reference: str | None = None,
    reason: str | None = None,
) -> UUID:
    """Write one entry: the changes of the workspace's two accounts, and the rest on the house's account.

    Answers the entry's id. Without `house` the two changes must cancel out.
    """
    entry = LedgerEntry(
        id=new_id(),
        cause=cause,
        workspace_id=purse.workspace_id,
        user_id=work.actor.user_id,
        generation_id=generation[0] if generation else None,
        round=generation[1] if generation else 0,
        reference=reference,
        reason=reason,
        created_at=now(),
    )
    changes = [(purse.ids["available"], available), (purse.ids["reserved"], reserved)]
    if house is not None:
        changes.append((HOUSE[house], -available - reserved))
    await _write(work, purse, [(entry, changes)])
    return entry.id


async def _write(
    work: Work, purse: Purse, entries: Sequence[tuple[LedgerEntry, Sequence[tuple[UUID, Decimal]]]]
) -> None:
    """Write entries of one cause with their changes by account, and tell members once how it stands then."""
    work.session.add_all(entry for entry, _ in entries)
    await work.session.flush()
    parts = [(entry.id, *part) for entry, changes in entries for part in changes if part[1]]
    await work.session.execute(
        insert(LedgerPosting),
        [{"entry_id": entry_id, "account_id": id, "amount": amount} for entry_id, id, amount in parts],
    )
    purse.available += sum((amount for _, id, amount in parts if id == purse.ids["available"]), ZERO)
    purse.reserved += sum((amount for _, id, amount in parts if id == purse.ids["reserved"]), ZERO)
    await work.emit(
        CreditsChanged(
            subject_id=purse.workspace_id,
            workspace_id=purse.workspace_id,
            data={
                "cause": entries[0][0].cause,
                "available": float(purse.available),
                "reserved": float(purse.reserved),
            },
        )
    )


async def reserve(
    work: Work, workspace_id: UUID, generation_id: UUID, amount: Decimal, *, round: int = 0
) -> None:
    """Set credits aside for a generation. Raises `InsufficientCredits`."""
    await reserve_all(work, workspace_id, {(generation_id, round): amount})


async def reserve_all(work: Work, workspace_id: UUID, wanted: Mapping[tuple[UUID, int], Decimal]) -> None:
    """Set credits aside for generations by their ids and rounds, for all or none of them.

    Raises `InsufficientCredits`, which names the sum.
    """
    if not any(wanted.values()):
        return
    purse = await hold(work, workspace_id)
    known = await queries.reserved_among(work, [id for id, _ in wanted])
    fresh = {key: amount for key, amount in wanted.items() if amount and key not in known}
    need = sum(fresh.values(), ZERO)
    if purse.available < need:
        raise InsufficientCredits(need=need, have=purse.available)
    moment = now()
    entries = [
        (
            LedgerEntry(
                id=new_id(),
                cause="reserve",
                workspace_id=workspace_id,
                user_id=work.actor.user_id,
                generation_id=id,
                round=round,
                created_at=moment,
            ),
            [(purse.ids["available"], -amount), (purse.ids["reserved"], amount)],
        )
        for (id, round), amount in fresh.items()
    ]
    if entries:
        await _write(work, purse, entries)


async def settle(
    work: Work, workspace_id: UUID, generation_id: UUID, charge: Decimal, *, round: int = 0
) -> Decimal:
    """End a reservation: take `charge`, at most what was reserved, and give the rest back.

    Answers what was taken. Quiet, answering zero, when nothing is reserved any more.
    """
    if not await queries.reserved_for(work, generation_id, round):
        return ZERO
    purse = await hold(work, workspace_id)
    # Once more: someone else may have settled it while this waited for the lock.
    held = await queries.reserved_for(work, generation_id, round)
    if not held:
        return ZERO
    charge = min(charge, held)
    await move(
        work,
        purse,
        "capture" if charge else "release",
        available=held - charge,
        reserved=-held,
        house="revenue" if charge else None,
        generation=(generation_id, round),
    )
    await _spend(work, workspace_id, charge)
    return charge


async def put_in(
    work: Work,
    workspace_id: UUID,
    amount: Decimal,
    cause: Cause,
    house: House,
    *,
    expires_at: datetime | None = None,
    reference: str | None = None,
    reason: str | None = None,
) -> bool:
    """Give a workspace credits, as a lot of its own. False, having done nothing, for a reference that is known."""
    purse = await hold(work, workspace_id)
    if reference is not None and await queries.was_entered(work, cause, reference):
        return False
    entry_id = await move(
        work, purse, cause, available=amount, house=house, reference=reference, reason=reason
    )
    work.session.add(
        CreditLot(
            entry_id=entry_id,
            workspace_id=workspace_id,
            amount=amount,
            remaining=amount,
            expires_at=expires_at,
            created_at=now(),
        )
    )
    await work.session.flush()
    return True


async def take_out(
    work: Work,
    workspace_id: UUID,
    amount: Decimal,
    cause: Cause,
    house: House,
    *,
    at_most: bool = False,
    reference: str | None = None,
    reason: str | None = None,
) -> Decimal:
    """Take credits from what a workspace may spend; answers how many.

    With `at_most` what there is suffices. Raises `InsufficientCredits` otherwise. Quiet, answering zero, for a
    reference that is known.
    """
    purse = await hold(work, workspace_id)
    if reference is not None and await queries.was_entered(work, cause, reference):
        return ZERO
    if purse.available < amount:
        if not at_most:
            raise InsufficientCredits(need=amount, have=purse.available)
        amount = purse.available
    if not amount:
        return ZERO
    await move(work, purse, cause, available=-amount, house=house, reference=reference, reason=reason)
    await _spend(work, workspace_id, amount)
    return amount


async def _spend(work: Work, workspace_id: UUID, amount: Decimal) -> None:
    """Take `amount` off the lots, those that end soonest first; the accounts are locked."""
    if not amount:
        return
    for lot in await queries.open_lots(work, workspace_id):
        part = min(lot.remaining, amount)
        lot.remaining -= part
        amount -= part
        if not amount:
            break
    await work.session.flush()
