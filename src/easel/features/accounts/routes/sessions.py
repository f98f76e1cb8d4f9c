"""Browsers and programs that one is signed in with."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from easel.core.actor import NotSignedIn
from easel.core.http import problems
from easel.core.http.deps import Personal

from .. import queries
from ..errors import SessionNotFound
from ..schemas import SessionOut, SessionPage
from ..service import sessions
from .answers import delete_cookie

router = APIRouter()

SessionId = Annotated[UUID, Path(description="The session's id.")]


@router.get("/sessions", operation_id="list_sessions", responses=problems.responses(NotSignedIn))
async def list_sessions(work: Personal) -> SessionPage:
    """Every browser and program that you are signed in with, the one in use last first; all on one page."""
    found = await queries.live_sessions(work, work.actor.user)
    items = [
        SessionOut(
            id=session.id,
            ip_address=session.ip_address,
            user_agent=session.user_agent,
            created_at=session.created_at,
            last_seen_at=session.last_seen_at,
            expires_at=session.expires_at,
            current=session.id == work.actor.session_id,
        )
        for session in found
    ]
    return SessionPage(items=items, next_cursor=None, total=len(items))


@router.delete(
    "/sessions",
    status_code=204,
    operation_id="end_other_sessions",
    responses=problems.responses(NotSignedIn),
)
async def end_other_sessions(work: Personal) -> None:
    """End all of your sessions but this one, and their tokens."""
    await sessions.end_others(work)


@router.delete(
    "/sessions/{id:uuid}",
    status_code=204,
    operation_id="end_session",
    responses=problems.responses(NotSignedIn, SessionNotFound),
)
async def end_session(id: SessionId, work: Personal, response: Response) -> None:
    """End one of your sessions and its tokens. Ending the one that you ask with logs you out."""
    await sessions.end(work, id)
    if id == work.actor.session_id:
        delete_cookie(response)
