"""What happens to all that an account owned: nothing runs on once it is closed, nothing is left after the grace.

All rows go in one transaction, which also notes the files; those are removed afterwards, each unless somebody else
has the same picture. A team is its members': it goes to another one, with what was made for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, Table, delete, func, select, update

from easel.base.clock import now
from easel.base.db import Base
from easel.core import audit
from easel.core.actor import ALL_SCOPES, Actor, Level
from easel.core.events import Event
from easel.core.mail.outbox import OutboxMail
from easel.core.work import Studio, Work
from easel.features.accounts import queries as accounts
from easel.features.accounts.models import User
from easel.features.api_keys.models import ApiKey
from easel.features.background.models import UNFINISHED, BackgroundJob
from easel.features.background.service import fail
from easel.features.exports.service import sweeping as exports
from easel.features.generation.errors import AlreadyEnded
from easel.features.generation.models import Generation
from easel.features.generation.service import submit
from easel.features.library import service as library
from easel.features.library.models import Image
from easel.features.workspaces.models import Membership, Workspace

from ..events import STOP_WORK

log = structlog.get_logger(__name__)

_PAGE: Final = 200
_BOOKS: Final = frozenset({"ledger_accounts", "ledger_entries", "ledger_postings"})
"""Bookkeeping: it cannot be changed, and holds numbers and ids of what is gone, no names."""


async def stop(work: Work, event: Event) -> None:
    """Subscriber of `UserClosed`: API keys end, and what the account has under way is cancelled."""
    await work.session.execute(delete(ApiKey).where(ApiKey.user_id == event.subject_id))
    await work.defer(STOP_WORK, user_id=str(event.subject_id))


async def leave_no_file(work: Work, event: Event) -> None:
    """Subscriber of `TeamDeleted`: the files of its pictures go after the rows, those that nobody else has."""
    await library.doom(work, Image.workspace_id == event.subject_id)


async def stop_work(studio: Studio, user_id: UUID) -> None:
    """Cancel the generations and background jobs of a closed account. Safe to repeat."""
    async with studio.work(Actor.system()) as work:
        user = await accounts.user_by_id(work, user_id)
        if user is None or user.closed_at is None:
            return
        jobs = await work.session.scalars(
            select(BackgroundJob.id).where(
                BackgroundJob.user_id == user_id, BackgroundJob.status.in_(UNFINISHED)
            )
        )
        for job_id in jobs.all():
            await fail(work, job_id, "ended", "The account was deleted.")
    while generations := await _unfinished(studio, user_id):
        for id, workspace_id in generations:
            actor = Actor(kind="system", user_id=user_id, workspace_id=workspace_id, scopes=ALL_SCOPES)
            try:
                async with studio.work(actor) as work:
                    await submit.cancel(work, id)
            except AlreadyEnded:
                continue


async def _unfinished(studio: Studio, user_id: UUID) -> Sequence[tuple[UUID, UUID]]:
    async with studio.work(Actor.system()) as work:
        found = await work.session.execute(
            select(Generation.id, Generation.workspace_id)
            .where(Generation.user_id == user_id, Generation.status.in_(("pending", "processing")))
            .limit(_PAGE)
        )
        return [(id, workspace_id) for id, workspace_id in found]


async def purge_closed(studio: Studio) -> None:
    """Remove the accounts whose grace has ended, then the files that nobody has any more."""
    limit = now() - timedelta(days=studio.settings.security.delete_grace_days)
    async with studio.work(Actor.system()) as work:
        due = await work.session.scalars(select(User.id).where(User.closed_at <= limit).limit(_PAGE))
        ids = due.all()
    for user_id in ids:
        async with studio.work(Actor.system()) as work:
            user = await accounts.locked_user_by_id(work, user_id)
            if user is not None and user.closed_at is not None and user.closed_at <= limit:
                await _remove_rows(work, user)
                log.info("takeout.account_purged")
    await library.remove_doomed(studio)
    if ids:
        await _remove_previews(studio)
        await exports.remove_orphans(studio)


async def _remove_rows(work: Work, user: User) -> None:
    await _hand_teams_over(work, user.id)
    owned = list(await work.session.scalars(select(Workspace.id).where(Workspace.owner_id == user.id)))
    await library.doom(work, (Image.user_id == user.id) | Image.workspace_id.in_(owned))
    await audit.forget_person(work, user.id)
    await work.session.execute(delete(OutboxMail).where(func.lower(OutboxMail.to) == user.email.lower()))
    for table in Base.metadata.sorted_tables:
        for where in _loose_ends(table, user, owned):
            await work.session.execute(delete(table).where(where))
    await work.session.execute(delete(Workspace).where(Workspace.id.in_(owned)))
    await work.session.execute(delete(User).where(User.id == user.id))
    await audit.record(work, "account.purged")


def _loose_ends(table: Table, user: User, owned: Sequence[UUID]) -> list[ColumnElement[bool]]:
    """What of a table is the user's without a foreign key that would take it along."""
    found: list[ColumnElement[bool]] = []
    if table.name in _BOOKS or table is User.__table__:
        return found
    for name, ids in (("user_id", [user.id]), ("workspace_id", owned)):
        column = table.columns.get(name)
        if column is not None and not column.foreign_keys:
            found.append(column.in_(ids))
    address = table.columns.get("email")
    if address is not None:
        found.append(func.lower(address) == user.email.lower())
    return found


async def _hand_teams_over(work: Work, user_id: UUID) -> None:
    """Teams of others stay, with all that was made for them; teams with nobody else in them do not."""
    teams = await work.session.scalars(
        select(Workspace).where(Workspace.owner_id == user_id, Workspace.kind == "team")
    )
    for team in teams.all():
        heir: Membership | None = await work.session.scalar(
            select(Membership)
            .where(Membership.workspace_id == team.id, Membership.user_id != user_id)
            .order_by(Membership.level.desc(), Membership.created_at)
            .limit(1)
        )
        if heir is not None:
            team.owner_id, heir.level = heir.user_id, int(Level.ADMIN)
    await work.session.flush()
    for model in (Image, Generation):
        await work.session.execute(
            update(model)
            .where(
                model.user_id == user_id,
                model.workspace_id == Workspace.id,
                Workspace.owner_id != user_id,
            )
            .values(user_id=Workspace.owner_id, updated_at=model.updated_at)
            .execution_options(synchronize_session=False)
        )


async def _remove_previews(studio: Studio) -> None:
    """Previews are removed when their generation ends; those of a worker that died may be left."""
    keys: dict[UUID, list[str]] = {}
    async for file in studio.storage.list("previews"):
        keys.setdefault(UUID(file.key.split("/")[1]), []).append(file.key)
    async with studio.work(Actor.system()) as work:
        there = set(await work.session.scalars(select(Generation.id).where(Generation.id.in_(keys))))
    for id in keys.keys() - there:
        await studio.storage.delete(*keys[id])
