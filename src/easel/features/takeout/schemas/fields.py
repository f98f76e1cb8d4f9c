"""What records are made of: text and numbers within bounds, from a file that nobody vouches for."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from easel.base.types import storable
from easel.features.generation.schemas import GenerationSettings
from easel.features.library.schemas import ImageFilter

_DEEPEST: Final = 20


def plain_json(value: Any, depth: int = 0) -> Any:
    """`value`, if PostgreSQL can keep it as JSON: valid text in every place, and not nested without end."""
    if depth > _DEEPEST:
        raise ValueError("is nested too deeply")
    if isinstance(value, str):
        storable(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            storable(key)
            plain_json(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            plain_json(item, depth + 1)
    elif isinstance(value, float) and value - value != 0:
        raise ValueError("holds a number without an end")
    return value


def _settings(value: dict[str, Any]) -> dict[str, Any]:
    GenerationSettings.model_validate(value)
    return value


def _filter(value: dict[str, Any]) -> dict[str, Any]:
    ImageFilter.model_validate(value)
    return value


Words = Annotated[str, StringConstraints(max_length=100_000), AfterValidator(storable)]
Short = Annotated[str, StringConstraints(max_length=1_000), AfterValidator(storable)]
Facts = Annotated[dict[str, Any], AfterValidator(plain_json)]
Credits = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
BigInt = Annotated[int, Field(ge=-(2**63), lt=2**63)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Pixels = Annotated[int, Field(ge=0, le=65_535)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(storable)]
Settings = Annotated[Facts, AfterValidator(_settings)]
Filter = Annotated[Facts, AfterValidator(_filter)]
Json = Annotated[Any, AfterValidator(plain_json)]
FileName = Annotated[str, StringConstraints(max_length=500)]


class Record(BaseModel):
    """One line of a list."""

    model_config = ConfigDict(extra="forbid", from_attributes=True, populate_by_name=True)
