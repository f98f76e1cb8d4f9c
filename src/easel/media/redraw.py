"""A stranger's picture drawn anew: what comes out holds pixels of ours and nothing else of the file."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pyvips

from .convert import Target, encoded
from .errors import damage_refused
from .probe import NAMES, Format, ImageFacts, probe
from .safe_decode import decode, opened, scaled, scaled_size


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to draw: a file of `format`, either within `within` (width, height), or a centred square of `square`.

    Sizes are in pixels. `within` never scales up; a square always has exactly the size asked for.
    """

    format: Target
    within: tuple[int, int] | None = None
    square: int | None = None


@dataclass(frozen=True, slots=True)
class Redrawn:
    """The new file, its size in pixels, and the format of the file that it was drawn from."""

    data: bytes
    width: int
    height: int
    source: Format


def redraw(data: bytes, recipe: Recipe) -> Redrawn:
    """The picture in `data` as `recipe` wants it: upright, sRGB, eight bits, the first frame, no metadata.

    Raises `NotAnImage`, `ImageTooLarge`.
    """
    facts = probe(data)
    with damage_refused(NAMES[facts.format]):
        square, within = recipe.square, recipe.within
        # Unless a square is cut out of it, the picture is never whole in memory.
        image = _square(data, facts, square) if square else opened(data, facts, within=within)
        return Redrawn(encoded(image, recipe.format), image.width, image.height, facts.format)


def _square(data: bytes, facts: ImageFacts, side: int) -> pyvips.Image:
    shorter = min(facts.width, facts.height)
    shrink = min(1.0, side / shorter)
    size = scaled_size(
        (facts.width, facts.height), (math.ceil(facts.width * shrink), math.ceil(facts.height * shrink))
    )
    image = decode(data, within=size)
    edge = min(image.width, image.height)
    cut = image.crop((image.width - edge) // 2, (image.height - edge) // 2, edge, edge)
    return (cut if edge == side else scaled(cut, (side, side))).copy_memory()
