"""Mails about accounts, by a real mail server: addresses confirmed and changed, passwords chosen anew."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, text, update

from easel.app.worker import working
from easel.base.clock import now
from easel.base.settings import Settings
from easel.core.actor import Actor
from easel.core.audit import AuditRow
from easel.core.mail.outbox import OutboxMail
from easel.core.work import Studio
from easel.features.accounts.models import MailToken, User
from easel.features.accounts.service import mail_links
from tests.features.accounts.mail_steps import (
    ADA,
    NEW,
    OLD,
    Link,
    actions,
    forget,
    link_of,
    log_in,
    me,
    register,
    reset,
)
from tests.plugins.authenticator import app_code
from tests.plugins.mail import PUBLIC_URL
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server
from tests.servers.smtp import MailServer

pytestmark = pytest.mark.anyio


@pytest.fixture
def settings(mailing: Settings) -> Settings:
    """A studio with a mail server."""
    return mailing


@pytest.fixture
async def posting(studio: Studio) -> AsyncIterator[None]:
    """A worker that sends mail."""
    async with working(studio, grace=0.5, only=frozenset({"mail"})):
        yield


async def test_signing_up_sends_a_link_that_confirms_the_address_once(
    server: Server, studio: Studio, smtp: MailServer, posting: None
) -> None:
    client = await register(server)
    assert (await me(client))["email_verified"] is False
    link = link_of(await smtp.mail(ADA, "Confirm"))
    assert link.url.startswith(f"{PUBLIC_URL}/app/verify-email?")
    answer = await server.client().post("/api/auth/verify-email", json=link.body)
    assert answer.json()["email_verified"] is True
    assert (await me(client))["email_verified"] is True
    again = await server.client().post("/api/auth/verify-email", json=link.body)
    problem_of(again, 400, "bad_mail_token")
    assert "email.verified" in await actions(studio)


async def test_the_link_works_by_itself_and_goes_on_to_the_studio(
    server: Server, smtp: MailServer, posting: None
) -> None:
    client = await register(server)
    body = link_of(await smtp.mail(ADA, "Confirm")).body
    path = f"/api/auth/verify-email/{body['user_id']}/{body['token']}"
    answer = await server.client().get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/app/verify-email?result=verified")
    assert (await me(client))["email_verified"] is True
    answer = await server.client().get(path)
    assert answer.headers["location"] == "/app/verify-email?result=bad_mail_token"


async def test_a_token_is_good_for_its_own_account_and_purpose_until_it_expires(
    server: Server, studio: Studio, smtp: MailServer, posting: None
) -> None:
    ada, bob = await register(server), await register(server, "bob@example.com")
    link = link_of(await smtp.mail(ADA, "Confirm"))
    hers = link.body
    foreign = {**hers, "user_id": (await me(bob))["id"]}
    wrong = ({**hers, "token": hers["token"] + "x"}, {**hers, "token": "\u00e4"})
    for body in (foreign, *wrong):
        problem_of(await bob.post("/api/auth/verify-email", json=body), 400, "bad_mail_token")
    problem_of(await reset(server, link), 400, "bad_mail_token")
    async with studio.work(Actor.system()) as work:
        await work.session.execute(update(MailToken).values(expires_at=now() - timedelta(seconds=1)))
    problem_of(await ada.post("/api/auth/verify-email", json=hers), 400, "bad_mail_token")
    assert (await me(ada))["email_verified"] is False


async def test_tokens_are_kept_as_hashes_only(
    server: Server, studio: Studio, smtp: MailServer, posting: None
) -> None:
    await register(server)
    token = link_of(await smtp.mail(ADA, "Confirm")).body["token"]
    async with studio.work(Actor.system()) as work:
        await work.session.execute(text("SELECT 1 FROM outbox WHERE state = 'sent' FOR UPDATE"))
        stored = (await work.session.scalars(select(MailToken))).one()
        mails = (await work.session.scalars(select(OutboxMail).where(OutboxMail.state == "sent"))).all()
    assert token.encode() not in stored.token
    assert not any(token in mail.text + mail.html for mail in mails)


async def test_the_mail_comes_again_but_not_for_ever(
    server: Server, smtp: MailServer, studio: Studio, posting: None
) -> None:
    client = await register(server)
    for number in range(2, mail_links.MOST_PER_HOUR + 1):
        assert (await client.post("/api/auth/resend-verification", json={})).status_code == 202
        await smtp.mail(ADA, "Confirm", number=number)
    last = {"email": ADA}
    assert (await server.client().post("/api/auth/resend-verification", json=last)).status_code == 202
    # What comes after it in the queue is there: the one before it was not sent.
    await forget(server)
    await smtp.mail(ADA, "Choose a new password")
    mails = [mail for mail in smtp.mails if "Confirm" in mail.message["Subject"]]
    assert len(mails) == mail_links.MOST_PER_HOUR
    problem_of(await server.client().post("/api/auth/resend-verification", json={}), 401, "not_signed_in")


async def test_generating_needs_a_confirmed_address(server: Server, smtp: MailServer, posting: None) -> None:
    client = await register(server)
    options = (await server.client().get("/api/auth/options")).json()
    assert options == {"registration": True, "mail": True, "verified_email_required": True}
    asked = {"prompt": "a fox", "model": "painter/fast"}
    problem = problem_of(await client.post("/api/images/generate", json=asked), 403, "email_not_verified")
    assert ADA in problem.detail
    await client.post("/api/auth/verify-email", json=link_of(await smtp.mail(ADA, "Confirm")).body)
    assert (await client.post("/api/images/generate", json=asked)).status_code == 202


# A forgotten password


async def test_a_forgotten_password_is_chosen_anew_by_mail(
    server: Server, studio: Studio, smtp: MailServer, posting: None
) -> None:
    client = await register(server)
    assert (await forget(server)).status_code == 202
    link = link_of(await smtp.mail(ADA, "Choose a new password"))
    assert link.url.startswith(f"{PUBLIC_URL}/app/reset-password?")
    weak = problem_of(await reset(server, link, "password1"), 422, "invalid_input")
    assert weak.errors[0].field == "new_password"
    assert (await reset(server, link)).status_code == 204
    assert (await client.get("/api/auth/me")).status_code == 401
    assert (await log_in(server, OLD), await log_in(server, NEW)) == (401, 200)
    problem_of(await reset(server, link, "yet another one"), 400, "bad_mail_token")
    assert "Your password was changed" in (await smtp.mail(ADA, "changed")).message["Subject"]
    assert {"password_reset.asked", "password.reset"} <= await actions(studio)
    async with studio.work(Actor.system()) as work:
        asked = (
            await work.session.scalars(select(AuditRow).where(AuditRow.action == "password_reset.asked"))
        ).one()
        user = (await work.session.scalars(select(User))).one()
    assert (asked.ip_address, user.email_verified) == ("127.0.0.1", True)


@pytest.mark.parametrize(("proven", "answer"), [(False, "user"), (True, "challenge")])
async def test_a_reset_takes_no_second_lock_from_who_has_proven_the_address(
    server: Server, studio: Studio, smtp: MailServer, posting: None, proven: bool, answer: str
) -> None:
    client = await register(server)
    secret = (await client.post("/api/auth/2fa/setup", json={})).json()["secret"]
    assert (await client.post("/api/auth/2fa/enable", json={"code": app_code(secret)})).is_success
    async with studio.work(Actor.system()) as work:
        await work.session.execute(update(User).values(email_verified=proven))
    await forget(server)
    assert (await reset(server, link_of(await smtp.mail(ADA, "Choose a new")))).status_code == 204
    sent = {"email": ADA, "password": NEW}
    assert answer in (await server.client().post("/api/auth/login", json=sent)).json()


async def test_one_reset_makes_all_other_links_useless(
    server: Server, smtp: MailServer, posting: None
) -> None:
    client = await register(server)
    links = []
    for number in (1, 2):
        await forget(server)
        links.append(link_of(await smtp.mail(ADA, "Choose a new password", number=number)))
    assert (await reset(server, links[0])).status_code == 204
    problem_of(await reset(server, links[1]), 400, "bad_mail_token")
    await forget(server)
    late = link_of(await smtp.mail(ADA, "Choose a new password", number=3))
    await client.post("/api/auth/login", json={"email": ADA, "password": NEW})
    sent = {"current_password": NEW, "new_password": "the owner's own choice"}
    assert (await client.put("/api/auth/change-password", json=sent)).status_code == 204
    problem_of(await reset(server, late, "the thief's choice"), 400, "bad_mail_token")


async def test_nobody_learns_who_has_an_account(
    server: Server, studio: Studio, smtp: MailServer, posting: None
) -> None:
    await register(server)
    await smtp.mail(ADA, "Confirm")
    for path in ("forgot-password", "resend-verification"):
        known = await server.client().post(f"/api/auth/{path}", json={"email": ADA})
        unknown = await server.client().post(f"/api/auth/{path}", json={"email": "nobody@example.com"})
        nonsense = await server.client().post(f"/api/auth/{path}", json={"email": "no address"})
        assert known.status_code == 202
        assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
        assert (known.status_code, known.content) == (nonsense.status_code, nonsense.content)
    await smtp.mail(ADA, "Choose a new password")
    await smtp.mail(ADA, "Confirm", number=2)
    assert {receiver for mail in smtp.mails for receiver in mail.receivers} == {ADA}


async def test_a_suspended_account_gets_no_link(
    server: Server, studio: Studio, smtp: MailServer, posting: None
) -> None:
    await register(server)
    await forget(server)
    link = link_of(await smtp.mail(ADA, "Choose a new password"))
    async with studio.work(Actor.system()) as work:
        await work.session.execute(update(User).values(is_active=False))
    problem_of(await reset(server, link), 400, "bad_mail_token")


async def test_a_password_of_a_megabyte_is_refused_at_once(server: Server, smtp: MailServer) -> None:
    await register(server)
    body = {"user_id": "01234567-89ab-7cde-8f01-234567abcdef", "token": "x", "new_password": "x" * 1_000_000}
    answer = await server.client().post("/api/auth/reset-password", json=body)
    assert problem_of(answer, 422, "invalid_input").errors[0].field == "new_password"


# Where links may lead


async def test_links_open_a_page_that_the_caller_names_here(
    server: Server, smtp: MailServer, posting: None
) -> None:
    await register(server)
    page = f"{PUBLIC_URL}/welcome?step=2#top"
    assert (await forget(server, handleUrl=page)).status_code == 202
    link = link_of_any(await smtp.mail(ADA, "Choose a new password"))
    assert link.url.startswith(f"{PUBLIC_URL}/welcome?step=2&user_id=")
    assert link.url.endswith("#top")


def link_of_any(mail: Any) -> Link:
    found = re.search(r"^https?://\S+$", mail.part("plain"), re.MULTILINE)
    assert found
    return Link(found.group())


@pytest.mark.parametrize("path", ["forgot-password", "resend-verification"])
async def test_links_never_lead_elsewhere(server: Server, smtp: MailServer, path: str) -> None:
    sent = {"email": ADA, "handleUrl": "https://evil.example/"}
    answer = await server.client().post(f"/api/auth/{path}", json=sent)
    assert problem_of(answer, 422, "invalid_input").errors[0].field == "handleUrl"


async def test_the_address_asked_for_does_not_change_links(
    server: Server, smtp: MailServer, posting: None
) -> None:
    await register(server)
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    await server.client().post("/api/auth/forgot-password", json={"email": ADA}, headers=headers)
    mail = await smtp.mail(ADA, "Choose a new password")
    assert "evil.example" not in mail.part("plain") + mail.part("html")


# Another address


async def change(client: httpx.AsyncClient, email: str, password: str = OLD) -> httpx.Response:
    return await client.put("/api/auth/profile", json={"email": email, "current_password": password})


async def test_another_address_takes_effect_when_it_is_confirmed(
    server: Server, studio: Studio, smtp: MailServer, posting: None
) -> None:
    client, fresh = await register(server), "grace@example.com"
    wrong = problem_of(await change(client, fresh, "not it"), 422, "invalid_input")
    assert wrong.errors[0].field == "current_password"
    none = problem_of(await client.put("/api/auth/profile", json={"email": fresh}), 422, "invalid_input")
    assert none.errors[0].field == "current_password"
    answer = (await change(client, fresh)).json()
    assert (answer["email"], answer["pending_email"]) == (ADA, fresh)
    assert fresh in (await smtp.mail(ADA, "is to get another")).part("plain")
    link = link_of(await smtp.mail(fresh, "Confirm your new"))
    assert (await log_in(server, OLD), await log_in(server, OLD, fresh)) == (200, 401)
    await forget(server)
    old_link = link_of(await smtp.mail(ADA, "Choose a new password"))
    changed = (await server.client().post("/api/auth/verify-email", json=link.body)).json()
    assert (changed["email"], changed["pending_email"], changed["email_verified"]) == (fresh, None, True)
    assert (await log_in(server, OLD), await log_in(server, OLD, fresh)) == (401, 200)
    assert fresh in (await smtp.mail(ADA, "has another")).part("plain")
    problem_of(await reset(server, old_link), 400, "bad_mail_token")
    assert {"email_change.asked", "email.changed"} <= await actions(studio)


async def test_a_wish_for_another_address_is_replaced_or_taken_back(
    server: Server, smtp: MailServer, posting: None
) -> None:
    client = await register(server)
    await change(client, "first@example.com")
    first = link_of(await smtp.mail("first@example.com"))
    await change(client, "second@example.com")
    second = link_of(await smtp.mail("second@example.com"))
    problem_of(await client.post("/api/auth/verify-email", json=first.body), 400, "bad_mail_token")
    assert (await change(client, ADA)).json()["pending_email"] is None
    problem_of(await client.post("/api/auth/verify-email", json=second.body), 400, "bad_mail_token")
    assert (await me(client))["email"] == ADA


@pytest.mark.parametrize("way", ["changed", "reset"])
async def test_a_new_password_takes_a_wish_for_another_address_back(
    server: Server, smtp: MailServer, posting: None, way: str
) -> None:
    client = await register(server)
    await change(client, "thief@example.com")
    link = link_of(await smtp.mail("thief@example.com"))
    if way == "changed":
        sent = {"current_password": OLD, "new_password": NEW}
        assert (await client.put("/api/auth/change-password", json=sent)).status_code == 204
    else:
        await forget(server)
        assert (await reset(server, link_of(await smtp.mail(ADA, "Choose a new")))).status_code == 204
    problem_of(await server.client().post("/api/auth/verify-email", json=link.body), 400, "bad_mail_token")
    assert await log_in(server, NEW) == 200


async def test_an_address_that_someone_has_cannot_be_had(
    server: Server, smtp: MailServer, posting: None
) -> None:
    client = await register(server)
    await register(server, "bob@example.com")
    problem_of(await change(client, "BOB@example.com"), 409, "email_taken")
    await change(client, "carol@example.com")
    link = link_of(await smtp.mail("carol@example.com"))
    await register(server, "carol@example.com")
    problem_of(await client.post("/api/auth/verify-email", json=link.body), 409, "email_taken")
    assert (await me(client))["email"] == ADA


# Addresses that look the same


async def test_addresses_that_look_the_same_are_the_same(server: Server, smtp: MailServer) -> None:
    await register(server, "finn@bücher.example")
    twins = (
        "FINN@BÜCHER.example",
        "ﬁnn@bücher.example",
        "ｆｉｎｎ@bücher.example",
        "finn@xn--bcher-kva.example",
    )
    for email in twins:
        answer = await server.client().post(
            "/api/auth/register", json={"email": email, "password": OLD, "name": "Finn"}
        )
        problem_of(answer, 409, "email_taken")
        assert await log_in(server, OLD, email) == 200
    await register(server, "finn@bucher.example")


async def test_forgotten_tokens_go(server: Server, studio: Studio, smtp: MailServer) -> None:
    await register(server)
    async with studio.work(Actor.system()) as work:
        await work.session.execute(update(MailToken).values(expires_at=now() - timedelta(days=2)))
    await mail_links.forget(studio)
    async with studio.work(Actor.system()) as work:
        assert (await work.session.scalars(select(MailToken))).all() == []
