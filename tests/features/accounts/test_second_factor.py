"""Two-step verification: codes that are right once, wrong ones that cost time, recovery codes, what is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pyotp
import pytest
from sqlalchemy import select, update

from easel.base.clock import now
from easel.core.actor import Actor
from easel.core.audit import AuditRow
from easel.core.mail.outbox import OutboxMail
from easel.core.work import Studio
from easel.features.accounts.models import AuthenticatorApp, Challenge, RecoveryCode, Session, User
from tests.plugins.authenticator import app_code, time_step
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio
EMAIL, PASSWORD = "ada@example.com", "a good long password"
LOGIN = {"email": EMAIL, "password": PASSWORD}


async def signed_up(server: Server, email: str = EMAIL) -> httpx.AsyncClient:
    """A browser with a new account, signed in by its cookie."""
    client = server.client()
    sent = {"email": email, "password": PASSWORD, "name": "Ada"}
    assert (await client.post("/api/auth/register", json=sent)).status_code == 201
    return client


async def protected(server: Server) -> tuple[httpx.AsyncClient, str, list[str]]:
    """A browser whose account has two-step verification; the app's secret and the recovery codes."""
    client = await signed_up(server)
    secret = (await client.post("/api/auth/2fa/setup", json={})).json()["secret"]
    enabled = await client.post("/api/auth/2fa/enable", json={"code": app_code(secret)})
    assert enabled.status_code == 200, enabled.text
    await forget_steps(server.studio)
    return client, secret, enabled.json()["recovery_codes"]


async def forget_steps(studio: Studio) -> None:
    """As if half a minute had passed: the current code may be used again."""
    async with studio.work(Actor.system()) as work:
        await work.session.execute(update(AuthenticatorApp).values(last_step=None))


async def first_step(client: httpx.AsyncClient) -> str:
    answer = await client.post("/api/auth/login", json=LOGIN)
    assert answer.status_code == 200
    assert answer.json()["second_factor"] == ["totp"]
    challenge: str = answer.json()["challenge"]
    return challenge


async def second_step(client: httpx.AsyncClient, challenge: str, code: str) -> httpx.Response:
    return await client.post("/api/auth/2fa/login", json={"challenge": challenge, "code": code})


def wrong(secret: str) -> str:
    """A code that is right at no time near now."""
    right = {app_code(secret, steps) for steps in range(-4, 5)}
    return next(code for code in (f"{n:06}" for n in range(100)) if code not in right)


async def test_setting_up_gives_a_secret_that_counts_once_a_code_was_seen(server: Server) -> None:
    client = await signed_up(server)
    before = (await client.get("/api/auth/2fa")).json()
    assert before == {"enabled_at": None, "recovery_codes": 0, "has_password": True, "fresh": True}
    offered = (await client.post("/api/auth/2fa/setup", json={})).json()
    parsed = pyotp.parse_uri(offered["otpauth_uri"])
    assert (parsed.secret, parsed.name, parsed.issuer) == (offered["secret"], EMAIL, "Easel")
    assert offered["qr_svg"].startswith("<svg")
    assert (await server.client().post("/api/auth/login", json=LOGIN)).json()["user"]["email"] == EMAIL

    refused = await client.post("/api/auth/2fa/enable", json={"code": wrong(offered["secret"])})
    assert [e.code for e in problem_of(refused, 422, "invalid_input").errors] == ["wrong_code"]
    cookie = client.cookies["easel_session"]
    enabled = await client.post("/api/auth/2fa/enable", json={"code": app_code(offered["secret"])})
    codes = enabled.json()["recovery_codes"]
    assert len(set(codes)) == 10
    after = (await client.get("/api/auth/2fa")).json()
    assert after["enabled_at"]
    assert after["recovery_codes"] == 10
    problem_of(await client.post("/api/auth/2fa/setup", json={}), 409, "second_factor_on")
    problem_of(await client.post("/api/auth/2fa/enable", json={"code": "000000"}), 409, "second_factor_on")

    # Same session, new cookie: whoever copied the old one is out.
    assert client.cookies["easel_session"] != cookie
    old = server.client(cookies={"easel_session": cookie})
    assert (await old.get("/api/auth/me")).status_code == 401


async def test_the_first_step_alone_signs_nobody_in(server: Server) -> None:
    _, secret, _ = await protected(server)
    client = server.client()
    answer = await client.post("/api/auth/login", json=LOGIN)
    assert set(answer.json()) == {"second_factor", "challenge"}
    assert "set-cookie" not in answer.headers
    as_token = {"Authorization": f"Bearer {answer.json()['challenge']}"}
    assert (await client.get("/api/auth/me", headers=as_token)).status_code == 401

    done = await second_step(client, answer.json()["challenge"], app_code(secret))
    assert done.json()["user"]["email"] == EMAIL
    assert (await client.get("/api/auth/me")).status_code == 200
    bearer = {"Authorization": f"Bearer {done.json()['access_token']}"}
    assert (await server.client().get("/api/auth/me", headers=bearer)).status_code == 200


async def test_a_challenge_is_good_once_and_not_for_long(server: Server, studio: Studio) -> None:
    _, secret, _ = await protected(server)
    client = server.client()
    challenge = await first_step(client)
    assert (await second_step(client, challenge, app_code(secret))).status_code == 200
    await forget_steps(studio)
    problem_of(await second_step(client, challenge, app_code(secret)), 401, "challenge_ended")
    problem_of(await second_step(client, "nonsense", app_code(secret)), 401, "challenge_ended")

    challenge = await first_step(client)
    async with studio.work(Actor.system()) as work:
        await work.session.execute(update(Challenge).values(expires_at=now() - timedelta(seconds=1)))
    problem_of(await second_step(client, challenge, app_code(secret)), 401, "challenge_ended")


async def test_no_code_is_good_twice(server: Server) -> None:
    _, secret, _ = await protected(server)
    client = server.client()
    code = app_code(secret)
    assert (await second_step(client, await first_step(client), code)).status_code == 200
    problem_of(await second_step(client, await first_step(client), code), 401, "wrong_code")


async def test_a_clock_may_be_one_step_off(server: Server, studio: Studio) -> None:
    _, secret, _ = await protected(server)
    client = server.client()
    for steps, status in ((-2, 401), (-1, 200), (1, 200), (3, 401)):
        await forget_steps(studio)
        challenge = await first_step(client)
        before = None
        while before != time_step():  # once more if the half minute ended in between
            before = time_step()
            answer = await second_step(client, challenge, app_code(secret, steps))
        assert answer.status_code == status, steps
    # Earlier than the last one that was accepted: refused, although its time is not over.
    await forget_steps(studio)
    assert (await second_step(client, await first_step(client), app_code(secret, 1))).status_code == 200
    problem_of(await second_step(client, await first_step(client), app_code(secret)), 401, "wrong_code")


async def test_guessing_ends_the_challenge_and_then_costs_ever_more_time(
    server: Server, studio: Studio
) -> None:
    _, secret, recovery = await protected(server)
    client = server.client()
    bad = wrong(secret)
    challenge = await first_step(client)
    for _ in range(5):
        problem_of(await second_step(client, challenge, bad), 401, "wrong_code")
    problem_of(await second_step(client, challenge, app_code(secret)), 401, "challenge_ended")

    waits = []
    for _ in range(3):
        challenge = await first_step(client)
        refused = await second_step(client, challenge, app_code(secret))
        problem_of(refused, 429, "too_many_codes")
        waits.append(int(refused.headers["retry-after"]))
        problem_of(await second_step(client, challenge, recovery[0]), 429, "too_many_codes")
        async with studio.work(Actor.system()) as work:
            await work.session.execute(update(AuthenticatorApp).values(retry_at=now()))
        problem_of(await second_step(client, challenge, bad), 401, "wrong_code")
    assert 0 < waits[0] <= 30 < waits[1] <= 60 < waits[2] <= 120

    async with studio.work(Actor.system()) as work:
        await work.session.execute(update(AuthenticatorApp).values(retry_at=now()))
    assert (await second_step(client, await first_step(client), app_code(secret))).status_code == 200
    async with studio.work(Actor.system()) as work:
        app = (await work.session.scalars(select(AuthenticatorApp))).one()
        assert (app.failures, app.retry_at) == (0, None)
        failed = select(AuditRow).where(AuditRow.action == "second_factor.failed")
        assert len((await work.session.scalars(failed)).all()) == 8


async def test_a_recovery_code_is_good_once_however_it_is_typed(server: Server) -> None:
    browser, _, recovery = await protected(server)
    client = server.client()
    typed = f" {recovery[0].upper().replace('-', ' ')} "
    assert (await second_step(client, await first_step(client), typed)).status_code == 200
    problem_of(await second_step(client, await first_step(client), recovery[0]), 401, "wrong_code")
    assert (await browser.get("/api/auth/2fa")).json()["recovery_codes"] == 9

    renewed = (await browser.post("/api/auth/2fa/recovery-codes", json={})).json()["recovery_codes"]
    problem_of(await second_step(client, await first_step(client), recovery[1]), 401, "wrong_code")
    assert (await second_step(client, await first_step(client), renewed[1])).status_code == 200


async def test_a_suspended_account_stays_out_with_the_right_code(server: Server, studio: Studio) -> None:
    _, secret, _ = await protected(server)
    client = server.client()
    challenge = await first_step(client)
    async with studio.work(Actor.system()) as work:
        await work.session.execute(update(User).values(is_active=False))
    problem_of(await second_step(client, challenge, app_code(secret)), 401, "challenge_ended")
    problem_of(await client.post("/api/auth/login", json=LOGIN), 401, "wrong_credentials")


async def test_a_new_password_ends_half_done_sign_ins(server: Server) -> None:
    browser, secret, _ = await protected(server)
    client = server.client()
    challenge = await first_step(client)
    change = {"current_password": PASSWORD, "new_password": "an even better password"}
    assert (await browser.put("/api/auth/change-password", json=change)).status_code == 204
    problem_of(await second_step(client, challenge, app_code(secret)), 401, "challenge_ended")


async def test_turning_it_off_takes_the_password_and_a_code(server: Server, studio: Studio) -> None:
    client, secret, _ = await protected(server)
    await grow_old(studio)
    good: dict[str, Any] = {"password": PASSWORD, "code": app_code(secret)}
    off = "/api/auth/2fa/disable"
    problem_of(await client.post(off, json={"code": good["code"]}), 403, "proof_needed")
    problem_of(await client.post(off, json={**good, "password": "no"}), 422, "invalid_input")
    problem_of(await client.post(off, json={**good, "code": wrong(secret)}), 422, "invalid_input")
    cookie = client.cookies["easel_session"]
    assert (await client.post(off, json=good)).status_code == 204
    assert client.cookies["easel_session"] != cookie
    problem_of(await client.post(off, json=good), 409, "second_factor_off")
    assert "user" in (await server.client().post("/api/auth/login", json=LOGIN)).json()
    async with studio.work(Actor.system()) as work:
        assert (await work.session.scalars(select(RecoveryCode))).all() == []
        actions = (await work.session.scalars(select(AuditRow.action))).all()
        mails = (await work.session.scalars(select(OutboxMail).order_by(OutboxMail.created_at))).all()
    assert {"second_factor.enabled", "second_factor.disabled"} <= set(actions)
    assert [(mail.to, mail.subject) for mail in mails] == [
        (EMAIL, "Confirm your e-mail address"),
        (EMAIL, "Two-step verification is on"),
        (EMAIL, "Two-step verification is off"),
    ]


async def test_an_old_session_must_confirm_with_the_password(server: Server, studio: Studio) -> None:
    client, _, _ = await protected(server)
    await grow_old(studio)
    assert (await client.get("/api/auth/2fa")).json()["fresh"] is False
    renew = "/api/auth/2fa/recovery-codes"
    problem_of(await client.post(renew, json={}), 403, "proof_needed")
    problem_of(await client.post(renew, json={"password": "not it"}), 422, "invalid_input")
    assert (await client.post(renew, json={"password": PASSWORD})).status_code == 200
    problem_of(await server.client().post(renew, json={}), 401, "not_signed_in")


async def grow_old(studio: Studio) -> None:
    """As if everyone had logged in an hour ago."""
    async with studio.work(Actor.system()) as work:
        await work.session.execute(update(Session).values(created_at=now() - timedelta(hours=1)))


async def test_nothing_that_is_kept_lets_anyone_in(server: Server, studio: Studio) -> None:
    _, secret, recovery = await protected(server)
    challenge = await first_step(server.client())
    async with studio.work(Actor.system()) as work:
        rows = [
            *(await work.session.scalars(select(AuthenticatorApp))).all(),
            *(await work.session.scalars(select(RecoveryCode))).all(),
            *(await work.session.scalars(select(Challenge))).all(),
            *(await work.session.scalars(select(AuditRow))).all(),
        ]
        kept = repr([vars(row) for row in rows])
    assert len(rows) > 12
    for told in (secret, challenge, recovery[0], recovery[0].replace("-", "")):
        assert told not in kept
