"""Pieces that the picture routes share."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Path

ImageId = Annotated[UUID, Path(description="The image's id.")]
