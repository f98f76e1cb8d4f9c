"""Cursors: what a list gave out comes back as it was, and anything else is refused by name and breaks nothing."""

from __future__ import annotations

import base64
import json
from datetime import UTC

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from easel.core.http.paging import BadCursor, decode_cursor, decode_key, encode_cursor, encode_key

SEVERAL = settings(max_examples=150, deadline=None, database=None)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=12,
)


@SEVERAL
@given(WORDS, st.datetimes(timezones=st.just(UTC)), st.uuids(), st.lists(WORDS, max_size=5))
def test_what_was_given_out_comes_back(kind: str, moment: object, id: object, words: list[str]) -> None:
    assert decode_cursor(kind, encode_cursor(kind, moment, id)) == (moment, id)  # type: ignore[arg-type]
    assert decode_key(kind, encode_key(kind, *words)) == words
    with pytest.raises(BadCursor):
        decode_key(kind + "!", encode_key(kind, *words))


@SEVERAL
@given(st.text(max_size=200))
def test_no_text_breaks_it(cursor: str) -> None:
    with pytest.raises(BadCursor):
        decode_cursor("images", cursor)


@SEVERAL
@given(JSON)
def test_no_json_breaks_it(value: object) -> None:
    """As long as it does not begin with the list's name."""
    raw = json.dumps(value).encode()
    for body in (raw, raw[:-1], raw * 2):
        cursor = base64.urlsafe_b64encode(body).decode()
        with pytest.raises(BadCursor):
            decode_cursor("images\0", cursor)


@SEVERAL
@given(st.lists(JSON, max_size=4))
def test_no_words_under_the_right_name_break_it(words: list[object]) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(["images", *words]).encode()).decode()
    try:
        found = decode_cursor("images", cursor)
    except BadCursor:
        return
    assert decode_cursor("images", encode_cursor("images", *found)) == found


def test_depth_breaks_nothing() -> None:
    deep = base64.urlsafe_b64encode(b"[" * 200_000).decode()
    with pytest.raises(BadCursor):
        decode_cursor("images", deep)
