"""Bodies of the image routes."""

from __future__ import annotations

from .changes import (
    MOST_TAGS,
    BulkOut,
    FavoriteIn,
    FavoritesIn,
    ImageChanges,
    Line,
    MoveIn,
    NotChanged,
    RatingIn,
    SavedFilterIn,
    SavedFilterOut,
    SavedFilters,
    Selection,
    TagCount,
    TagCounts,
    TagIn,
    VisibilityIn,
)
from .filters import Aspect, ImageFilter, SortedBy, Towards
from .gallery import EmptyingOut, Facets, Month, Months, StorageOut
from .pictures import ImageFacts, ImageOut, ImagePage, Related
from .tags import Tag

__all__ = (
    "MOST_TAGS",
    "Aspect",
    "BulkOut",
    "EmptyingOut",
    "Facets",
    "FavoriteIn",
    "FavoritesIn",
    "ImageChanges",
    "ImageFacts",
    "ImageFilter",
    "ImageOut",
    "ImagePage",
    "Line",
    "Month",
    "Months",
    "MoveIn",
    "NotChanged",
    "RatingIn",
    "Related",
    "SavedFilterIn",
    "SavedFilterOut",
    "SavedFilters",
    "Selection",
    "SortedBy",
    "StorageOut",
    "Tag",
    "TagCount",
    "TagCounts",
    "TagIn",
    "Towards",
    "VisibilityIn",
)
