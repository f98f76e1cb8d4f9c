"""What comparisons tell others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from easel.core.events import Event


@dataclass(frozen=True, slots=True)
class ComparisonJudged(Event):
    """Someone voted; `data` has `vote`."""

    type: ClassVar[str] = "comparison.judged"
