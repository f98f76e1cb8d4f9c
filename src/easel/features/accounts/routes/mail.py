"""What mails lead to: addresses confirmed, passwords chosen anew."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from fastapi.responses import RedirectResponse

from easel.base.errors import InvalidInput
from easel.core.actor import Actor, NotSignedIn
from easel.core.http import deps, problems
from easel.core.http.deps import ClientDep, Open, StudioDep

from ..errors import BadMailToken, EmailTaken, PasswordsOff
from ..schemas import (
    ForgotPasswordIn,
    MailPromised,
    ResendIn,
    ResetPasswordIn,
    SignInOptions,
    UserOut,
    VerifyEmailIn,
)
from ..service import recovery, verification

router = APIRouter()

_PROMISED = "If there is such an account, a mail is on its way."


@router.get("/options", operation_id="sign_in_options", openapi_extra=deps.WITHOUT_CREDENTIALS)
async def options(studio: StudioDep) -> SignInOptions:
    """What the log-in page needs to know before anyone is signed in."""
    return SignInOptions(
        registration=studio.settings.security.registration,
        mail=studio.settings.mail.server is not None,
        verified_email_required=studio.settings.mail.verified_email_is_required,
    )


@router.post(
    "/verify-email",
    operation_id="verify_email",
    openapi_extra=deps.WITHOUT_CREDENTIALS,
    responses=problems.responses(BadMailToken, EmailTaken),
)
async def verify_email(body: VerifyEmailIn, work: Open) -> UserOut:
    """Confirm an address by what its mail brought: the account's own, or the one that it gets by this."""
    return UserOut.model_validate(await verification.confirm(work, body.user_id, body.token))


@router.get(
    "/verify-email/{user_id:uuid}/{token}",
    operation_id="verify_email_by_link",
    openapi_extra=deps.WITHOUT_CREDENTIALS,
    status_code=303,
    response_class=RedirectResponse,
)
async def verify_email_by_link(
    user_id: Annotated[UUID, Path(description="Whose address it is.")],
    token: Annotated[str, Path(max_length=200, description="The token of the mail.")],
    studio: StudioDep,
    client: ClientDep,
) -> RedirectResponse:
    """The same as a link: goes on to the studio's page, which says how it went."""
    try:
        async with studio.work(Actor.anonymous(client)) as work:
            await verification.confirm(work, user_id, token)
    except (BadMailToken, EmailTaken) as error:
        return RedirectResponse(f"/app/verify-email?result={error.code}", 303)
    return RedirectResponse("/app/verify-email?result=verified", 303)


@router.post(
    "/resend-verification",
    status_code=202,
    operation_id="resend_verification",
    openapi_extra=deps.WITHOUT_CREDENTIALS,
    responses=problems.responses(NotSignedIn, InvalidInput),
)
async def resend_verification(body: ResendIn, work: Open) -> MailPromised:
    """Have the mail for confirming an address sent again: your own without `email`, else that account's."""
    await verification.ask_again(work, body.email, body.handle_url)
    return MailPromised(message=_PROMISED)


@router.post(
    "/forgot-password",
    status_code=202,
    operation_id="forgot_password",
    openapi_extra=deps.WITHOUT_CREDENTIALS,
    responses=problems.responses(InvalidInput, PasswordsOff),
)
async def forgot_password(body: ForgotPasswordIn, work: Open) -> MailPromised:
    """Have a link for a new password mailed. The answer is the same whether or not there is such an account."""
    await recovery.ask(work, body.email, body.handle_url)
    return MailPromised(message=_PROMISED)


@router.post(
    "/reset-password",
    status_code=204,
    operation_id="reset_password",
    openapi_extra=deps.WITHOUT_CREDENTIALS,
    responses=problems.responses(BadMailToken, InvalidInput, PasswordsOff),
)
async def reset_password(body: ResetPasswordIn, studio: StudioDep, client: ClientDep) -> None:
    """Choose a new password by what the mail brought. All sessions of the account and their tokens end."""
    await recovery.reset(
        studio, client, user_id=body.user_id, token=body.token, new_password=body.new_password
    )
