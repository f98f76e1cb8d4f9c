"""What fal tells by itself: checked against the keys that it publishes, and worth no more than a nudge.

The signature is Ed25519 over the request's id, the user's, the time and the digest of the body; see
https://fal.ai/docs/model-apis/model-endpoints/webhooks.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import time
from collections.abc import Mapping

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from easel.base.open_internet import tls

from ..errors import Unavailable, WebhookRefused

TOLERANCE = 300.0
"""Seconds by which the sender's clock, or a slow way, may differ."""
KEPT = 24 * 3600.0
_AGAIN = 60.0
"""Seconds after which a signature by an unknown key has the keys fetched anew: they may have been changed."""
_LARGEST = 100_000


class Signatures:
    """Checks webhooks by the keys published at `place`."""

    def __init__(self, place: str) -> None:
        self._address = f"{place}/.well-known/jwks.json"
        self._keys: tuple[Ed25519PublicKey, ...] = ()
        self._fetched: float | None = None

    async def request_of(self, headers: Mapping[str, str], body: bytes) -> str:
        """The id of the request that a webhook tells of.

        Raises `WebhookRefused`, and `Unavailable` when fal's keys cannot be had.
        """
        given = {name.lower(): value for name, value in headers.items()}
        try:
            id, user, moment, signature = (given[f"x-fal-webhook-{part}"] for part in _PARTS)
            sent, signed = int(moment), bytes.fromhex(signature)
        except (KeyError, ValueError) as error:
            raise WebhookRefused("A webhook of fal's has a signature, an id, a user and a time.") from error
        if abs(time.time() - sent) > TOLERANCE:
            raise WebhookRefused("This webhook is too old, or from the future.")
        message = "\n".join([id, user, moment, hashlib.sha256(body).hexdigest()]).encode()
        if not (await self._good(message, signed)):
            raise WebhookRefused
        return id

    async def _good(self, message: bytes, signature: bytes) -> bool:
        age = None if self._fetched is None else time.monotonic() - self._fetched
        if age is None or age > KEPT:
            await self._fetch()
            return self._verified(message, signature)
        if self._verified(message, signature):
            return True
        if age < _AGAIN:
            return False
        await self._fetch()
        return self._verified(message, signature)

    def _verified(self, message: bytes, signature: bytes) -> bool:
        for key in self._keys:
            try:
                key.verify(signature, message)
            except InvalidSignature:
                continue
            return True
        return False

    async def _fetch(self) -> None:
        try:
            async with httpx.AsyncClient(verify=tls(), timeout=10.0) as client:
                answer = await client.get(self._address)
                answer.raise_for_status()
                if len(answer.content) > _LARGEST:
                    raise ValueError("too many keys")
                keys = tuple(_key(str(found["x"])) for found in answer.json()["keys"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise Unavailable(f"fal's keys cannot be had ({type(error).__name__}).") from error
        self._keys, self._fetched = keys, time.monotonic()


_PARTS = ("request-id", "user-id", "timestamp", "signature")


def _key(text: str) -> Ed25519PublicKey:
    """A key as fal publishes it: URL-safe base64, with padding or without. Raises `ValueError`."""
    bare = text.rstrip("=")
    try:
        return Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4)))
    except binascii.Error as error:
        raise ValueError("is no key") from error
