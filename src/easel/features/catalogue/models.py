"""The table of models: what the providers declared, and what administrators set on top."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import CheckConstraint, DateTime, Numeric, SmallInteger
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from easel.base.db import Base, Dated

FOUND: Final = "found"
OUT_OF_REACH: Final = "out_of_reach"


class ModelRow(Base, Dated):
    """A model as it was last declared. Those that no provider declares any more stay, inactive.

    `set_active`, `set_featured` and `set_price` are administrators' words, which go before the declaration's.
    """

    __tablename__ = "models"

    id: Mapped[str] = mapped_column(primary_key=True)
    provider: Mapped[str]
    provider_model_id: Mapped[str]
    name: Mapped[str]
    display_name: Mapped[str]
    description: Mapped[str]
    category: Mapped[str]
    version: Mapped[str]
    capabilities: Mapped[list[str]] = mapped_column(JSONB)
    parameter_schema: Mapped[dict[str, Any]]
    default_parameters: Mapped[dict[str, Any]]
    cost_per_generation: Mapped[Decimal] = mapped_column(Numeric(14, 4))
    """What one picture of the usual size and settings costs, as declared."""
    details: Mapped[dict[str, Any]]
    """The rest of the declaration, as the API shows it; of a discovered model also what its provider knows it again
    by (`FOUND`), and why its server could not be asked, where that was so the last time (`OUT_OF_REACH`)."""
    is_active: Mapped[bool]
    is_featured: Mapped[bool]
    version_changed_at: Mapped[datetime | None]

    set_active: Mapped[bool | None]
    set_featured: Mapped[bool | None]
    set_price: Mapped[Decimal | None] = mapped_column(Numeric(14, 4))
    """Credits for one unit of the model's price."""

    __table_args__ = (CheckConstraint("set_price >= 0", name="set_price"),)


class ModelBreaker(Base):
    """A model whose calls failed of late, over all workers. No row: all is well."""

    __tablename__ = "model_breakers"

    model_id: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)))
    """The latest of them, oldest first."""
    open_until: Mapped[datetime | None]
    """No calls until then, and then one that is to show whether it is back; null while calls are made."""
    trips: Mapped[int] = mapped_column(SmallInteger)
    """How often in a row it was down: the pauses grow."""
