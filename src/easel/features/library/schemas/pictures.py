"""Bodies of the image routes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from easel.core.http.paging import Page


class ImageOut(BaseModel):
    """A picture."""

    id: UUID = Field(description="The image's id.")
    generation_id: UUID | None = Field(description="The generation that made it.")
    parent_image_id: UUID | None = Field(description="The image it was made from, if any.")
    project_id: UUID | None = Field(description="The project it belongs to, if any.")
    operation: str = Field(description="What made it, for example `text-to-image`.")
    prompt: str = Field(description="The prompt.")
    negative_prompt: str = Field(description="What was not wanted.")
    model: str = Field(description="The model's id.")
    model_version: str = Field(description="The model's version at the time.")
    parameters: dict[str, Any] = Field(description="Every parameter of its generation.")
    seed: int | None = Field(description="The seed of this very picture.")
    width: int = Field(description="Pixels across.")
    height: int = Field(description="Pixels down.")
    format: str = Field(description="File format of the original: png, jpeg, webp or avif.")
    file_size: int = Field(description="Bytes of the original.")
    content_hash: str = Field(description="SHA-256 of the original's bytes, in hexadecimal.")
    url: str = Field(description="The original.")
    download_url: str = Field(description="The original as a download; takes `format` and `width`.")
    thumbnails: dict[str, str] = Field(description="Thumbnails by width: 256, 512 and 1024.")
    rendered: bool = Field(
        description="Whether the thumbnails are there; until then they answer the original."
    )
    thumbhash: str | None = Field(description="Blur placeholder, thumbhash in base64; null until rendered.")
    colors: list[str] = Field(description="Dominant colours as `#rrggbb`, most dominant first.")
    title: str | None = Field(description="Its title, if it was given one.")
    alt_text: str = Field(description="What it shows, for those who cannot see it.")
    notes: str | None = Field(description="The owner's notes.")
    tags: list[str] = Field(description="Its tags.")
    rating: int | None = Field(description="1 to 5, if rated.")
    is_favorite: bool = Field(description="Whether it is a favourite.")
    is_public: bool = Field(description="Whether everyone may see it.")
    likes: int = Field(description="How many people like it.")
    cost_credits: float = Field(description="What it cost, in credits.")
    generation_time: float | None = Field(description="Seconds that its generation took.")
    created_at: datetime = Field(description="When it was made.")
    updated_at: datetime = Field(description="When its record last changed.")
    deleted_at: datetime | None = Field(description="When it went to the trash, if it did.")


class ImagePage(Page[ImageOut]):
    """One page of pictures."""


class ImageFacts(BaseModel):
    """All that is known of how a picture came about, and what its file says."""

    image: ImageOut = Field(description="The picture's record.")
    metadata: dict[str, Any] = Field(description="What the provider or the file said besides.")


class Related(BaseModel):
    """Pictures that have to do with one: each group the nearest or newest first, without the trash."""

    parent: ImageOut | None = Field(description="The picture that it was made from.")
    children: list[ImageOut] = Field(description="What was made from it.")
    siblings: list[ImageOut] = Field(description="What came of the same generation.")
    same_prompt: list[ImageOut] = Field(description="Other pictures of the same prompt.")
    similar: list[ImageOut] = Field(
        description="Pictures that look alike: near hashes, or the same leading colour."
    )
