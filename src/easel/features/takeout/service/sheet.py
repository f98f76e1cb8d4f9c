"""What of a take-out people read without Easel: a table, and a contact sheet in HTML."""

from __future__ import annotations

import csv
import io
from html import escape
from typing import Any, Final

from ..schemas import ImageRecord

TABLE: Final = "images.csv"
SHEET: Final = "contact-sheet.html"

COLUMNS: Final = (
    *("file", "title", "prompt", "negative_prompt", "model_id", "operation", "seed", "width", "height"),
    *("format", "file_size", "rating", "is_favorite", "tags", "notes", "cost_credits", "created_at"),
    *("deleted_at", "id", "parent_image_id", "generation_id", "content_hash"),
)

_HEAD: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }}
body {{ margin: 2rem auto; max-width: 80rem; padding: 0 1rem; }}
ul {{ display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); padding: 0; }}
li {{ content-visibility: auto; contain-intrinsic-size: 14rem 20rem; list-style: none; }}
img {{ aspect-ratio: 1; background: #8883; border-radius: .5rem; display: block; height: auto; width: 100%; }}
img {{ object-fit: contain; }}
p {{ margin: .5rem 0 0; overflow-wrap: anywhere; }}
small {{ opacity: .75; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p>Every picture with what made it. The records for programs are in <code>records/</code>.</p>
<ul>
"""
_FOOT: Final = "</ul>\n</body>\n</html>\n"


def table_head() -> bytes:
    """The first line of the table; the mark in front tells spreadsheets that it is UTF-8."""
    return "\ufeff".encode() + _line(COLUMNS)


def table_row(record: ImageRecord) -> bytes:
    """A picture's line of the table."""
    return _line(tuple(_cell(getattr(record, name)) for name in COLUMNS))


def sheet_head(owner: str) -> bytes:
    """The beginning of the contact sheet."""
    return _HEAD.format(title=escape(f"Pictures of {owner}")).encode()


def sheet_item(record: ImageRecord) -> bytes:
    """A picture on the contact sheet."""
    shown = "<p><em>The original is lost.</em></p>"
    if record.file is not None:
        address = escape(record.file)
        shown = (
            f'<a href="{address}"><img src="{address}" alt="{escape(record.alt_text)}" loading="lazy" '
            f'width="{record.width}" height="{record.height}"></a>'
        )
    words = escape(record.title or record.prompt or "Untitled")
    facts = [record.model_id, f"{record.width} × {record.height}", f"{record.created_at:%Y-%m-%d}"]
    facts += [f"{record.rating} of 5"] if record.rating else []
    facts += ["in the trash"] if record.deleted_at else []
    return f"<li>{shown}<p>{words}<br><small>{escape(' · '.join(facts))}</small></p></li>\n".encode()


def sheet_foot() -> bytes:
    """The end of the contact sheet."""
    return _FOOT.encode()


def _line(cells: tuple[str, ...]) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(value)
    text = str(value)
    # Spreadsheets run what begins like this; the records for programs hold it as it is.
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
