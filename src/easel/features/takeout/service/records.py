"""From rows to the records of a take-out."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel

from easel.core.actor import Actor
from easel.core.audit import AuditRow
from easel.core.work import Studio
from easel.features.api_keys import queries as api_keys
from easel.features.collections.models import Collection
from easel.features.comparisons import queries as comparisons
from easel.features.comparisons.models import Comparison, ComparisonSide
from easel.features.credits.models import UsageLog
from easel.features.credits.queries import ledger
from easel.features.generation.models import Generation
from easel.features.generation.service.inputs import TRAIL
from easel.features.library.models import Image, ImageVersion, Lineage, Mask, SavedFilter
from easel.features.presets.models import Preset
from easel.features.projects.models import Project
from easel.features.workspaces.models import Workspace

from .. import queries
from ..schemas import (
    API_KEYS,
    AUDIT,
    COLLECTIONS,
    COMPARISONS,
    GENERATIONS,
    LEDGER,
    LINEAGE,
    PLACES,
    PRESETS,
    PROJECTS,
    SAVED_FILTERS,
    USAGE,
    WORKSPACES,
    ApiKeyRecord,
    AuditRecord,
    CollectionRecord,
    ComparisonRecord,
    GenerationRecord,
    ImageRecord,
    InputsRecord,
    LedgerRecord,
    LineageRecord,
    Listing,
    MaskRecord,
    PlaceRecord,
    PresetRecord,
    ProjectRecord,
    SavedFilterRecord,
    SideRecord,
    UsageRecord,
    VersionRecord,
    WorkspaceRecord,
)

R = TypeVar("R", bound=BaseModel)
Lists = AsyncIterator[tuple[Listing[Any], Iterable[BaseModel]]]


def original_name(image: Image) -> str:
    """Where a picture's original lies in the ZIP: a name that a person recognises, and no two the same."""
    words = re.findall(r"\w+", image.prompt.replace("_", " "))
    spoken = "-".join(words[:6]).lower()[:60].strip("-")
    return f"originals/{f'{spoken}-' if spoken else ''}{image.id.hex}.{image.format}"


def version_name(image: Image, version: ImageVersion) -> str:
    """Where the file of a version that is not shown lies: beside the picture, with its number."""
    return f"{original_name(image).rpartition('.')[0]}-v{version.number}.{version.format}"


def mask_name(mask: Mask) -> str:
    """Where a mask lies in the ZIP."""
    return f"masks/{mask.id.hex}.png"


def image_record(image: Image, file: str | None) -> ImageRecord:
    """The record of a picture whose original lies at `file` in the ZIP."""
    return _record(ImageRecord, image, file=file, facts=image.facts)


def version_record(version: ImageVersion, file: str | None) -> VersionRecord:
    """The record of a version whose file lies at `file` in the ZIP."""
    return VersionRecord.model_validate({**_values(VersionRecord, version), "file": file})


def mask_record(mask: Mask) -> MaskRecord:
    """The record of a mask."""
    return _record(MaskRecord, mask, file=mask_name(mask))


async def lists(
    studio: Studio, actor: Actor, spaces: Sequence[tuple[Workspace, int]], told: set[UUID]
) -> Lists:
    """Everything but pictures, their versions and masks: which list, and some of its records, one after another."""
    ids = [space.id for space, _ in spaces]
    async for generations in queries.own(studio, actor, ids, Generation):
        yield GENERATIONS, [_generation(one) for one in generations]
    async for compared in queries.own(studio, actor, ids, Comparison):
        async with studio.work(actor) as work:
            sides = await comparisons.sides_of(work, compared)
        yield COMPARISONS, [_comparison(one, sides[one.id].values()) for one in compared]
    async with studio.work(actor) as work:
        defaults = await queries.default_presets(work)
        keys = await api_keys.keys_of(work, actor.user)
    async for presets in queries.own(studio, actor, ids, Preset):
        yield PRESETS, [_record(PresetRecord, one, is_default=one.id in defaults) for one in presets]
    async for projects in queries.own(studio, actor, ids, Project):
        yield PROJECTS, [_record(ProjectRecord, one) for one in projects]
    async for collections in queries.own(studio, actor, ids, Collection):
        yield COLLECTIONS, [_record(CollectionRecord, one) for one in collections]
    async for places in queries.places(studio, actor, ids):
        yield PLACES, [_record(PlaceRecord, one) for one in places if one.image_id in told]
    async for filters in queries.own(studio, actor, ids, SavedFilter):
        yield SAVED_FILTERS, [_record(SavedFilterRecord, one) for one in filters]
    async for family in queries.lineage(studio, actor, ids):
        yield LINEAGE, [_lineage(one) for one in family]
    for space, level in spaces:
        yield WORKSPACES, [_record(WorkspaceRecord, space, level=level)]
        if space.owner_id == actor.user:
            async for movements in _movements(studio, actor, space.id):
                yield LEDGER, movements
    async for used in queries.own(studio, actor, ids, UsageLog):
        yield USAGE, [_record(UsageRecord, one) for one in used]
    async for happened in queries.audited(studio, actor):
        yield AUDIT, [_audit(one, actor) for one in happened]
    yield API_KEYS, [_record(ApiKeyRecord, key) for key, _ in keys]


async def _movements(studio: Studio, actor: Actor, workspace_id: UUID) -> AsyncIterator[list[LedgerRecord]]:
    after = None
    while True:
        async with studio.work(actor) as work:
            page = await ledger.history(work, workspace_id, limit=queries.PAGE, after=after)
        yield [
            _record(
                LedgerRecord,
                one.entry,
                available=one.available,
                reserved=one.reserved,
                available_after=one.available_after,
            )
            for one in page
        ]
        if len(page) < queries.PAGE:
            return
        after = (page[-1].entry.created_at, page[-1].entry.id)


def _generation(generation: Generation) -> GenerationRecord:
    return _record(GenerationRecord, generation, inputs=_inputs(generation.inputs))


def _inputs(stored: Mapping[str, Any]) -> InputsRecord:
    """What a generation starts from; the store's keys, the trail and what it waited for mean nothing elsewhere."""
    told = {
        name: value
        for name, value in stored.items()
        if not name.endswith("image_key") and name not in (TRAIL, "replay")
    }
    for name in ("image", "style_image"):
        if key := stored.get(f"{name}_key"):
            told[f"{name}_hash"] = PurePosixPath(key).stem
    return InputsRecord.model_validate(told)


def _comparison(row: Comparison, sides: Iterable[ComparisonSide]) -> ComparisonRecord:
    told = [_record(SideRecord, side) for side in sorted(sides, key=lambda side: side.place)]
    return _record(ComparisonRecord, row, sides=told)


def _audit(row: AuditRow, actor: Actor) -> AuditRecord:
    # Who else it was is no business of the account's owner.
    return _record(AuditRecord, row, by_you=row.actor_id == actor.user)


def _lineage(row: Lineage) -> LineageRecord:
    return LineageRecord.model_construct(
        id=row.image_id,
        parent_id=row.parent_id,
        root_id=row.root_id,
        operation=row.operation,
        created_at=row.created_at,
    )


def _record(kind: type[R], row: object, **given: Any) -> R:
    """A record of what a row says; it was checked when it was written."""
    return kind.model_construct(**{**_values(kind, row, but=given), **given})


def _values(kind: type[BaseModel], row: object, *, but: Iterable[str] = ("file",)) -> dict[str, Any]:
    return {name: getattr(row, name) for name in kind.model_fields if name not in but}
