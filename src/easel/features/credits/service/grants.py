"""Credits that are given, bought, taken back, and that end."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import structlog
from sqlalchemy import exists, select

from easel.base.clock import now
from easel.core import audit
from easel.core.actor import Actor
from easel.core.events import Event
from easel.core.work import Studio, Work
from easel.features.workspaces import queries as workspaces
from easel.features.workspaces.models import Workspace

from ..errors import BillingOff, PurseNotFound, in_words
from ..events import CreditsEnding
from ..models import CreditLot, LedgerAccount
from ..queries import ledger as queries
from . import ledger, owner

log = structlog.get_logger(__name__)

NOTICE = timedelta(days=7)
"""How long before they end an owner is told of credits."""


async def welcome(work: Work, event: Event) -> None:
    """Subscriber of `UserRegistered`: a new account gets its credits, once, where billing is on."""
    billing = work.studio.settings.billing
    if not billing.on or not billing.grant_credits:
        return
    workspace_id = await workspaces.personal_of(work, event.subject_id)
    await grant(work, workspace_id, billing.grant_credits, reference=f"welcome:{workspace_id}")


async def grant(work: Work, workspace_id: UUID, amount: Decimal, *, reference: str | None = None) -> bool:
    """Give credits that end after `EASEL_GRANT_DAYS`. False for a reference that had its grant before."""
    days = work.studio.settings.billing.grant_days
    return await ledger.put_in(
        work,
        workspace_id,
        amount,
        "grant",
        "grants",
        expires_at=now() + timedelta(days=days) if days else None,
        reference=reference,
    )


async def purchase(work: Work, workspace_id: UUID, amount: Decimal, *, reference: str) -> bool:
    """Credits that were paid for; `reference` names the payment, and counts once."""
    return await ledger.put_in(work, workspace_id, amount, "purchase", "purchases", reference=reference)


async def refund(work: Work, workspace_id: UUID, amount: Decimal, *, reference: str) -> Decimal:
    """Take back credits whose price was paid back, as far as they are there; answers how many."""
    return await ledger.take_out(
        work, workspace_id, amount, "refund", "purchases", at_most=True, reference=reference
    )


async def adjust(work: Work, workspace_id: UUID, amount: Decimal, reason: str) -> queries.Balances:
    """An administrator's correction, up or down.

    Raises `BillingOff`, `PurseNotFound`, and `InsufficientCredits` below zero.
    """
    if not work.studio.settings.billing.on:
        raise BillingOff
    await require_workspace(work, workspace_id)
    if amount > 0:
        await ledger.put_in(work, workspace_id, amount, "adjustment", "adjustments", reason=reason)
    else:
        await ledger.take_out(work, workspace_id, -amount, "adjustment", "adjustments", reason=reason)
    await audit.record(
        work,
        "credits.adjusted",
        workspace_id=workspace_id,
        details={"amount": f"{amount:f}", "reason": reason},
    )
    return await queries.balances(work, workspace_id)


async def require_workspace(work: Work, workspace_id: UUID) -> None:
    """Raises `PurseNotFound` when there is no such workspace."""
    if not await work.session.scalar(select(exists().where(Workspace.id == workspace_id))):
        raise PurseNotFound


async def expire(studio: Studio) -> None:
    """End what is left of lots whose time is over. What is reserved stays until its generation has ended."""
    async with studio.work(Actor.system()) as work:
        found = await work.session.scalars(
            select(CreditLot.workspace_id)
            .where(CreditLot.remaining > 0, CreditLot.expires_at <= now())
            .distinct()
            .order_by(CreditLot.workspace_id)
        )
        due = found.all()
    for workspace_id in due:
        async with studio.work(Actor.system()) as work:
            await _expire_in(work, workspace_id)


async def _expire_in(work: Work, workspace_id: UUID) -> None:
    purse = await ledger.hold(work, workspace_id)
    moment = now()
    for lot in await queries.open_lots(work, workspace_id):
        if lot.expires_at is None or lot.expires_at > moment:
            break
        ended = min(lot.remaining, purse.available)
        if ended:
            await ledger.move(work, purse, "expiry", available=-ended, house="expired")
            lot.remaining -= ended
            await work.session.flush()
            log.info("credits.expired", workspace_id=str(workspace_id), credits=str(ended))


async def tell_of_ends(studio: Studio) -> None:
    """Tell owners of credits that end within `NOTICE`, once for each lot."""
    async with studio.work(Actor.system()) as work:
        found = await work.session.scalars(
            select(CreditLot)
            .where(
                CreditLot.remaining > 0,
                CreditLot.noticed_at.is_(None),
                CreditLot.expires_at > now(),
                CreditLot.expires_at <= now() + NOTICE,
                # One that ends soon from the start needs no notice.
                CreditLot.expires_at - CreditLot.created_at > NOTICE,
            )
            .order_by(CreditLot.expires_at)
            .limit(100)
            .with_for_update(skip_locked=True)
        )
        for lot in found:
            assert lot.expires_at is not None
            lot.noticed_at = now()
            await work.emit(
                CreditsEnding(
                    subject_id=lot.workspace_id,
                    workspace_id=lot.workspace_id,
                    data={"credits": float(lot.remaining), "expires_at": lot.expires_at.isoformat()},
                )
            )
            day = lot.expires_at.date().isoformat()
            await owner.write(
                work, lot.workspace_id, "credits-ending", credits=in_words(lot.remaining), day=day
            )


async def write_off(studio: Studio) -> None:
    """End the credits of workspaces that are gone; nobody can spend them, and their generations went along."""
    async with studio.work(Actor.system()) as work:
        gone = await work.session.scalars(
            select(LedgerAccount.workspace_id)
            .where(
                LedgerAccount.balance > 0,
                ~exists().where(Workspace.id == LedgerAccount.workspace_id.expression),
            )
            .distinct()
        )
        found = [id for id in gone if id is not None]
    for workspace_id in found:
        async with studio.work(Actor.system()) as work:
            for generation_id, round in await queries.open_reserves(work, workspace_id):
                await ledger.settle(work, workspace_id, generation_id, Decimal(0), round=round)
            left = (await ledger.hold(work, workspace_id)).available
            await ledger.take_out(work, workspace_id, left, "expiry", "expired", at_most=True)
