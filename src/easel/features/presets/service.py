"""What people do with presets: save, change, delete, and choose the one to begin with."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from easel.base.errors import FieldProblem, InvalidInput
from easel.core.events import Event
from easel.core.work import Work
from easel.features.generation.schemas import EstimateIn, GenerationSettings
from easel.features.generation.service import submit
from easel.features.projects import queries as projects
from easel.features.workspaces import queries as workspaces
from easel.providers.base import Operation

from . import queries
from .errors import PresetNameTaken, PresetNotFound, TooManyPresets
from .models import DefaultPreset, Preset
from .schemas import PresetIn

MOST_PRESETS: Final = 100
"""So many presets may one workspace have: a menu shows them all."""


async def create(work: Work, body: PresetIn) -> Preset:
    """Save settings under a new name.

    Raises `ModelNotFound`, `InvalidInput`, `PresetNameTaken`, `TooManyPresets`.
    """
    checked = await _checked(work, body.settings)
    # Names and numbers are counted by one at a time.
    await workspaces.locked_workspace(work, work.actor.workspace)
    if await queries.count(work) >= MOST_PRESETS:
        raise TooManyPresets
    if await queries.is_taken(work, body.name, apart_from=None):
        raise PresetNameTaken
    preset = Preset(
        workspace_id=work.actor.workspace, user_id=work.actor.user, name=body.name, **_columns(checked)
    )
    work.session.add(preset)
    await work.session.flush()
    await _choose(work, preset, default=body.is_default)
    return preset


async def change(work: Work, preset_id: UUID, body: PresetIn) -> Preset:
    """Replace all of a preset.

    A preset of a model that is gone can be renamed and chosen, but what it says of that model stays as it is.
    Raises `PresetNotFound`, `ModelNotFound`, `InvalidInput`, `PresetNameTaken`.
    """
    await workspaces.locked_workspace(work, work.actor.workspace)
    preset = await queries.get(work, preset_id)
    if body.settings != settings_of(preset):
        for name, value in _columns(await _checked(work, body.settings)).items():
            setattr(preset, name, value)
    if await queries.is_taken(work, body.name, apart_from=preset.id):
        raise PresetNameTaken
    preset.name = body.name
    await work.session.flush()
    await _choose(work, preset, default=body.is_default)
    return preset


async def remove(work: Work, preset_id: UUID) -> None:
    """Delete a preset; who began with it begins with none. Raises `PresetNotFound`."""
    await work.session.delete(await queries.get(work, preset_id))
    await work.session.flush()


def settings_of(preset: Preset) -> GenerationSettings:
    """What a preset says."""
    return GenerationSettings(model=preset.model_id, **preset.parameters)


async def check_project(work: Work, event: Event) -> None:
    """What drafts in a project begin with must be settings that can be submitted, and a preset of its workspace.

    What was not said anew stays, also of a model that is gone. Raises `InvalidInput`, `ModelNotFound`,
    `ModelUnavailable`.
    """
    project = await projects.get(work, event.subject_id)
    said = event.data["fields"]
    if project.preset_id is not None and "preset_id" in said:
        try:
            await queries.get(work, project.preset_id)
        except PresetNotFound as error:
            raise InvalidInput.of("preset_id", "is no preset of this workspace", error.code) from error
    if project.settings and "settings" in said:
        try:
            settings = GenerationSettings.model_validate(project.settings)
        except ValidationError as error:
            raise _as_invalid(error) from error
        await _checked(work, settings)


def _as_invalid(error: ValidationError) -> InvalidInput:
    problems = tuple(
        FieldProblem(
            ".".join(("settings", *map(str, item["loc"]))),
            item["msg"].removeprefix("Value error, "),
            item["type"],
        )
        for item in error.errors(include_url=False)
    )
    detail = "; ".join(f"{problem.field}: {problem.message}" for problem in problems[:5])
    return InvalidInput(detail, errors=problems)


async def _checked(work: Work, settings: GenerationSettings) -> GenerationSettings:
    """The settings with their model named. Raises what submitting them would, by the fields' places in the body."""
    try:
        body = EstimateIn(**settings.model_dump())
        request = await submit.plan(work, body, Operation.TEXT_TO_IMAGE)
    except InvalidInput as error:
        placed = tuple(replace(found, field=f"settings.{found.field}") for found in error.errors)
        raise InvalidInput(error.detail, errors=placed) from error
    return settings.model_copy(update={"model": request.model.id})


def _columns(settings: GenerationSettings) -> dict[str, Any]:
    return {
        "model_id": settings.model,
        "parameters": settings.model_dump(mode="json", exclude={"model"}, exclude_defaults=True),
    }


async def _choose(work: Work, preset: Preset, *, default: bool) -> None:
    """Make a preset the acting user's default, in the place of the one before, or let it be none."""
    mine = {"workspace_id": work.actor.workspace, "user_id": work.actor.user}
    if default:
        await work.session.execute(
            insert(DefaultPreset)
            .values(**mine, preset_id=preset.id)
            .on_conflict_do_update(index_elements=list(mine), set_={"preset_id": preset.id})
        )
    else:
        await work.session.execute(
            delete(DefaultPreset).filter_by(**mine).where(DefaultPreset.preset_id == preset.id)
        )
