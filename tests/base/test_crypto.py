"""Sealing: what opens a sealed value, what does not, and what its bytes say."""

from __future__ import annotations

import pytest

from easel.base.crypto import SealBroken, StudioSecret, seal, seal_prefix, unseal

OLD, NEW = "o" * 40, "n" * 40
PURPOSE = "provider keys"


def test_what_was_sealed_comes_back() -> None:
    for plaintext in (b"", b"sk-live-1234", bytes(range(256)) * 40):
        sealed = seal(NEW, plaintext, PURPOSE)
        assert unseal(NEW, sealed, PURPOSE) == plaintext
        assert not plaintext or plaintext not in sealed
    assert seal(NEW, b"same", PURPOSE) != seal(NEW, b"same", PURPOSE)


def test_another_purpose_another_secret_or_damage_opens_nothing() -> None:
    sealed = seal(NEW, b"sk-live-1234", PURPOSE)
    with pytest.raises(SealBroken):
        unseal(NEW, sealed, "second factors")
    with pytest.raises(SealBroken):
        unseal(OLD, sealed, PURPOSE)
    for at in range(len(sealed)):
        damaged = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(SealBroken):
            unseal(NEW, damaged, PURPOSE)
        with pytest.raises(SealBroken):
            unseal(NEW, sealed[:at], PURPOSE)


def test_earlier_secrets_open_and_only_the_current_one_seals() -> None:
    secret = StudioSecret(NEW, OLD)
    assert unseal(secret, seal(OLD, b"kept", PURPOSE), PURPOSE) == b"kept"
    sealed = seal(secret, b"fresh", PURPOSE)
    assert sealed.startswith(seal_prefix(NEW))
    assert unseal(NEW, sealed, PURPOSE) == b"fresh"


def test_a_secret_notices_that_it_was_changed() -> None:
    changes: list[tuple[str, ...]] = []
    secret = StudioSecret(OLD, refresh=lambda: changes.pop() if changes else None)
    before = seal(secret, b"kept", PURPOSE)
    changes.append((NEW, OLD))
    assert unseal(secret, before, PURPOSE) == b"kept"
    assert secret.current == NEW


def test_a_secret_is_never_shown() -> None:
    assert OLD not in repr(StudioSecret(NEW, OLD))
    assert NEW not in repr(StudioSecret(NEW, OLD))
