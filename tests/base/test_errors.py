"""The base of errors, and the small parts of the lowest floor."""

from __future__ import annotations

import uuid
from datetime import UTC

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from easel.base.clock import now
from easel.base.crypto import derive_key, new_token, token_hash
from easel.base.errors import EaselError, InvalidInput
from easel.base.ids import new_id
from easel.base.types import storable


def test_an_error_without_a_status_a_code_or_words_is_no_class() -> None:
    for missing in ("status", "code", "__doc__"):
        parts = {"status": 400, "code": "made_up", "__doc__": "It went wrong.", "__module__": "elsewhere"}
        del parts[missing]
        with pytest.raises(TypeError, match="Wrong"):
            type("Wrong", (EaselError,), parts)


def test_the_docstring_is_the_message() -> None:
    error = InvalidInput.of("parameters.steps", "must be small", "too_large")
    assert InvalidInput.title() == "The input is not valid."
    assert InvalidInput().detail == "The input is not valid."
    assert str(error) == "parameters.steps: must be small"
    assert (error.errors[0].field, error.errors[0].code) == ("parameters.steps", "too_large")


def test_ids_rise_and_times_have_a_zone() -> None:
    ids = [new_id() for _ in range(1000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 1000
    assert isinstance(ids[0], uuid.UUID)
    assert ids[0].version == 7
    assert now().tzinfo is UTC


def test_tokens_are_long_and_kept_as_hashes() -> None:
    assert len({new_token() for _ in range(100)}) == 100
    assert len(new_token()) >= 43
    assert len(token_hash("token")) == 32
    assert token_hash("token") != token_hash("token ")


def test_keys_of_different_purposes_differ() -> None:
    key = derive_key("secret", "access tokens")
    independent = HKDFExpand(SHA256(), length=32, info=b"access tokens").derive(b"secret")
    assert key == independent
    assert key != derive_key("secret", "provider keys")
    assert key != derive_key("secret2", "access tokens")


def test_text_that_a_database_can_keep() -> None:
    assert storable("été 🦊\n") == "été 🦊\n"
    for bad in ("a\0b", "\ud800", "x\udfff"):
        with pytest.raises(ValueError, match=r"NUL|surrogate"):
            storable(bad)
