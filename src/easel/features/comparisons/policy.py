"""What the two sides of a comparison are asked for, and what votes say."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Any, Final

from pydantic import ValidationError

from easel.base.errors import EaselError, FieldProblem, InvalidInput
from easel.features.generation.schemas import GenerateIn, GenerationSettings

from .schemas import ComparisonIn

_NORMAL_95: Final = 1.959964
"""The 97.5th percentile of the normal distribution."""
_NO_SETTINGS: Final = frozenset({"model", "seed", "num_images", "failover", "parameters"})
_OUTSIDE: Final = {
    "num_images": "each side is one picture; for more of them ask for more pairs",
    "failover": "a comparison is of exactly these models",
}


def bodies(asked: ComparisonIn) -> tuple[GenerateIn, GenerateIn]:
    """The request of each side, without a seed. Raises `InvalidInput`."""
    _check(asked)
    first, second = (_body(asked, index) for index in (0, 1))
    return first, second


def _check(asked: ComparisonIn) -> None:
    said = asked.request.model_fields_set
    for name, message in _OUTSIDE.items():
        if name in said and getattr(asked.request, name) != GenerationSettings.model_fields[name].default:
            raise InvalidInput.of(f"request.{name}", message, "not_supported")
    if (asked.varies == "setting") != (asked.setting is not None):
        message = "say which parameter differs" if asked.setting is None else "is only for `varies: setting`"
        raise InvalidInput.of("setting", message, "missing" if asked.setting is None else "ambiguous")
    if asked.setting in _NO_SETTINGS:
        raise InvalidInput.of("setting", "is none that the sides can differ in", "not_supported")
    given = {name for name in said if getattr(asked.request, name) not in (None, "")}
    twice = asked.setting or asked.varies
    where = f"request.{twice}" if twice in given else f"request.parameters.{twice}"
    if twice in given or twice in asked.request.parameters:
        raise InvalidInput.of(where, "is what differs: it belongs into `values` alone", "ambiguous")
    if asked.varies != "setting":
        for index, value in enumerate(asked.values):
            if not isinstance(value, str):
                raise InvalidInput.of(f"values.{index}", "must be text", "string_type")


def _body(asked: ComparisonIn, index: int) -> GenerateIn:
    value: Any = asked.values[index]
    said = asked.request.model_dump(exclude_unset=True)
    if asked.setting is None:
        said[asked.varies] = value
    elif asked.setting in GenerationSettings.model_fields:
        said[asked.setting] = value
    else:
        said["parameters"] = {**said.get("parameters", {}), asked.setting: value}
    try:
        return GenerateIn.model_validate(said)
    except ValidationError as error:
        problems = tuple(
            FieldProblem(
                ".".join(map(str, item["loc"])), item["msg"].removeprefix("Value error, "), item["type"]
            )
            for item in error.errors(include_url=False)
        )
        raise placed(asked, index, InvalidInput(str(problems[0].message), errors=problems)) from error


def placed(asked: ComparisonIn, index: int, error: EaselError) -> InvalidInput:
    """What is wrong with one side, by its place in the body."""
    differing = {asked.setting or asked.varies, f"parameters.{asked.setting}"}
    own = f"values.{index}"
    found = tuple(
        FieldProblem(
            own if problem.field in differing else f"request.{problem.field}", problem.message, problem.code
        )
        for problem in error.errors
    ) or (FieldProblem(own, error.detail, error.code),)
    return InvalidInput("; ".join(f"{p.field}: {p.message}" for p in found[:5]), errors=found)


def models_of(asked: ComparisonIn) -> Sequence[str | None]:
    """The models that are asked for; None is the studio's default."""
    if asked.varies == "model":
        return [str(value) for value in asked.values]
    return [asked.request.model]


def wilson(wins: int, votes: int) -> tuple[float, float] | None:
    """The 95 % score interval of a share of `votes`; None without any.

    E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", Journal of the American
    Statistical Association 22 (1927), 209-212; recommended for few observations by L. D. Brown, T. T. Cai and
    A. DasGupta, "Interval Estimation for a Binomial Proportion", Statistical Science 16 (2001), 101-133.
    """
    if votes == 0:
        return None
    share, square = wins / votes, _NORMAL_95**2
    middle = share + square / (2 * votes)
    spread = _NORMAL_95 * sqrt(share * (1 - share) / votes + square / (4 * votes**2))
    whole = 1 + square / votes
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)
