"""What a model takes: options by its own class, sizes from names and ratios; how it stands, and what is news."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from easel.base.errors import FieldProblem
from easel.providers.base import Model, Options, Sizes

from .schemas import Health, Notice

ASPECT_RATIOS: dict[str, tuple[int, int]] = {
    "1:1": (1, 1),
    "16:9": (16, 9),
    "9:16": (9, 16),
    "4:3": (4, 3),
    "3:4": (3, 4),
    "3:2": (3, 2),
    "2:3": (2, 3),
    "21:9": (21, 9),
}

_FEWEST = 3
_NEWS = timedelta(days=30)


def health(succeeded: int, failed: int) -> Health:
    """How a model stands, by the outcomes of its latest runs."""
    runs = succeeded + failed
    if runs < _FEWEST:
        return "unknown"
    if succeeded >= 0.9 * runs:
        return "up"
    return "degraded" if succeeded >= 0.5 * runs else "down"


def notice(added: datetime, first: datetime, version_changed: datetime | None, at: datetime) -> Notice | None:
    """What is news about a model. What the studio began with, at `first`, was never new."""
    if added > first and added >= at - _NEWS:
        return "new"
    return "updated" if version_changed and version_changed >= at - _NEWS else None


def size_of_ratio(sizes: Sizes, ratio: str) -> tuple[int, int]:
    """The size that a model makes of a named ratio: about as many pixels as its default, in its steps.

    Large pictures get multiples of 16, which suit every codec. For a model with a list of sizes, the one whose
    ratio is nearest.
    """
    across, down = ASPECT_RATIOS[ratio]
    if sizes.only:
        return min(sizes.only, key=lambda size: abs(math.log(size[0] / size[1]) - math.log(across / down)))
    width = math.sqrt(sizes.default[0] * sizes.default[1] * across / down)
    height = width * down / across
    shrink = min(1.0, sizes.maximum / max(width, height))
    step = math.lcm(sizes.step, 16)
    if min(sizes.default) < 8 * step:
        step = sizes.step
    least, most = math.ceil(sizes.minimum / step) * step, sizes.maximum // step * step

    def fit(value: float) -> int:
        return max(least, min(most, round(value * shrink / step) * step))

    if sizes.max_pixels and fit(width) * fit(height) > sizes.max_pixels:
        shrink *= math.sqrt(sizes.max_pixels / (fit(width) * fit(height)))
        width, height = width - step / 2 / shrink, height - step / 2 / shrink  # to round down
    return fit(width), fit(height)


def size_like(sizes: Sizes, width: int, height: int) -> tuple[int, int]:
    """The size that a model makes which is nearest to width × height: in shape first, then in pixels."""
    if sizes.why_not(width, height) is None:
        return width, height
    if sizes.only:
        shape = math.log(width / height)
        return min(
            sizes.only,
            key=lambda size: (
                round(abs(math.log(size[0] / size[1]) - shape), 3),
                abs(size[0] * size[1] - width * height),
            ),
        )
    scale = min(1.0, sizes.maximum / max(width, height))
    if sizes.max_pixels:
        scale = min(scale, math.sqrt(sizes.max_pixels / (width * height)))
    if sizes.min_pixels:
        scale = max(scale, math.sqrt(sizes.min_pixels / (width * height)))
    scale = max(scale, sizes.minimum / min(width, height))
    least, most = math.ceil(sizes.minimum / sizes.step), sizes.maximum // sizes.step
    for rounded in (round, math.floor, math.ceil):
        across, down = (
            max(least, min(most, rounded(side * scale / sizes.step))) * sizes.step for side in (width, height)
        )
        if sizes.why_not(across, down) is None:
            return across, down
    return sizes.default


def read_options(
    model: Model, standard: Mapping[str, Any], own: Mapping[str, Any]
) -> tuple[Options | None, list[FieldProblem]]:
    """A model's options from the request's standard fields and its `parameters`.

    Answers the options, or the problems with every one named as it was sent: a parameter that the model does
    not know is refused, never dropped.
    """
    problems = [
        FieldProblem(f"parameters.{name}", f"is given twice: also as {name}", "duplicate")
        for name in own
        if name in standard
    ]
    if problems:
        return None, problems
    try:
        return model.options.model_validate({**standard, **own}), []
    except ValidationError as error:
        for item in error.errors(include_url=False):
            path = ".".join(str(part) for part in item["loc"])
            name = str(item["loc"][0]) if item["loc"] else ""
            field = path if name in standard else f"parameters.{path}"
            message = item["msg"].removeprefix("Value error, ")
            if item["type"] == "extra_forbidden":
                known = ", ".join(sorted(model.options.model_fields))
                message = f"{model.name} has no parameter {name}; it knows: {known}"
            problems.append(FieldProblem(field, message, item["type"]))
        return None, problems
