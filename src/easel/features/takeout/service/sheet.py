"""What of a take-out people read without Easel: a table, and a contact sheet in HTML."""

from __future__ import annotations

from typing import Final

from easel.features.library.service import contact_sheet, metadata

from ..schemas import ImageRecord

TABLE: Final = "images.csv"
SHEET: Final = "contact-sheet.html"

COLUMNS: Final = (
    *("file", "title", "prompt", "negative_prompt", "model_id", "operation", "seed", "width", "height"),
    *("format", "file_size", "rating", "is_favorite", "tags", "notes", "cost_credits", "created_at"),
    *("deleted_at", "id", "parent_image_id", "generation_id", "content_hash"),
)


def table_head() -> bytes:
    """The first line of the table; the mark in front tells spreadsheets that it is UTF-8."""
    return "\ufeff".encode() + metadata.row(COLUMNS)


def table_row(record: ImageRecord) -> bytes:
    """A picture's line of the table."""
    return metadata.row([getattr(record, name) for name in COLUMNS])


def sheet_head(owner: str) -> bytes:
    """The beginning of the contact sheet."""
    return contact_sheet.head(
        f"Pictures of {owner}", "Every picture with what made it. The records for programs are in records/."
    )


def sheet_item(record: ImageRecord) -> bytes:
    """A picture on the contact sheet."""
    return contact_sheet.item(
        contact_sheet.Card(
            file=record.file,
            shown=record.file,
            alt_text=record.alt_text,
            width=record.width,
            height=record.height,
            title=record.title,
            prompt=record.prompt,
            negative_prompt=record.negative_prompt,
            facts=(
                record.model_id,
                f"{record.width} × {record.height}",
                f"{record.created_at:%Y-%m-%d}",
                *([f"{record.rating} of 5"] if record.rating else []),
                *(["in the trash"] if record.deleted_at else []),
            ),
        )
    )


def sheet_foot() -> bytes:
    """The end of the contact sheet."""
    return contact_sheet.FOOT
