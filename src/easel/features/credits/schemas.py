"""Bodies of the routes of credits, use and limits."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from easel.base.types import PlainText
from easel.core.http.paging import Page

Cause = Literal["grant", "reserve", "capture", "release", "purchase", "refund", "expiry", "adjustment"]


class EndingOut(BaseModel):
    """Credits that end."""

    credits: float = Field(description="How many are left of them.")
    expires_at: datetime = Field(description="When they end.")


class BalanceOut(BaseModel):
    """A workspace's credits."""

    billing: bool = Field(
        description="Whether pictures cost credits in this studio; if not, all is unlimited."
    )
    available: float = Field(description="What can be spent.")
    reserved: float = Field(description="What is set aside for generations that have not ended.")
    ending: list[EndingOut] = Field(description="The credits that will end, soonest first.")


class MovementOut(BaseModel):
    """One movement of credits."""

    id: UUID = Field(description="The entry's id.")
    cause: Cause = Field(description="Why they moved.")
    amount: float = Field(description="By how much the workspace's credits changed, reserved ones included.")
    available: float = Field(description="By how much what can be spent changed.")
    reserved: float = Field(description="By how much what is reserved changed.")
    available_after: float = Field(description="What could be spent then.")
    generation_id: UUID | None = Field(description="The generation that it was for.")
    reason: str | None = Field(description="The reason that an administrator gave.")
    created_at: datetime = Field(description="When they moved.")


class MovementPage(Page[MovementOut]):
    """One page of the history of credits."""


class AdjustIn(BaseModel):
    """A correction of a workspace's credits."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"amount": 5, "reason": "Sorry"}]}
    )

    amount: Annotated[Decimal, Field(ge=-1_000_000, le=1_000_000, decimal_places=4)] = Field(
        description="Credits to add; a negative number takes them away."
    )
    reason: Annotated[PlainText, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)] = (
        Field(description="Why; the workspace's members read it in their history.")
    )


class LimitsIn(BaseModel):
    """What a workspace allows itself."""

    model_config = ConfigDict(extra="forbid")

    monthly_credits: Annotated[Decimal, Field(ge=0, le=1_000_000_000, decimal_places=4)] | None = Field(
        description="Credits that may be spent in a calendar month (UTC); null for no limit."
    )
    alert_thresholds: list[Annotated[int, Field(ge=1, le=100)]] = Field(
        default_factory=lambda: [50, 80, 100],
        max_length=10,
        description="Percentages of the limit at which to warn, each once a month.",
    )


class LimitsOut(BaseModel):
    """What a workspace allows itself, and how much of it is spent."""

    monthly_credits: float | None = Field(
        description="The limit of a calendar month (UTC); null without one."
    )
    alert_thresholds: list[int] = Field(description="Percentages of the limit at which a warning is given.")
    spent: float = Field(description="What is spent of this month.")
    resets_at: datetime = Field(description="When the next month begins.")
