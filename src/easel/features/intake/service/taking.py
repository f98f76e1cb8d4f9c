"""A stranger's file becoming a picture of the library: scanned, looked at where it can do no harm, kept as it is."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any, BinaryIO, Final

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import func, select

from easel.core import antivirus
from easel.core.actor import Actor
from easel.core.work import Studio, Work
from easel.features.library import service as library
from easel.features.library.models import UPLOAD, Image
from easel.features.library.schemas.tags import Tag
from easel.features.projects import queries as projects
from easel.media.foreign.bounds import clean, tags_of
from easel.media.inspect import Inspected
from easel.media.probe import format_of

from .. import queries
from ..schemas import Wishes

_HEAD: Final = 512
_TAG: Final[TypeAdapter[str]] = TypeAdapter(Tag)
_PIECE: Final = 1 << 20
_LONGEST_NAME: Final = 200
_SAME_BYTES: Final = 0x45A5E2
"""Seed of the locks on a workspace's files, so that they are no other kind's locks."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may come in: its name, its hash and size, and what it shows."""

    name: str
    digest: str
    size: int
    inspected: Inspected


@dataclass(frozen=True, slots=True)
class Taken:
    """A picture that came in, or that was `already_there`."""

    image: Image
    already_there: bool


def plain_name(name: str) -> str:
    """A file's name without folders and without what cannot be shown."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return clean("".join(char for char in last if char.isprintable()), _LONGEST_NAME) or "picture"


async def take(studio: Studio, actor: Actor, file: BinaryIO, *, name: str, wishes: Wishes) -> Taken:
    """Bring the picture in `file` into the acting workspace's library, byte for byte as it is.

    Raises what refuses it (`NotAnImage`, `ImageTooLarge`, `ImageTooDemanding`, `FileInfected`) and what is out of
    order (`ScannerUnavailable`, `DecoderUnavailable`, `StorageUnavailable`, `StorageFull`); nothing is left then.
    """
    if wishes.duplicates == "skip":
        digest, _ = await asyncio.to_thread(measured, file)
        async with studio.work(actor) as work:
            there = await queries.of_bytes(work, digest)
        if there is not None:
            return Taken(there, already_there=True)
    candidate = await look_at(studio, file, name=name)
    async with kept(studio, file, candidate) as original, studio.work(actor) as work:
        return await add(work, candidate, original, wishes)


async def check(work: Work, wishes: Wishes, size: int = 1) -> None:
    """Refuse what cannot be done for any file. Raises `ProjectNotFound`, `ProjectArchived`, `ProjectIsTemplate`.

    `QuotaExceeded` where there is no room for `size` bytes more.
    """
    await library.require_room(work, size)
    if wishes.project_id is not None:
        await projects.require_open(work, wishes.project_id)


async def look_at(studio: Studio, file: BinaryIO, *, name: str) -> Candidate:
    """What `file` is, by its content alone. Raises as `take` does; nothing is kept."""
    digest, size = await asyncio.to_thread(measured, file)
    await asyncio.to_thread(file.seek, 0)
    format_of(await asyncio.to_thread(file.read, _HEAD))
    await antivirus.scan(studio.settings.uploads, file)
    return Candidate(plain_name(name), digest, size, await studio.isolated.inspect(file))


@asynccontextmanager
async def kept(studio: Studio, file: BinaryIO, candidate: Candidate) -> AsyncIterator[library.Original]:
    """The file in the store, for a row that the block adds; without one, the file is not there afterwards."""
    facts = candidate.inspected.facts
    key = await studio.storage.put_content_file(
        file, digest=candidate.digest, size=candidate.size, suffix=facts.format
    )
    try:
        yield library.Original(key, candidate.digest, candidate.size, facts)
    except BaseException:
        await asyncio.shield(library.discard_original(studio, key, candidate.digest))
        raise


async def add(work: Work, candidate: Candidate, original: library.Original, wishes: Wishes) -> Taken:
    """The row for a kept file, with what the file says of itself."""
    if wishes.duplicates == "skip":
        # Two uploads of one file at the same time wait for each other here.
        same = func.hashtextextended(f"{work.actor.workspace} {candidate.digest}", _SAME_BYTES)
        await work.session.execute(select(func.pg_advisory_xact_lock(same)))
        there = await queries.of_bytes(work, candidate.digest)
        if there is not None:
            return Taken(there, already_there=True)
    await check(work, wishes, candidate.size)
    account = candidate.inspected.account
    origin = library.Origin(
        operation=UPLOAD,
        prompt=account.prompt,
        negative_prompt=account.negative_prompt,
        model_id="",  # none of this studio's: what the file calls its model is among the facts
        model_version="",
        parameters=account.parameters,
        generation_id=None,
        generation_time=None,
        cost_credits=Decimal(0),
        project_id=wishes.project_id,
    )
    image = await library.add_image(work, original, origin, seed=account.seed, facts=_facts(candidate))
    stem = PurePosixPath(candidate.name).stem
    image.title = account.title or (None if account.prompt else stem)
    image.alt_text = (account.description or account.prompt or account.title)[:500]
    image.notes = account.description or None
    image.tags = list(tags_of([*wishes.tag, *filter(None, map(_tag, account.tags))]))
    image.rating = account.rating
    await work.session.flush()
    return Taken(image, already_there=False)


def _tag(text: str) -> str | None:
    try:
        return _TAG.validate_python(text)
    except ValidationError:
        return None


def _facts(candidate: Candidate) -> dict[str, Any]:
    account, pages = candidate.inspected.account, candidate.inspected.facts.pages
    made_with = {name: value for name, value in (("tool", account.tool), ("model", account.model)) if value}
    return {
        "file_name": candidate.name,
        **({"made_with": made_with} if made_with else {}),
        **({"frames": pages} if pages > 1 else {}),
    }


def measured(file: BinaryIO) -> tuple[str, int]:
    """The SHA-256 of an open file, in hexadecimal, and its size."""
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while piece := file.read(_PIECE):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size
