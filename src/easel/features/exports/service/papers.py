"""The papers that lie with an export's pictures: a contact sheet, a table, and the records for programs."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final
from uuid import UUID, uuid4

from easel.core.work import Studio
from easel.features.library.service import contact_sheet, metadata

from ..models import Export

FOLDER: Final = "exports"
"""Where papers lie in the store, those of each export in a folder named by its id."""
_IN_MEMORY: Final = 1 << 20
_BYTE_ORDER_MARK: Final = "\ufeff".encode()
_OF_THIS_STUDIO: Final = ("url", "download_url", "thumbnails", "rendered")
_COLUMNS: Final = ("file", *(name for name in metadata.COLUMNS if name not in _OF_THIS_STUDIO))


class Papers:
    """The drafts, small in memory and large on disk; `write` a picture's record into each, `keep` them in the end."""

    def __init__(self, files: ExitStack, export: Export) -> None:
        self._export = export
        self._json = metadata.JsonArray()
        self._drafts: dict[str, IO[bytes]] = {
            name: files.enter_context(SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115
            for name in ("contact-sheet.html", "images.csv", "images.json")
        }
        pictures = "1 picture" if export.images == 1 else f"{export.images:,} pictures"
        about = f"{pictures} · {export.created_at:%Y-%m-%d}"
        self._write(
            contact_sheet.head(export.title, about),
            _BYTE_ORDER_MARK + metadata.row(_COLUMNS),  # so that spreadsheets know that it is UTF-8
            self._json.head,
        )

    def write(self, record: metadata.Record, file: str | None, shown: str | None) -> None:
        """Tell of a picture that lies at `file` in the ZIP, and is shown by what lies at `shown`."""
        told = {"file": file, **{name: record[name] for name in record if name not in _OF_THIS_STUDIO}}
        self._write(
            contact_sheet.item(_card(record, file, shown)),
            metadata.row([told[name] for name in _COLUMNS]),
            self._json.item(told),
        )

    async def keep(self, studio: Studio) -> list[dict[str, Any]]:
        """Put them into the store, under names of their own. Answers the rows of `ExportFile` for them."""
        self._write(contact_sheet.FOOT, b"", self._json.foot)
        kept = []
        for place, (name, draft) in enumerate(self._drafts.items(), start=1):
            key = f"{folder(self._export.id)}/{uuid4().hex}.{name.rpartition('.')[2]}"
            size = await asyncio.to_thread(draft.seek, 0, 2)
            await studio.storage.put_file(key, draft)  # type: ignore[arg-type]  # an IO of bytes is one
            kept.append(
                {
                    "export_id": self._export.id,
                    "number": 2 * self._export.images + place,
                    "path": name,
                    "key": key,
                    "size": size,
                    "image_id": None,
                }
            )
        return kept

    def _write(self, *parts: bytes) -> None:
        for draft, part in zip(self._drafts.values(), parts, strict=True):
            draft.write(part)


def folder(export_id: UUID) -> str:
    """Where the papers of an export lie in the store."""
    return f"{FOLDER}/{export_id}"


def _card(record: metadata.Record, file: str | None, shown: str | None) -> contact_sheet.Card:
    facts = [record["model"], f"{record['width']} × {record['height']}", record["created_at"][:10]]
    facts += [f"{record['rating']} of 5"] if record["rating"] else []
    facts += [", ".join(record["tags"])] if record["tags"] else []
    said = {"seed": record["seed"], **record["parameters"]}
    return contact_sheet.Card(
        file=file,
        shown=shown,
        alt_text=record["alt_text"],
        width=record["width"],
        height=record["height"],
        title=record["title"],
        prompt=record["prompt"],
        negative_prompt=record["negative_prompt"],
        facts=facts,
        settings={"file": file, **said, "version": record["model_version"], "notes": record["notes"]},
    )
