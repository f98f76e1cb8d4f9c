"""Bodies of the routes that pictures come in by."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from easel.base.types import PlainText
from easel.features.library.schemas import ImageOut
from easel.features.library.schemas.tags import Tag
from easel.media.foreign.bounds import MOST_TAGS

Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Wishes(BaseModel):
    """What is to be done with pictures that come in; an unknown name is refused."""

    model_config = ConfigDict(extra="forbid")

    tag: list[Tag] = Field(
        default_factory=list, max_length=MOST_TAGS, description="Tags to add to what their files name."
    )
    project_id: UUID | None = Field(None, description="The project to put them into.")
    duplicates: Literal["add", "skip"] = Field(
        "add",
        description="What to do with a file whose very bytes are in the library already: add it again, or answer "
        "the picture that is there.",
    )


class UrlIn(BaseModel):
    """An address to fetch a picture from."""

    model_config = ConfigDict(extra="forbid")

    url: PlainText = Field(
        min_length=1, max_length=2_000, description="An http or https address in the open internet."
    )


class FailedFile(BaseModel):
    """A file that was not taken."""

    name: str = Field(description="What its sender calls it.")
    code: str = Field(description="The name of the error, for programs.")
    message: str = Field(description="What is wrong with it, and what to do.")


class UploadOut(BaseModel):
    """What came of an upload, file by file."""

    items: list[ImageOut] = Field(description="The pictures, in the order of their files.")
    failed: list[FailedFile] = Field(description="Files that were not taken.")
    already_there: list[UUID] = Field(
        description="Which of the pictures were in the library before, where `duplicates` is `skip`."
    )


class KnownIn(BaseModel):
    """Hashes of files to ask about."""

    hashes: list[Hash] = Field(
        min_length=1, max_length=1_000, description="SHA-256 of files, in hexadecimal."
    )


class KnownOut(BaseModel):
    """Which files are in the library."""

    known: list[str] = Field(description="Those of the hashes whose files are there, in the trash or not.")


class ResumableUpload(BaseModel):
    """An upload that comes in parts."""

    id: UUID = Field(description="The upload's id.")
    file_name: str = Field(description="What its sender calls the file.")
    length: int = Field(description="Bytes of the whole file.")
    offset: int = Field(description="Bytes that came.")
    status: Literal["receiving", "done", "failed"] = Field(description="How it stands.")
    image_id: UUID | None = Field(description="The picture, once it is in the library.")
    already_there: bool = Field(description="Whether the picture was in the library before.")
    error: FailedFile | None = Field(description="Why the file was not taken, if it was not.")
    expires_at: datetime = Field(description="Until when one can go on with it.")
