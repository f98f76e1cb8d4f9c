"""Bodies of the routes of comparisons."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    StringConstraints,
)

from easel.base.types import PlainText, storable
from easel.core.http.paging import Page
from easel.features.generation.schemas import EstimateIn, GenerationOut
from easel.providers.base import MAX_PROMPT

Varies = Literal["prompt", "model", "setting"]
Place = Literal["left", "right"]
Vote = Literal["left", "right", "tie", "both_bad"]
Status = Literal["running", "ready", "judged", "void"]
MOST_PAIRS = 10

_Text = Annotated[StrictStr, StringConstraints(min_length=1, max_length=MAX_PROMPT), AfterValidator(storable)]
_Whole = Annotated[StrictInt, Field(ge=-(2**53), le=2**53)]
_Number = Annotated[StrictFloat, Field(allow_inf_nan=False)]
Value = StrictBool | _Whole | _Number | _Text
"""A prompt, a model's id, or a parameter's value."""


class ComparisonIn(BaseModel):
    """What to compare: one request, two values of one of its parts."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "varies": "setting",
                    "setting": "guidance",
                    "values": [3.5, 7],
                    "request": {"prompt": "a red fox in the snow at dusk"},
                }
            ]
        },
    )

    varies: Varies = Field(description="In what the two sides differ.")
    setting: Annotated[PlainText, StringConstraints(min_length=1, max_length=100)] | None = Field(
        None,
        description="The parameter that differs, with `varies: setting`: `guidance`, `aspect_ratio` or one of the "
        "model's own.",
    )
    values: list[Value] = Field(
        min_length=2, max_length=2, description="Its two values: prompts, models' ids, or the parameter's."
    )
    request: EstimateIn = Field(description="What both sides have in common, without what differs.")
    pairs: int = Field(
        1, ge=1, le=MOST_PAIRS, description="How many pairs; each with a seed of its own for its two sides."
    )
    blind: bool = Field(
        True, strict=True, description="Whether the sides are hidden until the vote; it is final then."
    )


class ComparisonEstimate(BaseModel):
    """What a comparison would cost."""

    credits: float = Field(description="Credits in all.")
    images: int = Field(description="How many pictures.")
    billing: bool = Field(description="Whether credits are charged in this studio.")
    available: float | None = Field(description="Credits that can be spent; null where none are charged.")
    affordable: bool = Field(description="Whether they suffice.")


class VoteIn(BaseModel):
    """A judgement."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"vote": "left"}]})

    vote: Vote = Field(description="The better side, `tie`, or `both_bad`.")


class SideOut(BaseModel):
    """One side of a pair."""

    picture: str | None = Field(
        description="Where its picture is shown, up to 1024 pixels wide and without any metadata; null until both "
        "are there."
    )
    variant: int | None = Field(description="Which of `values` it has, 0 or 1; null while it is hidden.")
    generation: GenerationOut | None = Field(
        description="How it was made; null while it is hidden, and when that is gone."
    )


class SidesOut(BaseModel):
    """Both sides of a pair, as the lot fell."""

    left: SideOut = Field(description="The left one.")
    right: SideOut = Field(description="The right one.")


class ComparisonOut(BaseModel):
    """A pair and the vote on it."""

    id: UUID = Field(description="The comparison's id.")
    round_id: UUID = Field(description="What the pairs of one request have in common.")
    number: int = Field(description="Its place in the round, from 1.")
    varies: Varies = Field(description="In what the sides differ.")
    setting: str | None = Field(description="The parameter that differs, if it is one.")
    values: list[Value] = Field(description="The two values, in the order in which they were asked for.")
    prompt: str | None = Field(description="The prompt of both, if they have the same.")
    model: str | None = Field(description="The model of both, if they have the same.")
    blind: bool = Field(description="Whether the sides are hidden until the vote.")
    status: Status = Field(
        description="`running`, `ready` to be judged, `judged`, or `void`: a picture is missing."
    )
    hidden: bool = Field(description="Whether it is not told now which side is which.")
    percent: int = Field(description="How far both are together, 0 to 100.")
    reason: str | None = Field(description="Why it cannot be judged, where it cannot.")
    vote: Vote | None = Field(description="The vote.")
    winner: int | None = Field(description="Which of `values` won, 0 or 1; null without a winner.")
    voted_at: datetime | None = Field(description="When it was judged.")
    cost_credits: float = Field(description="What both sides cost.")
    sides: SidesOut = Field(description="The sides.")
    created_at: datetime = Field(description="When it was asked for.")


class ComparisonPage(Page[ComparisonOut]):
    """One page of comparisons, the newest first."""


class RoundOut(BaseModel):
    """What was asked for at once."""

    round_id: UUID = Field(description="What these pairs have in common.")
    comparisons: list[ComparisonOut] = Field(description="The pairs, in their order.")


class StandingOut(BaseModel):
    """How one value did in votes on pairs that differ in that."""

    value: Value = Field(description="The model's id, the prompt, or the parameter's value.")
    setting: str | None = Field(description="The parameter, for settings.")
    wins: int = Field(description="Votes for it.")
    losses: int = Field(description="Votes for the other side.")
    ties: int = Field(description="Votes for neither.")
    both_bad: int = Field(description="Votes against both.")
    win_rate: float | None = Field(
        description="Wins among the votes with a winner, 0 to 1; null when there is none."
    )
    low: float | None = Field(description="The lower end of its 95 % interval after Wilson.")
    high: float | None = Field(description="The upper end.")


class StatsOut(BaseModel):
    """What wins in this workspace."""

    votes: int = Field(description="Votes in all.")
    models: list[StandingOut] = Field(description="Models, in pairs that differ in the model.")
    settings: list[StandingOut] = Field(description="Values of parameters, in pairs that differ in one.")
    prompts: list[StandingOut] = Field(description="Prompts, in pairs that differ in the prompt.")
