"""An issuer's public keys, and which algorithm each may be used with.

The key decides about the algorithm, never the token: an RSA key is not an HMAC secret, and nothing is unsigned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

Key = RSAKey | ECKey | OKPKey

_RSA = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
_EC = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}
_ED25519 = frozenset({"EdDSA", "Ed25519"})
_SMALLEST_RSA = 2048


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A public key, its name, and the algorithms that its kind allows."""

    kid: str | None
    key: Key
    algorithms: frozenset[str]


def read_keys(document: object) -> tuple[SigningKey, ...]:
    """The keys of a JWKS that signatures can be checked with; others are passed over (RFC 7517, section 5)."""
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise ValueError("the document holds no keys")
    return tuple(found for each in listed if (found := _read(each)) is not None)


def pick(keys: Sequence[SigningKey], kid: str | None, algorithm: str) -> SigningKey | None:
    """The key of a token's header; without a key id only one that leaves no choice."""
    fitting = [key for key in keys if algorithm in key.algorithms and kid in (None, key.kid)]
    return fitting[0] if len(fitting) == 1 else None


def _read(jwk: Any) -> SigningKey | None:
    if not isinstance(jwk, dict) or jwk.get("use", "sig") != "sig":
        return None
    if "verify" not in jwk.get("key_ops", ["verify"]):
        return None
    algorithms = _allowed(jwk)
    if "alg" in jwk:
        algorithms &= _ED25519 if jwk["alg"] in _ED25519 else {jwk["alg"]}
    key = _import(jwk) if algorithms else None
    kid = jwk.get("kid")
    return SigningKey(kid if isinstance(kid, str) else None, key, algorithms) if key else None


def _allowed(jwk: dict[str, Any]) -> frozenset[str]:
    kind, curve = jwk.get("kty"), jwk.get("crv")
    if kind == "RSA":
        return _RSA
    if kind == "EC" and curve in _EC:
        return frozenset({_EC[curve]})
    return _ED25519 if (kind, curve) == ("OKP", "Ed25519") else frozenset()


def _import(jwk: dict[str, Any]) -> Key | None:
    kinds: dict[str, type[Key]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
    try:
        key = kinds[jwk["kty"]].import_key(jwk)
        if isinstance(key, RSAKey) and key.public_key.key_size < _SMALLEST_RSA:
            return None
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return key
