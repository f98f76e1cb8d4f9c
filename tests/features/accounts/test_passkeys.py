"""Passkeys: adding, signing in without a password, as second factor, and everything that must not get in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, update

from easel.base.clock import now
from easel.base.settings import Settings
from easel.core.actor import Actor
from easel.core.work import Studio
from easel.features.accounts.models import Challenge, Passkey, Session, User
from tests.plugins.authenticator import Authenticator, app_code, decode, encode
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server, serving

pytestmark = pytest.mark.anyio
EMAIL, PASSWORD = "ada@example.com", "a good long password"
LOGIN = {"email": EMAIL, "password": PASSWORD}
PASSKEYS = "/api/auth/passkeys"


def named(server: Server) -> str:
    """The server's origin by a host name: passkeys know no IP addresses."""
    return server.url.replace("127.0.0.1", "localhost")


def browser(server: Server) -> httpx.AsyncClient:
    client = server.client(headers={"Origin": named(server)})
    client.base_url = httpx.URL(named(server))
    return client


async def signed_up(server: Server, email: str = EMAIL) -> httpx.AsyncClient:
    client = browser(server)
    sent = {"email": email, "password": PASSWORD, "name": "Ada"}
    assert (await client.post("/api/auth/register", json=sent)).status_code == 201
    return client


async def asked(client: httpx.AsyncClient, path: str, **body: Any) -> dict[str, Any]:
    answer = await client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    options: dict[str, Any] = answer.json()["options"]
    return options


async def add(client: httpx.AsyncClient, device: Authenticator, name: str = "Laptop") -> httpx.Response:
    options = await asked(client, f"{PASSKEYS}/register/options")
    sent = {"name": name, "credential": device.create(options)}
    return await client.post(f"{PASSKEYS}/register", json=sent)


async def with_passkey(server: Server) -> tuple[httpx.AsyncClient, Authenticator]:
    """A browser with an account that has a passkey, and the device that keeps it."""
    client, device = await signed_up(server), Authenticator(named(server))
    assert (await add(client, device)).status_code == 201
    return client, device


async def sign_in(client: httpx.AsyncClient, device: Authenticator, **changes: Any) -> httpx.Response:
    options = await asked(client, f"{PASSKEYS}/login/options")
    return await client.post(f"{PASSKEYS}/login", json={"credential": device.get(options, **changes)})


async def test_signs_in_by_a_passkey_alone(server: Server) -> None:
    client, device = await with_passkey(server)
    stranger = browser(server)
    options = await asked(stranger, f"{PASSKEYS}/login/options")
    assert (options["rpId"], options["userVerification"]) == ("localhost", "required")
    assert options.get("allowCredentials", []) == []
    answer = await stranger.post(f"{PASSKEYS}/login", json={"credential": device.get(options)})
    assert answer.json()["user"]["email"] == EMAIL
    assert (await stranger.get("/api/auth/me")).status_code == 200
    (listed,) = (await client.get(PASSKEYS)).json()["items"]
    assert listed["name"] == "Laptop"
    assert listed["last_used_at"]


async def test_adding_asks_for_a_key_that_finds_and_verifies_its_owner(server: Server) -> None:
    client, device = await with_passkey(server)
    cookie = client.cookies["easel_session"]
    options = await asked(client, f"{PASSKEYS}/register/options")
    selection = options["authenticatorSelection"]
    assert (selection["residentKey"], selection["userVerification"]) == ("required", "required")
    assert options["rp"] == {"id": "localhost", "name": "Easel"}
    assert [known["id"] for known in options["excludeCredentials"]] == [encode(device.credential_id)]
    problem_of(await add(client, device), 409, "passkey_known")
    problem_of(await add(client, Authenticator(named(server), user_verifies=False)), 422, "passkey_refused")
    assert (await add(client, Authenticator(named(server)), "Phone")).status_code == 201
    assert [item["name"] for item in (await client.get(PASSKEYS)).json()["items"]] == ["Laptop", "Phone"]
    assert client.cookies["easel_session"] != cookie
    old = server.client(cookies={"easel_session": cookie})
    assert (await old.get("/api/auth/me")).status_code == 401


async def test_adding_needs_a_fresh_log_in_or_the_password(server: Server, studio: Studio) -> None:
    client = await signed_up(server)
    async with studio.work(Actor.system()) as work:
        await work.session.execute(update(Session).values(created_at=now() - timedelta(hours=1)))
    options = f"{PASSKEYS}/register/options"
    problem_of(await client.post(options, json={}), 403, "proof_needed")
    problem_of(await client.post(options, json={"password": "not it"}), 422, "invalid_input")
    assert (await client.post(options, json={"password": PASSWORD})).status_code == 200
    problem_of(await browser(server).post(options, json={}), 401, "not_signed_in")


async def test_a_signature_is_good_once(server: Server) -> None:
    _, device = await with_passkey(server)
    client = browser(server)
    options = await asked(client, f"{PASSKEYS}/login/options")
    sent = {"credential": device.get(options)}
    assert (await client.post(f"{PASSKEYS}/login", json=sent)).status_code == 200
    problem_of(await client.post(f"{PASSKEYS}/login", json=sent), 401, "challenge_ended")
    again = {"credential": device.get(options)}
    problem_of(await client.post(f"{PASSKEYS}/login", json=again), 401, "challenge_ended")


async def test_a_challenge_is_spent_by_a_refusal_and_ends_by_itself(server: Server, studio: Studio) -> None:
    _, device = await with_passkey(server)
    client = browser(server)
    options = await asked(client, f"{PASSKEYS}/login/options")
    stolen = {"credential": Authenticator(named(server), user_handle=device.user_handle).get(options)}
    problem_of(await client.post(f"{PASSKEYS}/login", json=stolen), 401, "wrong_passkey")
    right = {"credential": device.get(options)}
    problem_of(await client.post(f"{PASSKEYS}/login", json=right), 401, "challenge_ended")

    options = await asked(client, f"{PASSKEYS}/login/options")
    async with studio.work(Actor.system()) as work:
        await work.session.execute(update(Challenge).values(expires_at=now() - timedelta(seconds=1)))
    late = {"credential": device.get(options)}
    problem_of(await client.post(f"{PASSKEYS}/login", json=late), 401, "challenge_ended")
    await asked(client, f"{PASSKEYS}/login/options")
    async with studio.work(Actor.system()) as work:
        assert await work.session.scalar(select(func.count()).select_from(Challenge)) == 1


async def test_what_is_signed_for_another_site_does_not_get_in(server: Server) -> None:
    _, device = await with_passkey(server)
    client = browser(server)
    problem_of(await sign_in(client, device, origin="https://easel.example.net"), 401, "wrong_passkey")
    problem_of(await sign_in(client, device, type="webauthn.create"), 401, "wrong_passkey")
    options = await asked(client, f"{PASSKEYS}/login/options")
    phished = {"credential": device.get({**options, "rpId": "easel.example.net"})}
    problem_of(await client.post(f"{PASSKEYS}/login", json=phished), 401, "wrong_passkey")
    assert (await sign_in(client, device)).status_code == 200


async def test_another_key_another_owner_or_no_finger_do_not_get_in(server: Server) -> None:
    _, device = await with_passkey(server)
    client = browser(server)
    other_key = Authenticator(
        named(server), credential_id=device.credential_id, user_handle=device.user_handle
    )
    problem_of(await sign_in(client, other_key), 401, "wrong_passkey")
    handle, device.user_handle = device.user_handle, bytes(16)
    problem_of(await sign_in(client, device), 401, "wrong_passkey")
    device.user_handle, device.user_verifies = handle, False
    problem_of(await sign_in(client, device), 401, "wrong_passkey")
    device.user_verifies = True
    assert (await sign_in(client, device)).status_code == 200


async def test_a_copy_is_noticed_by_its_counter(server: Server) -> None:
    _, device = await with_passkey(server)
    client = browser(server)
    device.sign_count = 7
    assert (await sign_in(client, device)).status_code == 200
    device.sign_count = 6
    problem_of(await sign_in(client, device), 401, "wrong_passkey")
    device.sign_count = 8
    assert (await sign_in(client, device)).status_code == 200


async def test_a_suspended_account_stays_out(server: Server, studio: Studio) -> None:
    _, device = await with_passkey(server)
    async with studio.work(Actor.system()) as work:
        await work.session.execute(update(User).values(is_active=False))
    problem_of(await sign_in(browser(server), device), 401, "wrong_passkey")


async def test_renaming_and_removing_ones_own_alone(server: Server) -> None:
    client, device = await with_passkey(server)
    eve = await signed_up(server, "eve@example.com")
    (mine,) = (await client.get(PASSKEYS)).json()["items"]
    path = f"{PASSKEYS}/{mine['id']}"
    problem_of(await eve.patch(path, json={"name": "Mine"}), 404, "passkey_not_found")
    problem_of(await eve.delete(path), 404, "passkey_not_found")
    assert (await eve.get(PASSKEYS)).json()["items"] == []
    assert (await client.patch(path, json={"name": "Work laptop"})).json()["name"] == "Work laptop"
    problem_of(await client.patch(path, json={"name": " "}), 422, "invalid_input")
    cookie = client.cookies["easel_session"]
    assert (await client.delete(path)).status_code == 204
    assert client.cookies["easel_session"] != cookie
    problem_of(await client.delete(path), 404, "passkey_not_found")
    problem_of(await sign_in(browser(server), device), 401, "wrong_passkey")


async def test_a_passkey_will_do_as_second_factor(server: Server) -> None:
    owner, device = await with_passkey(server)
    secret = (await owner.post("/api/auth/2fa/setup", json={})).json()["secret"]
    await owner.post("/api/auth/2fa/enable", json={"code": app_code(secret)})
    client = browser(server)
    first = (await client.post("/api/auth/login", json=LOGIN)).json()
    assert first["second_factor"] == ["totp", "passkey"]
    challenge = {"challenge": first["challenge"]}
    second = "/api/auth/2fa/passkey"
    options = await asked(client, f"{second}/options", **challenge)
    assert [known["id"] for known in options["allowCredentials"]] == [encode(device.credential_id)]

    eve = await signed_up(server, "eve@example.com")
    hers = Authenticator(named(server))
    assert (await add(eve, hers)).status_code == 201
    sent = {**challenge, "credential": hers.get(options)}
    problem_of(await client.post(second, json=sent), 401, "wrong_passkey")
    sent = {**challenge, "credential": device.get(options)}
    problem_of(await client.post(second, json=sent), 401, "challenge_ended")

    options = await asked(client, f"{second}/options", **challenge)
    sent = {**challenge, "credential": device.get(options)}
    assert (await client.post(second, json=sent)).json()["user"]["email"] == EMAIL
    assert (await client.get("/api/auth/me")).status_code == 200
    problem_of(await client.post(second, json=sent), 401, "challenge_ended")

    # Alone it is two factors at once: it verifies its owner.
    assert (await sign_in(browser(server), device)).status_code == 200


async def test_an_address_without_a_name_has_no_passkeys(server: Server) -> None:
    by_number = server.client()
    answer = await by_number.post(f"{PASSKEYS}/login/options", json={})
    assert "IP address" in problem_of(answer, 400, "no_passkeys_here").detail
    elsewhere = server.client(headers={"Host": "studio.example.com"})
    assert (await asked(elsewhere, f"{PASSKEYS}/login/options"))["rpId"] == "studio.example.com"


async def test_the_public_address_is_the_only_site(settings: Settings, studio: Studio) -> None:
    web = settings.web.model_copy(update={"public_url": "https://studio.example.com:443"})
    public = settings.model_copy(update={"web": web})
    object.__setattr__(studio, "settings", public)
    async with serving(public, studio) as server:
        origin = "https://studio.example.com"
        client = server.client(headers={"Origin": origin, "Host": "studio.example.com"})
        sent = {"email": EMAIL, "password": PASSWORD, "name": "Ada"}
        assert (await client.post("/api/auth/register", json=sent)).status_code == 201
        device = Authenticator(origin)
        assert (await add(client, device)).status_code == 201
        assert (await sign_in(client, device)).status_code == 200
        local = server.client(headers={"Origin": server.url})
        answer = await local.post(f"{PASSKEYS}/login/options", json={})
        assert origin in problem_of(answer, 400, "no_passkeys_here").detail


async def test_nonsense_is_refused_in_words(server: Server) -> None:
    client = await signed_up(server)
    device = Authenticator(named(server))
    options = await asked(client, f"{PASSKEYS}/register/options")
    good = device.create(options)

    async def register(**response: str) -> httpx.Response:
        credential = {**good, "response": {**good["response"], **response}}
        return await client.post(f"{PASSKEYS}/register", json={"name": "X", "credential": credential})

    for data in ("", "e30", encode(b"[]"), encode(b"\xff"), encode(b'{"challenge":7}'), encode(b"[" * 9999)):
        problem_of(await register(clientDataJSON=data), 422, "passkey_refused")
    problem_of(await register(clientDataJSON="?"), 422, "invalid_input")
    whole = decode(good["response"]["attestationObject"])
    for broken in (b"", b"\xa0", whole[:40], whole[:-9], b"\x9f" * 500):
        options = await asked(client, f"{PASSKEYS}/register/options")
        good = device.create(options)
        problem_of(await register(attestationObject=encode(broken)), 422, "passkey_refused")


async def test_only_public_halves_are_kept(server: Server, studio: Studio) -> None:
    _, device = await with_passkey(server)
    token = (await asked(browser(server), f"{PASSKEYS}/login/options"))["challenge"]
    async with studio.work(Actor.system()) as work:
        passkey = (await work.session.scalars(select(Passkey))).one()
        challenges = (await work.session.scalars(select(Challenge))).all()
    private = device.key.private_numbers().private_value.to_bytes(32, "big")
    assert private not in passkey.public_key
    assert (passkey.transports, passkey.credential_id) == (["internal", "hybrid"], device.credential_id)
    assert token not in repr([vars(row) for row in challenges])
