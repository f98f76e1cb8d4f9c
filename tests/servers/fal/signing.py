"""fal's signatures on its webhooks: Ed25519 over id, user, time and the body's digest."""

from __future__ import annotations

import base64
import hashlib
import time
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

USER = "test-user"


@dataclass
class Signer:
    """The key pairs: the newest signs, all that are published verify."""

    keys: list[Ed25519PrivateKey] = field(default_factory=lambda: [Ed25519PrivateKey.generate()])

    def rotate(self) -> None:
        """Sign with a new key from now on; the old one is published no more."""
        self.keys = [Ed25519PrivateKey.generate()]

    def jwks(self) -> dict[str, Any]:
        """The published keys, padded as the live document is."""
        raw = [key.public_key().public_bytes_raw() for key in self.keys]
        return {
            "keys": [{"kty": "OKP", "crv": "Ed25519", "x": base64.urlsafe_b64encode(x).decode()} for x in raw]
        }

    def headers(self, request_id: str, body: bytes, *, at: float | None = None) -> dict[str, str]:
        """The headers of a delivery."""
        moment = str(int(time.time() if at is None else at))
        message = "\n".join([request_id, USER, moment, hashlib.sha256(body).hexdigest()])
        return {
            "Content-Type": "application/json",
            "X-Fal-Webhook-Request-Id": request_id,
            "X-Fal-Webhook-User-Id": USER,
            "X-Fal-Webhook-Timestamp": moment,
            "X-Fal-Webhook-Signature": self.keys[-1].sign(message.encode()).hex(),
        }
