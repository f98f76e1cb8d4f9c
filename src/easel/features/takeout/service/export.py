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
from typing import IO, Any, Final, TypeAlias
from uuid import UUID

import structlog
from pydantic import BaseModel

from easel import __version__
from easel.base.clock import now
from easel.core.actor import Actor, NotSignedIn
from easel.core.work import Studio
from easel.features.accounts import queries as accounts
from easel.features.accounts.service import avatar
from easel.storage.base import FileMissing

from .. import queries
from ..schemas import (
    AVATAR,
    FORMAT,
    IMAGES,
    LISTINGS,
    MANIFEST,
    MASKS,
    PROFILE,
    VERSION,
    VERSIONS,
    ProfileRecord,
)
from . import sheet
from .packing import Packer, joined
from .records import (
    image_record,
    mask_name,
    mask_record,
    original_name,
    version_name,
    version_record,
)
from .records import lists as all_others

log = structlog.get_logger(__name__)

_IN_MEMORY: Final = 1 << 20
_PIECE: Final = 1 << 18


Entry: TypeAlias = tuple[str, AsyncIterator[bytes], bool]
"""A file of the ZIP: its path, its bytes, and whether to compress them."""


async def stream(studio: Studio, actor: Actor) -> AsyncGenerator[bytes, None]:
    """The take-out of the acting user, piece by piece. Closing the generator ends all work."""
    packer = Packer(now())
    with ExitStack() as files:
        files.callback(packer.end)
        async with aclosing(_entries(studio, actor, packer, files)) as entries:
            async for path, pieces, compressed in entries:
                async with aclosing(packer.add(path, pieces, compressed=compressed)) as made:
                    async for piece in made:
                        yield piece
        yield packer.end()


async def _entries(
    studio: Studio, actor: Actor, packer: Packer, files: ExitStack
) -> AsyncGenerator[Entry, None]:
    moment = now()
    async with studio.work(actor) as work:
        user = await accounts.user_by_id(work, actor.user)
        if user is None:
            raise NotSignedIn
        spaces = await queries.workspaces(work)
    ids = [workspace.id for workspace, _ in spaces]
    profile = ProfileRecord.model_validate(user)
    face = user.avatar_hash
    lists = {listing.path: _Draft(files) for listing in LISTINGS}
    table, contacts, me, manifest = (_Draft(files) for _ in range(4))
    table.write(sheet.table_head())
    contacts.write(sheet.sheet_head(profile.name))

    missing: list[UUID] = []
    told: set[UUID] = set()  # what goes to the trash meanwhile is met there once more
    async for page in queries.images(studio, actor, ids):
        async with studio.work(actor) as work:
            versions = await queries.versions(work, [image.id for image in page if image.version_id])
        for image in page:
            if image.id in told:
                continue
            told.add(image.id)
            pieces, file = await _opened(studio, image.file_path, image.id), None
            if pieces is None:
                missing.append(image.id)
            else:
                file = original_name(image)
                yield file, pieces, False
            record = image_record(image, file)
            lists[IMAGES.path].record(record)
            table.write(sheet.table_row(record))
            contacts.write(sheet.sheet_item(record))
            for version in versions.get(image.id, ()):
                path = file
                if version.file_path != image.file_path:
                    pieces, path = await _opened(studio, version.file_path, image.id), None
                    if pieces is not None:
                        path = version_name(image, version)
                        yield path, pieces, False
                lists[VERSIONS.path].record(version_record(version, path))
    contacts.write(sheet.sheet_foot())
    async for masks in queries.masks(studio, actor, ids):
        for mask in masks:
            if mask.image_id in told:
                yield mask_name(mask), _one(mask.data), False
                lists[MASKS.path].record(mask_record(mask))
    async for listing, records in all_others(studio, actor, spaces, told):
        for one in records:
            lists[listing.path].record(one)
    if face is not None and (pieces := await _opened(studio, avatar.key(face))) is not None:
        yield AVATAR, pieces, False
    me.write(profile.model_dump_json(indent=1).encode())

    counts = {listing.counted: lists[listing.path].records for listing in LISTINGS}
    written = {path: draft.as_list() for path, draft in lists.items()}
    for name, draft in {**written, PROFILE: me, sheet.TABLE: table, sheet.SHEET: contacts}.items():
        yield name, draft.pieces(), True
    _write_manifest(manifest.write, packer, moment.isoformat(), counts, missing)
    yield MANIFEST, manifest.pieces(), True
    log.info("takeout.exported", images=counts["images"], missing=len(missing))


async def _opened(studio: Studio, key: str, image_id: UUID | None = None) -> AsyncIterator[bytes] | None:
    """The bytes of a picture's file, or None when it is not in the store: said in the take-out, not kept silent."""
    pieces = studio.storage.stream(key)
    try:
        return joined(await anext(pieces, b""), pieces)
    except FileMissing:
        log.warning("takeout.file_missing", key=key, image_id=str(image_id))
        return None


async def _one(data: bytes) -> AsyncIterator[bytes]:
    yield data


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
        self.records = 0

    def write(self, data: bytes) -> None:
        self._file.write(data)

    def record(self, record: BaseModel) -> None:
        """One record on a line of its own: the file is a JSON list, and readable line by line."""
        values: Any = record.model_dump_json(by_alias=True)
        self._file.write((b",\n" if self.records else b"[\n") + values.encode())
        self.records += 1

    def as_list(self) -> _Draft:
        """End the list of records."""
        self._file.write(b"\n]\n" if self.records else b"[\n]\n")
        return self

    async def pieces(self) -> AsyncIterator[bytes]:
        self._file.seek(0)
        while piece := await asyncio.to_thread(self._file.read, _PIECE):
            yield piece
