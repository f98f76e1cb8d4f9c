"""Everything of one's own as one ZIP, streamed.

Rows are read in pages, each in a short transaction, and originals one after another. What is written about
pictures waits in temporary files until the last original has gone out, so the ZIP tells of exactly what it
holds however long it takes; in memory are only the files' names and hashes.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import ExitStack, aclosing
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final
from uuid import UUID

import structlog
from pydantic import BaseModel

from easel import __version__
from easel.base.clock import now
from easel.core.actor import Actor, NotSignedIn
from easel.core.work import Studio
from easel.features.accounts import queries as accounts
from easel.features.library.models import Image
from easel.storage.base import FileMissing

from .. import queries
from ..schemas import (
    FORMAT,
    GENERATIONS,
    IMAGES,
    MANIFEST,
    PROFILE,
    VERSION,
    WORKSPACES,
    ProfileRecord,
    WorkspaceRecord,
)
from . import sheet
from .packing import Packer, joined
from .records import generation_record, image_record, original_name

log = structlog.get_logger(__name__)

_IN_MEMORY: Final = 1 << 20
_PIECE: Final = 1 << 18


async def stream(studio: Studio, actor: Actor) -> AsyncGenerator[bytes, None]:
    """The take-out of the acting user, piece by piece. Closing the generator ends all work."""
    moment = now()
    async with studio.work(actor) as work:
        user = await accounts.user_by_id(work, actor.user)
        if user is None:
            raise NotSignedIn
        spaces = await queries.workspaces(work)
    ids = [workspace.id for workspace, _ in spaces]
    profile = ProfileRecord.model_validate(user)
    packer = Packer(moment)
    counts = {"images": 0, "generations": 0, "workspaces": len(spaces)}
    missing: list[UUID] = []
    told: set[UUID] = set()  # what goes to the trash meanwhile is met there once more
    with ExitStack() as files:
        images, table, contacts, generations = (_Draft(files) for _ in range(4))
        table.write(sheet.table_head())
        contacts.write(sheet.sheet_head(profile.name))

        async for page in queries.images(studio, actor, ids):
            for image in page:
                if image.id in told:
                    continue
                told.add(image.id)
                file = await _opened(studio, image)
                if file is None:
                    missing.append(image.id)
                else:
                    async with aclosing(packer.add(original_name(image), file, compressed=False)) as made:
                        async for piece in made:
                            yield piece
                record = image_record(image, original_name(image) if file else None)
                images.record(record)
                table.write(sheet.table_row(record))
                contacts.write(sheet.sheet_item(record))
        counts["images"] = len(told)
        async for rows in queries.generations(studio, actor, ids):
            for row in rows:
                generations.record(generation_record(row))
            counts["generations"] += len(rows)
        contacts.write(sheet.sheet_foot())

        members = [
            {"id": workspace.id, "name": workspace.name, "kind": workspace.kind, "level": level}
            | {"created_at": workspace.created_at}
            for workspace, level in spaces
        ]
        about = _Draft(files)
        for member in members:
            about.record(WorkspaceRecord.model_validate(member))
        me = _Draft(files)
        me.write(profile.model_dump_json(indent=1).encode())
        for path, draft in {
            IMAGES: images.as_list(),
            GENERATIONS: generations.as_list(),
            WORKSPACES: about.as_list(),
            PROFILE: me,
            sheet.TABLE: table,
            sheet.SHEET: contacts,
        }.items():
            async with aclosing(packer.add(path, draft.pieces(), compressed=True)) as made:
                async for piece in made:
                    yield piece
        manifest = _Draft(files)
        _write_manifest(manifest.write, packer, moment.isoformat(), counts, missing)
        async with aclosing(packer.add(MANIFEST, manifest.pieces(), compressed=True)) as made:
            async for piece in made:
                yield piece
        yield packer.end()
    log.info("takeout.exported", images=counts["images"], missing=len(missing))


async def _opened(studio: Studio, image: Image) -> AsyncIterator[bytes] | None:
    """The bytes of an original, or None when it is not in the store: said in the manifest, not kept silent."""
    pieces = studio.storage.stream(image.file_path)
    try:
        return joined(await anext(pieces, b""), pieces)
    except FileMissing:
        log.warning("takeout.original_missing", image_id=str(image.id))
        return None


def _write_manifest(
    write: Callable[[bytes], object],
    packer: Packer,
    moment: str,
    counts: dict[str, int],
    missing: list[UUID],
) -> None:
    head = {
        "format": FORMAT,
        "version": VERSION,
        "easel": __version__,
        "created_at": moment,
        "counts": {**counts, "files": len(packer.files)},
        "missing": [str(id) for id in missing],
    }
    write(json.dumps(head, indent=1)[:-2].encode() + b',\n "files": [')
    for number, file in enumerate(packer.files):
        write((b"," if number else b"") + b"\n  " + file.model_dump_json().encode())
    write(b"\n ]\n}\n")


class _Draft:
    """A file of the ZIP while it is being written: small in memory, large on disk."""

    def __init__(self, files: ExitStack) -> None:
        self._file: IO[bytes] = files.enter_context(SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115
        self._records = 0

    def write(self, data: bytes) -> None:
        self._file.write(data)

    def record(self, record: BaseModel) -> None:
        """One record on a line of its own: the file is a JSON list, and readable line by line."""
        values: Any = record.model_dump_json(by_alias=True)
        self._file.write((b",\n" if self._records else b"[\n") + values.encode())
        self._records += 1

    def as_list(self) -> _Draft:
        """End the list of records."""
        self._file.write(b"\n]\n" if self._records else b"[\n]\n")
        return self

    async def pieces(self) -> AsyncIterator[bytes]:
        self._file.seek(0)
        while piece := await asyncio.to_thread(self._file.read, _PIECE):
            yield piece
