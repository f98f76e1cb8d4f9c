"""The records of a checked take-out becoming rows, a batch at a time."""

from __future__ import annotations

from . import arranging, avatar, families, pictures
from .course import Course, Totals

__all__ = ("Course", "Totals", "bring_in")


async def bring_in(course: Course) -> Totals:
    """All of it: what is referred to before what refers to it, and at last what refers to each other."""
    await avatar.restore(course)
    await arranging.presets(course)
    await arranging.projects(course)
    await arranging.collections(course)
    await arranging.saved_filters(course)
    await pictures.generations(course)
    await pictures.comparisons(course)
    await pictures.images(course)
    await pictures.versions(course)
    await pictures.masks(course)
    await arranging.places(course)
    await families.shown(course)
    await families.lineage(course)
    await families.sources(course)
    await arranging.finish(course)
    return course.totals
