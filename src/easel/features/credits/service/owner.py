"""Whom to write to about a workspace's money."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from easel.core import mail
from easel.core.work import Work
from easel.features.accounts.models import User
from easel.features.workspaces.models import Workspace

_NOBODY = ".internal"
"""How addresses end that Easel made up itself."""


async def write(work: Work, workspace_id: UUID, template: str, **values: str | int) -> None:
    """Send the workspace's owner the mail `template`, whose `place` is how addresses of the studio name the workspace.

    Quiet when there is no such workspace any more.
    """
    found = await work.session.execute(
        select(User.email, Workspace.name, Workspace.kind)
        .join(User, User.id == Workspace.owner_id)
        .where(Workspace.id == workspace_id, User.is_active)
    )
    for email, name, kind in found:
        if not email.endswith(_NOBODY):
            place = "personal" if kind == "personal" else str(workspace_id)
            await mail.send(work, to=email, template=template, workspace=name, place=place, **values)
