"""Mails that this studio wrote, those without a mail server to take them above all."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from easel.core.actor import NotAllowed, NotSignedIn
from easel.core.http import problems
from easel.core.http.deps import Administering
from easel.core.http.paging import BadCursor, decode_cursor, encode_cursor
from easel.core.mail import outbox

from ..errors import MailNotFound
from ..schemas import MailOut, MailPage, OpenMailOut

router = APIRouter()

_CURSOR = "outbox"


@router.get(
    "/outbox", operation_id="list_outbox", responses=problems.responses(NotSignedIn, NotAllowed, BadCursor)
)
async def list_outbox(
    work: Administering,
    limit: Annotated[int, Query(ge=1, le=100, description="How many on a page.")] = 50,
    cursor: Annotated[str | None, Query(max_length=500, description="Where the last page ended.")] = None,
) -> MailPage:
    """Mails of the last thirty days, the newest first, without their words."""
    before = decode_cursor(_CURSOR, cursor) if cursor else None
    found = await outbox.newest(work, limit=limit + 1, before=before)
    shown = found[:limit]
    more = encode_cursor(_CURSOR, shown[-1].created_at, shown[-1].id) if len(found) > limit else None
    return MailPage(items=[MailOut.model_validate(mail) for mail in shown], next_cursor=more, total=None)


@router.get(
    "/outbox/{id:uuid}",
    operation_id="get_outbox_mail",
    responses=problems.responses(NotSignedIn, NotAllowed, MailNotFound),
)
async def get_outbox_mail(
    id: Annotated[UUID, Path(description="The mail's id.")], work: Administering
) -> OpenMailOut:
    """One mail with its words, to hand it on by other ways where there is no mail server."""
    mail = await outbox.mail_by_id(work, id)
    if mail is None:
        raise MailNotFound
    return OpenMailOut.model_validate(mail)
