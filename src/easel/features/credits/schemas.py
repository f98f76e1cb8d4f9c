"""Bodies of the routes of credits, use and limits."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator

from easel.base.types import storable
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
    available_after: float | None = Field(
        description="What could be spent then; null where this did not change it."
    )
    generation_id: UUID | None = Field(description="The generation that it was for.")
    reason: str | None = Field(description="The reason that an administrator gave.")
    created_at: datetime = Field(description="When they moved.")


class MovementPage(Page[MovementOut]):
    """One page of the history of credits."""


class PurseOut(BaseModel):
    """A workspace and its credits, as administrators find it."""

    workspace_id: UUID = Field(description="The workspace's id.")
    name: str = Field(description="What the workspace is called.")
    kind: Literal["personal", "team"] = Field(description="Whose it is: one person's, or a team's.")
    owner_name: str = Field(description="The name of who owns it.")
    owner_email: str = Field(description="Their address.")
    available: float = Field(description="What can be spent.")
    reserved: float = Field(description="What is set aside for generations that have not ended.")


class PurseList(BaseModel):
    """Workspaces that a search found."""

    items: list[PurseOut] = Field(description="At most 20, by the owner's address.")


class AdjustmentOut(BaseModel):
    """A correction that an administrator made."""

    id: UUID = Field(description="The entry's id.")
    workspace_id: UUID = Field(description="The workspace whose credits it was.")
    workspace: str | None = Field(description="What that is called; null when it is gone.")
    owner_email: str | None = Field(description="The address of who owns it; null when it is gone.")
    amount: float = Field(description="By how much the credits changed.")
    available_after: float | None = Field(description="What could be spent then.")
    reason: str | None = Field(description="Why.")
    by: str | None = Field(description="The administrator's address; null when that account is gone.")
    created_at: datetime = Field(description="When.")


class AdjustmentPage(Page[AdjustmentOut]):
    """One page of corrections, newest first."""


class AdjustIn(BaseModel):
    """A correction of a workspace's credits."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"amount": 5, "reason": "Sorry"}]}
    )

    amount: Annotated[Decimal, Field(ge=-1_000_000, le=1_000_000, decimal_places=4)] = Field(
        description="Credits to add; a negative number takes them away; not 0."
    )
    reason: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=500),
        AfterValidator(storable),
    ] = Field(description="Why; the workspace's members read it in their history.")

    @field_validator("amount")
    @classmethod
    def _moves_something(cls, value: Decimal) -> Decimal:
        if not value:
            raise ValueError("must not be 0")
        return value


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


class UsageSums(BaseModel):
    """What some generations add up to."""

    generations: int = Field(description="Generations that ended, failed ones included.")
    failed: int = Field(description="Those of them that failed.")
    images: int = Field(description="Pictures made.")
    credits: float = Field(description="What they cost in credits.")
    provider_cost_usd: float | None = Field(
        description="What the providers took, in US dollars, as far as they say; null where none says."
    )
    seconds: float = Field(description="The time of all of them together.")


class DayUsage(UsageSums):
    """One day."""

    day: date = Field(description="The day (UTC).")


class DayUsageList(BaseModel):
    """Use day by day."""

    items: list[DayUsage] = Field(description="The days in order.")


class MonthUsage(UsageSums):
    """One month."""

    month: date = Field(description="The month's first day (UTC).")


class MonthUsageList(BaseModel):
    """Use month by month."""

    items: list[MonthUsage] = Field(description="The months in order.")


class ModelUsage(UsageSums):
    """One model."""

    model: str = Field(description="The model's id.")
    name: str = Field(description="The model as people know it.")


class ModelUsageList(BaseModel):
    """Use model by model."""

    items: list[ModelUsage] = Field(description="The models, the one that cost most first.")


class ActionUsage(UsageSums):
    """One operation."""

    action: str = Field(description="The operation, such as `text-to-image`.")


class ActionUsageList(BaseModel):
    """Use operation by operation."""

    items: list[ActionUsage] = Field(description="The operations, the one that cost most first.")


class ProjectUsage(UsageSums):
    """One project."""

    project_id: UUID | None = Field(description="The project's id; null for what is in none.")


class ProjectUsageList(BaseModel):
    """Use project by project."""

    items: list[ProjectUsage] = Field(description="The projects, the one that cost most first.")


class UsageStats(UsageSums):
    """Use in numbers."""

    first: date = Field(description="The first day counted (UTC).")
    last: date = Field(description="The last day counted (UTC).")
    success_rate: float | None = Field(description="From 0 to 1; null without generations.")
    average_seconds: float | None = Field(description="A generation's time on average; null without any.")
    favourite_model: str | None = Field(description="The model used most.")
    spent_this_month: float = Field(description="Credits spent since the calendar month (UTC) began.")
    billing: bool = Field(description="Whether credits are charged in this studio.")
