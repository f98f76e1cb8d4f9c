"""Reading the catalogue."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from easel.core.work import Studio
from easel.providers.base import Model

from .errors import ModelNotFound


def get_model(studio: Studio, model_id: str | None) -> Model:
    """A model by id; None means the studio's default. Raises `ModelNotFound`."""
    wanted = model_id or studio.settings.default_model
    model = studio.providers.model(wanted)
    if model is None:
        raise ModelNotFound(f"There is no model {wanted} in this studio; GET /api/models lists them.")
    return model


def all_models(studio: Studio) -> list[Model]:
    """Every model, featured ones first, then by name."""
    return sorted(studio.providers.models, key=lambda model: (not model.featured, model.name.lower()))


@cache
def styles() -> tuple[dict[str, Any], ...]:
    """The style presets as data: id, name, description, and the words they add for models without styles."""
    return tuple(json.loads(files("easel.features.catalogue").joinpath("styles.json").read_text()))
