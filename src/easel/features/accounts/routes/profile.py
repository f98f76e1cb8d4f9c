"""One's own account."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from easel.base.errors import InvalidInput
from easel.core.actor import NotSignedIn
from easel.core.http import problems
from easel.core.http.deps import Person, Reading, StudioDep

from .. import queries
from ..errors import EmailTaken, PasswordsOff
from ..schemas import ChangePasswordIn, ProfileIn, UserOut
from ..service import profile, verification
from .answers import set_cookie

router = APIRouter()


@router.get("/me", operation_id="me", responses=problems.responses(NotSignedIn))
async def me(work: Reading) -> UserOut:
    """Who is signed in."""
    user = await queries.user_by_id(work, work.actor.user)
    if user is None:
        raise NotSignedIn
    return UserOut.model_validate(user)


@router.put(
    "/profile",
    operation_id="update_profile",
    responses=problems.responses(NotSignedIn, InvalidInput, EmailTaken),
)
async def update_profile(body: ProfileIn, studio: StudioDep, actor: Person) -> UserOut:
    """Change your name, your address, or both. What the body leaves out stays as it is.

    Another address needs `current_password` and is `pending_email` until the mail sent there is answered.
    """
    if body.email is not None:
        await verification.change_email(
            studio, actor, email=body.email, current_password=body.current_password
        )
    name = body.name if "name" in body.model_fields_set else None
    async with studio.work(actor) as work:
        return UserOut.model_validate(await profile.rename(work, name))


@router.put(
    "/change-password",
    status_code=204,
    operation_id="change_password",
    responses=problems.responses(NotSignedIn, InvalidInput, PasswordsOff),
)
async def change_password(
    body: ChangePasswordIn, studio: StudioDep, actor: Person, request: Request, response: Response
) -> None:
    """Change your password. This session stays, with a new cookie; all others and their tokens end."""
    cookie = await profile.change_password(
        studio, actor, current=body.current_password, new=body.new_password
    )
    set_cookie(request, response, cookie)
