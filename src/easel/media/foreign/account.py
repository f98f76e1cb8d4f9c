"""What a file says of its own picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from .bounds import Scalar


@dataclass(frozen=True, slots=True)
class Account:
    """How a picture was made, by its file's own account, and what was written about it; empty where it says nothing.

    `tool` is the program's name, `model` what that program calls the model: no id of this studio. `parameters` have
    this studio's names where there is one (steps, guidance, sampler, scheduler, size, strength).
    """

    tool: str = ""
    prompt: str = ""
    negative_prompt: str = ""
    parameters: Mapping[str, Scalar] = field(default_factory=dict)
    seed: int | None = None
    model: str = ""
    title: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    rating: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The account as JSON holds it."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Account:
        """The account that `as_json` made `values` of."""
        return cls(**{**values, "tags": tuple(values["tags"])})
