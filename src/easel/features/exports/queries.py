"""How exports are found, frozen and laid out; `visible_to` is the only door.

What is said here of sizes and places in the ZIP belongs together with `service.zip_format`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    Text,
    Uuid,
    case,
    cast,
    column,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from easel.core.actor import Actor
from easel.core.work import Studio, Work
from easel.features.library import queries as library
from easel.features.library.models import CollectionImage, Image
from easel.features.library.queries.filters import conditions, keys
from easel.features.library.queries.gallery import in_order, plan_for_these_values
from easel.features.library.schemas import ImageFilter

from .errors import ExportNotFound
from .models import Export, ExportFile

PAGE: Final = 200

# What does not belong into a file's name: signs, spaces and whatever is not seen, in Latin and beyond.
_NOT_IN_NAMES: Final = (
    r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u1680\u180e\u2000-\u206f\u2e00-\u2e7f"
    r"\u3000-\u3004\u3008-\u3020\ufe00-\ufe0f\ufe30-\ufe6f\ufeff\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
    r"\ufff0-\uffff\U000e0000-\U000e0fff]+"
)
_LONGEST_NAME: Final = 60
_FEWEST_DIGITS: Final = 4
_PATHS: Final = "originals/"
# As zip_format: LOCAL_SIZE, CENTRAL_SIZE, LOCAL_EXTRA, MOST_32.
_WHOLE_SIZE: Final = "(30 + octet_length(path) + CASE WHEN size >= 4294967295 THEN 20 ELSE 0 END + size)"
_LAYOUT: Final = text(f"""
    UPDATE export_files AS file SET starts_at = placed.starts_at
    FROM (
        SELECT number, coalesce(sum(CASE WHEN key IS NULL THEN 0 ELSE {_WHOLE_SIZE} END)
            OVER (ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS starts_at
        FROM export_files WHERE export_id = :export
    ) AS placed
    WHERE file.export_id = :export AND file.number = placed.number AND file.starts_at <> placed.starts_at
""")  # noqa: S608 - put together of constants
_TOTALS: Final = text(f"""
    SELECT count(*), coalesce(sum({_WHOLE_SIZE}), 0), coalesce(sum(
        46 + octet_length(path)
        + CASE WHEN size >= 4294967295 OR starts_at >= 4294967295 THEN 4 ELSE 0 END
        + CASE WHEN size >= 4294967295 THEN 16 ELSE 0 END
        + CASE WHEN starts_at >= 4294967295 THEN 8 ELSE 0 END
    ), 0) FROM export_files WHERE export_id = :export AND key IS NOT NULL
""")  # noqa: S608
_NOTE: Final = text("""
    UPDATE export_files AS file SET crc32 = found.crc32
    FROM unnest(CAST(:numbers AS bigint[]), CAST(:sums AS bigint[])) AS found (number, crc32)
    WHERE file.export_id = :export AND file.number = found.number
""")


@dataclass(frozen=True, slots=True)
class Packed:
    """A file of a ZIP as it is sent; `gone` if the picture that it shows was deleted for good."""

    number: int
    path: str
    key: str
    size: int
    starts_at: int
    crc32: int | None
    gone: bool


def visible_to(actor: Actor) -> Select[Export]:
    """The exports that an actor may see: the user's own, in workspaces that they may read in now."""
    return select(Export).where(Export.workspace_id.in_(actor.readable), Export.user_id == actor.user)


async def get(work: Work, export_id: UUID, moment: datetime) -> Export:
    """One export that has not expired at this moment. Raises `ExportNotFound`, also for anybody else's."""
    export: Export | None = await work.session.scalar(
        visible_to(work.actor).where(Export.id == export_id, Export.expires_at > moment)
    )
    if export is None:
        raise ExportNotFound
    return export


async def state(work: Work, export_id: UUID, *, locked: bool = False) -> Export | None:
    """How an export stands at this moment; None when it is gone."""
    found = select(Export).where(Export.id == export_id).execution_options(populate_existing=True)
    row: Export | None = await work.session.scalar(found.with_for_update() if locked else found)
    return row


def named(actor: Actor, ids: Sequence[UUID]) -> Select[Any]:
    """The pictures with these ids, in this order; the trash too, for each was named."""
    wanted = (
        func.unnest(cast(literal(list(ids)), ARRAY(Uuid)))
        .table_valued(column("id", Uuid), with_ordinality="place", name="wanted")
        .render_derived()
    )
    return library.visible_to(actor).join(wanted, wanted.c.id == Image.id).order_by(wanted.c.place)


def matching(actor: Actor, wanted: ImageFilter, order: library.Order) -> Select[Any]:
    """The pictures that a filter matches, in the order of the gallery."""
    found = library.visible_to(actor).where(*conditions(wanted))
    return found.order_by(*in_order(keys(order.sort), order))


def collected(actor: Actor, collection_id: UUID) -> Select[Any]:
    """The pictures of a collection that was made by hand, in its order, without the trash."""
    return (
        library.visible_to(actor)
        .join(CollectionImage, CollectionImage.image_id == Image.id)
        .where(CollectionImage.collection_id == collection_id, Image.deleted_at.is_(None))
        .order_by(CollectionImage.position, CollectionImage.id)
    )


async def freeze(work: Work, export_id: UUID, chosen: Select[Any]) -> int:
    """Note the originals of an export, each with its name and its place in the ZIP: how many they are."""
    await plan_for_these_values(work)
    spoken = func.left(func.coalesce(func.nullif(Image.title, ""), Image.prompt), 200)
    words = func.regexp_replace(func.lower(func.normalize(spoken)), _NOT_IN_NAMES, "-", "g")
    words = func.btrim(func.left(func.btrim(words, "-"), _LONGEST_NAME), "-")
    place = func.row_number().over(order_by=chosen._order_by_clauses)
    rows = chosen.with_only_columns(
        Image.id, Image.file_path, Image.file_size, Image.format, Image.content_hash, words.label("words"),
        place.label("number"),
    ).order_by(None).subquery()  # fmt: skip
    digits = func.greatest(_FEWEST_DIGITS, func.length(cast(func.count().over(), Text)))
    named_files = select(
        rows,
        func.concat(
            _PATHS,
            func.lpad(cast(rows.c.number, Text), digits, "0"),
            case((rows.c.words == "", ""), else_="-" + rows.c.words),
            ".",
            rows.c.format,
        ).label("path"),
    ).subquery()
    files = named_files.c
    whole = literal(30) + func.octet_length(files.path) + files.file_size
    before = func.sum(whole).over(order_by=files.number, rows=(None, -1))
    found = select(
        literal(export_id), files.number, files.path, files.file_path, files.file_size,
        cast(func.coalesce(before, 0), BigInteger), files.id, files.content_hash,
    )  # fmt: skip
    columns = ["export_id", "number", "path", "key", "size", "starts_at", "image_id", "content_hash"]
    await work.session.execute(insert(ExportFile).from_select(columns, found))
    last = select(func.max(ExportFile.number)).where(ExportFile.export_id == export_id)
    return await work.session.scalar(last) or 0


async def originals(studio: Studio, actor: Actor, export_id: UUID) -> AsyncIterator[Sequence[ExportFile]]:
    """The originals of an export in pages, each read in a transaction of its own."""
    after = 0
    while True:
        async with studio.work(actor) as work:
            images = await work.session.scalar(select(Export.images).where(Export.id == export_id))
            rows = await work.session.scalars(
                select(ExportFile)
                .where(
                    ExportFile.export_id == export_id,
                    ExportFile.number > after,
                    ExportFile.number <= (images or 0),
                )
                .order_by(ExportFile.number)
                .limit(PAGE)
            )
            page = rows.all()
        if page:
            yield page
        if len(page) < PAGE:
            return
        after = page[-1].number


async def add(work: Work, files: Sequence[dict[str, Any]]) -> None:
    """Note more files of an export; those that are noted already stay."""
    if files:
        await work.session.execute(upsert(ExportFile).values(files).on_conflict_do_nothing())


async def leave_out(work: Work, export_id: UUID, numbers: Sequence[int]) -> None:
    """Note that files are not in the store."""
    if numbers:
        await work.session.execute(
            update(ExportFile)
            .where(ExportFile.export_id == export_id, ExportFile.number.in_(numbers))
            .values(key=None, size=0)
        )


async def lay_out(work: Work, export_id: UUID) -> tuple[int, int]:
    """Give every file its place. Answers where the directory begins and how many bytes it has."""
    await work.session.execute(_LAYOUT, {"export": export_id})
    _, directory_at, directory_size = await totals(work, export_id)
    return directory_at, directory_size


async def totals(work: Work, export_id: UUID) -> tuple[int, int, int]:
    """How many files there are, where the directory begins, and how many bytes it has."""
    row = (await work.session.execute(_TOTALS, {"export": export_id})).one()
    return int(row[0]), int(row[1]), int(row[2])


async def first_at(work: Work, export_id: UUID, place: int) -> int:
    """The number of the file that the ZIP's byte at `place` belongs to."""
    found = await work.session.scalar(
        select(ExportFile.number)
        .where(ExportFile.export_id == export_id, ExportFile.key.is_not(None), ExportFile.starts_at <= place)
        .order_by(ExportFile.number.desc())
        .limit(1)
    )
    return int(found or 0)


async def files_from(work: Work, export_id: UUID, number: int) -> list[Packed]:
    """A page of files from a number on, those that are lost left out."""
    found = (
        select(
            ExportFile.number, ExportFile.path, ExportFile.key, ExportFile.size, ExportFile.starts_at,
            ExportFile.crc32, _gone().label("gone"),
        )
        .where(ExportFile.export_id == export_id, ExportFile.number >= number, ExportFile.key.is_not(None))
        .order_by(ExportFile.number)
        .limit(PAGE)
    )  # fmt: skip
    rows: Any = await work.session.execute(found)
    return [Packed(*row) for row in rows]


async def lacks_pictures(work: Work, export_id: UUID) -> bool:
    """Whether pictures of an export were deleted for good since it was frozen."""
    found = select(exists().where(ExportFile.export_id == export_id, _gone()))
    return bool(await work.session.scalar(found))


async def note_sums(work: Work, export_id: UUID, sums: dict[int, int]) -> None:
    """Keep the checksums of files, by number."""
    said = {"export": export_id, "numbers": list(sums), "sums": list(sums.values())}
    await work.session.execute(_NOTE, said)


async def forget_old(work: Work, user_id: UUID, most: int) -> None:
    """Remove someone's exports but for the newest `most`."""
    old = select(Export.id).where(Export.user_id == user_id).order_by(Export.created_at.desc()).offset(most)
    await work.session.execute(delete(Export).where(Export.id.in_(old)))


def _gone() -> ColumnElement[bool]:
    there = exists().where(Image.id == ExportFile.image_id)
    return ExportFile.image_id.is_not(None) & ~there
