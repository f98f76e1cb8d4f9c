"""One's own account as a whole: look at it, delete it, restore it."""

from __future__ import annotations

from fastapi import APIRouter, Response

from easel.base.errors import InvalidInput
from easel.core.actor import NotSignedIn
from easel.core.http import deps, problems
from easel.core.http.deps import ClientDep, Person, Personal, Reading, StudioDep

from .. import queries
from ..errors import FreshSignInNeeded, LastAdministrator, TooBusy, TooManyTries, WrongCredentials
from ..schemas import AccountClosedOut, CloseAccountIn, LoginIn, ProfileIn, UserOut
from ..service import closing, profile
from .answers import delete_cookie

router = APIRouter()


@router.get("/profile", operation_id="get_profile", responses=problems.responses(NotSignedIn))
async def get_profile(work: Reading) -> UserOut:
    """Your account."""
    user = await queries.user_by_id(work, work.actor.user)
    if user is None:
        raise NotSignedIn
    return UserOut.model_validate(user)


@router.put("/profile", operation_id="set_profile", responses=problems.responses(NotSignedIn))
async def set_profile(body: ProfileIn, work: Personal) -> UserOut:
    """Change what others see of you. What the body leaves out stays as it is."""
    name = body.name if "name" in body.model_fields_set else None
    return UserOut.model_validate(await profile.rename(work, name))


@router.delete(
    "/me",
    status_code=202,
    operation_id="delete_account",
    responses=problems.responses(NotSignedIn, InvalidInput, FreshSignInNeeded, LastAdministrator),
)
async def delete_account(
    body: CloseAccountIn, studio: StudioDep, actor: Person, response: Response
) -> AccountClosedOut:
    """Delete your account. It is closed at once, everywhere; after the grace nothing of it is left.

    Without a password, log in again first: the session must be younger than ten minutes.
    """
    moment = await closing.close(studio, actor, body.password)
    delete_cookie(response)
    return AccountClosedOut(purged_at=moment)


@router.post(
    "/me/restore",
    status_code=204,
    operation_id="restore_account",
    openapi_extra=deps.WITHOUT_CREDENTIALS,
    responses=problems.responses(WrongCredentials, TooManyTries, TooBusy),
)
async def restore_account(body: LoginIn, studio: StudioDep, client: ClientDep) -> None:
    """Take back the deletion of your account, by its e-mail and password; then log in as ever."""
    await closing.restore(studio, email=body.email, password=body.password, client=client)
