"""The table of pictures, and of which collections they are in."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    Identity,
    Index,
    Numeric,
    SmallInteger,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from easel.base.clock import now
from easel.base.db import Base, Dated, Identified

_LIVE = text("deleted_at IS NULL")

# Orders of the gallery, and filters that keep its usual order. As `queries.filters` writes them.
_ORDERS = {
    "name": ("lower(left(coalesce(title, prompt), 60))", "id"),
    "rating": ("coalesce(rating, 0)", "created_at", "id"),
    "model": ("split_part(model_id, '/', 1)", "model_id", "created_at", "id"),
    "likes": ("likes", "created_at", "id"),
    "pixels": ("(width::bigint * height)", "id"),
    "operation": ("operation", "created_at", "id"),
    "shape": (
        "((width > height)::integer - (width < height)::integer)",
        "width",
        "height",
    ),
}


def _live(name: str, *columns: str, only: str | None = None) -> Index:
    """An index of a workspace's pictures outside the trash."""
    where = text(f"deleted_at IS NULL AND {only}") if only else _LIVE
    return Index(f"ix_images_by_{name}", "workspace_id", *map(text, columns), postgresql_where=where)


UPLOAD = "upload"
"""The operation of pictures that people brought."""


class Image(Base, Identified, Dated):
    """A picture: where its bytes are, what made it, and what its owner says of it.

    `file_path` is the original's key in the store; renditions lie under a key made of `content_hash`.
    """

    __tablename__ = "images"

    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("projects.id", ondelete="SET NULL"))
    generation_id: Mapped[UUID | None] = mapped_column(index=True)
    parent_image_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("images.id", ondelete="SET NULL"), index=True
    )

    file_path: Mapped[str]
    content_hash: Mapped[str] = mapped_column(index=True)
    format: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    file_size: Mapped[int] = mapped_column(BigInteger)

    rendered_at: Mapped[datetime | None]
    thumbhash: Mapped[bytes | None] = mapped_column(BYTEA)
    perceptual_hash: Mapped[int | None] = mapped_column(BigInteger)
    colors: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default=text("'{}'"))

    operation: Mapped[str]
    prompt: Mapped[str]
    negative_prompt: Mapped[str]
    model_id: Mapped[str]
    model_version: Mapped[str]
    parameters: Mapped[dict[str, Any]]
    seed: Mapped[int | None] = mapped_column(BigInteger)
    generation_time: Mapped[float | None]
    cost_credits: Mapped[Decimal] = mapped_column(
        Numeric(14, 4), default=Decimal(0), server_default=text("0")
    )

    title: Mapped[str | None]
    alt_text: Mapped[str]
    notes: Mapped[str | None]
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default=text("'{}'"))
    rating: Mapped[int | None] = mapped_column(SmallInteger)
    is_favorite: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    is_public: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    likes: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    words: Mapped[str] = mapped_column(
        TSVECTOR, Computed("image_words(title, prompt, tags, notes)", persisted=True), deferred=True
    )
    facts: Mapped[dict[str, Any]] = mapped_column("metadata", default=dict, server_default=text("'{}'"))
    version_id: Mapped[UUID | None]
    """Which of its `image_versions` it shows now; null while it was never edited."""
    deleted_at: Mapped[datetime | None]

    __mapper_args__ = {"eager_defaults": False}  # noqa: RUF012 - nobody asks for `words` after writing
    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        CheckConstraint("width > 0 AND height > 0", name="size"),
        Index(
            "ix_images_workspace_newest",
            "workspace_id",
            text("created_at DESC"),
            text("id DESC"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index(
            "ix_images_workspace_trash",
            "workspace_id",
            text("created_at DESC"),
            text("id DESC"),
            postgresql_where=text("deleted_at IS NOT NULL"),
        ),
        Index(
            "ix_images_user_newest",
            "user_id",
            text("created_at DESC"),
            text("id DESC"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index("ix_images_project_newest", "project_id", text("created_at DESC"), text("id DESC")),
        *(_live(name, *columns) for name, columns in _ORDERS.items()),
        _live("favorites", "created_at", "id", only="is_favorite"),
        _live("public", "created_at", "id", only="is_public"),
        _live("bytes", "content_hash"),
        *(
            _live(
                f"band_{band}",
                f"((perceptual_hash >> {band * 16}) & 65535)",
                "perceptual_hash",
                only="perceptual_hash IS NOT NULL",
            )
            for band in range(4)
        ),
        Index("ix_images_words", "words", postgresql_using="gin", postgresql_where=_LIVE),
        Index(
            "ix_images_looks",
            text("image_looks(perceptual_hash, colors)"),
            postgresql_using="gin",
            postgresql_where=_LIVE,
        ),
        Index("ix_images_prompt", text("md5(prompt)"), postgresql_where=_LIVE),
        Index("ix_images_tags", "tags", postgresql_using="gin", postgresql_where=_LIVE),
        Index("ix_images_trashed", "deleted_at", postgresql_where=text("deleted_at IS NOT NULL")),
        Index("ix_images_not_rendered", "created_at", postgresql_where=text("rendered_at IS NULL")),
    )


class CollectionImage(Base, Identified):
    """That a picture is in a collection, and where in it.

    It lies here because lists of pictures are narrowed by it; what a collection is, a feature above says.
    """

    __tablename__ = "collection_images"

    collection_id: Mapped[UUID] = mapped_column(ForeignKey("collections.id", ondelete="CASCADE"))
    image_id: Mapped[UUID] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    added_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"))

    __table_args__ = (
        UniqueConstraint("collection_id", "image_id"),
        Index("ix_collection_images_in_order", "collection_id", "position", "id"),
    )


class SavedFilter(Base, Identified, Dated):
    """A filter of the gallery that a workspace keeps under a name."""

    __tablename__ = "saved_filters"

    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    name: Mapped[str]
    filter: Mapped[dict[str, Any]]
    sort: Mapped[str]
    order: Mapped[str]

    __table_args__ = (Index("ix_saved_filters_name", "workspace_id", text("lower(name)"), unique=True),)


class BulkChange(Base, Identified, Dated):
    """One change to many pictures: what was asked for, and when its rows were written.

    Every picture that it changed has `moment` as its `updated_at`, so those that changed since are told by it.
    """

    __tablename__ = "bulk_changes"

    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    action: Mapped[str]
    request: Mapped[dict[str, Any]]
    moment: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_bulk_changes_created_at", "created_at"),)


class BulkChangeGroup(Base):
    """Pictures of one change that all had the same value before."""

    __tablename__ = "bulk_change_groups"

    number: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    change_id: Mapped[UUID] = mapped_column(ForeignKey("bulk_changes.id", ondelete="CASCADE"), index=True)
    before: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    image_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))


class DoomedFile(Base):
    """An original whose picture is gone for good; it is removed unless there is another picture of it."""

    __tablename__ = "doomed_files"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    content_hash: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"))


class StorageUse(Base):
    """What the originals of someone's pictures take, by workspace and project; the database keeps it by triggers.

    The trash counts, and a file that several pictures have counts for each of them.
    """

    __tablename__ = "storage_use"

    workspace_id: Mapped[UUID] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    project: Mapped[UUID] = mapped_column(primary_key=True)
    """The project's id; zeros for pictures in none."""
    images: Mapped[int] = mapped_column(BigInteger)
    bytes: Mapped[int] = mapped_column(BigInteger)


class NewImages(Base):
    """Pictures that a transaction has brought and not counted yet: a row for each of its statements and owners.

    The database counts them at the commit and removes the row: the counts of one owner are rows that all who bring
    pictures change, and each would wait for the others' whole transactions. Nothing is ever seen in here.
    """

    __tablename__ = "new_images"

    number: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    workspace_id: Mapped[UUID]
    user_id: Mapped[UUID]
    project: Mapped[UUID]
    shown: Mapped[int] = mapped_column(BigInteger)
    images: Mapped[int] = mapped_column(BigInteger)
    bytes: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = {"prefixes": ["UNLOGGED"]}  # noqa: RUF012 - SQLAlchemy reads it as declared


class Lineage(Base):
    """Which picture came from which: a row for every picture that has a parent or a child, also when it is purged.

    `root_id` is the first of its family, so that a whole family is one range of an index.
    """

    __tablename__ = "lineage"

    image_id: Mapped[UUID] = mapped_column(primary_key=True)
    parent_id: Mapped[UUID | None] = mapped_column(index=True)
    root_id: Mapped[UUID]
    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    operation: Mapped[str]
    created_at: Mapped[datetime]

    __table_args__ = (Index("ix_lineage_family", "root_id", "created_at", "image_id"),)


class Mask(Base, Identified, Dated):
    """Where a picture was to change, painted by a person: a one-band PNG of the picture's size.

    It lies in the database: small, and gone with its picture.
    """

    __tablename__ = "masks"

    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    image_id: Mapped[UUID] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"))
    width: Mapped[int]
    height: Mapped[int]
    content_hash: Mapped[str]
    data: Mapped[bytes] = mapped_column(BYTEA, deferred=True)

    __table_args__ = (UniqueConstraint("image_id", "content_hash"),)


class ImageVersion(Base, Identified, Dated):
    """One state of an edited picture's file. `number` 1 is the picture as it came.

    An edit keeps the whole stack of `steps` and the version `base_id` whose file they start from, so that pixels
    are encoded once however often a picture is edited.
    """

    __tablename__ = "image_versions"

    image_id: Mapped[UUID] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    number: Mapped[int]
    base_id: Mapped[UUID | None]
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    generation_id: Mapped[UUID | None] = mapped_column(index=True)
    file_path: Mapped[str]
    content_hash: Mapped[str] = mapped_column(index=True)
    format: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    file_size: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (UniqueConstraint("image_id", "number"),)
