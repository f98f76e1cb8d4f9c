"""Calls to issuers: their limits, what is kept while they are away, and which addresses are not trusted."""

from __future__ import annotations

import pytest

from easel.core.federation.errors import IssuerUnavailable, TokenRefused
from easel.core.federation.issuer import FRESH_SECONDS, PAUSE_SECONDS, STALE_SECONDS, Issuer
from easel.core.federation.keys import read_keys
from easel.core.federation.outside import Outside
from tests.servers.oidc import AUDIENCE, IdProvider, key

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("path", ["/huge", "/elsewhere", "/nothing"])
async def test_long_answers_redirects_and_refusals_are_not_taken(id_provider: IdProvider, path: str) -> None:
    with pytest.raises(IssuerUnavailable):
        await Outside().get(f"{id_provider.url}{path}")


async def test_keys_are_good_for_a_day_while_the_issuer_is_away(id_provider: IdProvider) -> None:
    moment = 0.0
    issuer = Issuer(id_provider.url, Outside(), clock=lambda: moment)
    token = id_provider.token()
    await issuer.verify(token, audience=AUDIENCE)
    id_provider.down |= {"/jwks", "/.well-known/openid-configuration"}
    moment = FRESH_SECONDS + 1
    await issuer.verify(token, audience=AUDIENCE)
    moment = STALE_SECONDS + 1
    with pytest.raises(IssuerUnavailable):
        await issuer.verify(token, audience=AUDIENCE)


async def test_made_up_key_ids_do_not_make_us_ask_each_time(id_provider: IdProvider) -> None:
    moment = 0.0
    issuer = Issuer(id_provider.url, Outside(), clock=lambda: moment)
    for number in range(5):
        with pytest.raises(TokenRefused):
            await issuer.verify(id_provider.token(header={"kid": f"made up {number}"}), audience=AUDIENCE)
    assert id_provider.asked["/jwks"] == 2
    id_provider.rotate("second")
    moment = PAUSE_SECONDS
    await issuer.verify(id_provider.token(), audience=AUDIENCE)
    assert id_provider.asked["/jwks"] == 3


def test_only_keys_that_can_verify_are_read() -> None:
    good = key("first").as_dict(private=False)
    odd = [
        {"kty": "oct", "k": "c2VjcmV0"},
        {**good, "use": "enc"},
        {**good, "alg": "HS256"},
        {"kty": "RSA"},
        7,
    ]
    (found,) = read_keys({"keys": [*odd, good]})
    assert found.algorithms == {"RS256"}
    documents: tuple[object, ...] = ({}, [], {"keys": {}}, None)
    for broken in documents:
        with pytest.raises(ValueError, match="keys"):
            read_keys(broken)
