"""The table of a take-out: whatever people wrote comes back from it, and no spreadsheet runs it."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from easel.features.takeout.schemas import ImageRecord
from easel.features.takeout.service import sheet

SEVERAL = settings(max_examples=100, deadline=None, database=None)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
FORMULA = st.sampled_from("=+-@\t\r").flatmap(lambda mark: TEXT.map(lambda text: mark + text))
WRITTEN = TEXT | FORMULA | st.sampled_from(['"', "a\r\nb", "<script>", "x,y", "'=1"])


def record(**facts: Any) -> ImageRecord:
    """A picture's record of which only so much matters."""
    whole: dict[str, Any] = dict.fromkeys(ImageRecord.model_fields)
    return ImageRecord.model_construct(**{**whole, **facts})


@SEVERAL
@given(WRITTEN, WRITTEN, WRITTEN, st.lists(TEXT, max_size=3))
def test_what_people_wrote_comes_back_and_is_no_formula(
    title: str, prompt: str, notes: str, tags: list[str]
) -> None:
    made = record(title=title, prompt=prompt, notes=notes, tags=tags, width=-5)
    written = (sheet.table_head() + sheet.table_row(made)).decode("utf-8-sig")
    head, line = csv.reader(io.StringIO(written, newline=""))
    found = dict(zip(head, line, strict=True))
    for name, value in {"title": title, "prompt": prompt, "notes": notes, "tags": ", ".join(tags)}.items():
        assert found[name].removeprefix("'") == value.removeprefix("'")
        assert not found[name].startswith(("=", "+", "-", "@", "\t", "\r"))


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]


@SEVERAL
@given(WRITTEN, WRITTEN, st.sampled_from(['" onerror="alert(1)', "<b>", "'>", "&amp;"]))
def test_no_words_become_markup(title: str, alt_text: str, odd: str) -> None:
    made = record(
        file="files/a.png",
        title=odd + title,
        alt_text=alt_text + odd,
        model_id=odd,
        width=1,
        height=1,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    tags = _Tags()
    tags.feed(sheet.sheet_item(made).decode())
    assert tags.seen == ["li", "a", "img", "div", "h2", "small"]
