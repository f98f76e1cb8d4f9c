"""A stranger's picture looked at before it is kept: whether all of it can be decoded, and what its file says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from .errors import damage_refused
from .foreign.account import Account
from .foreign.reading import read
from .probe import NAMES, ImageFacts, probe
from .safe_decode import opened

_SMALL: Final = (64, 64)


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a picture is, and what its file says of how it came about."""

    facts: ImageFacts
    account: Account

    def as_json(self) -> dict[str, Any]:
        """All of it, as JSON holds it."""
        return {"facts": asdict(self.facts), "account": self.account.as_json()}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Inspected:
        """What `as_json` made `values` of."""
        return cls(ImageFacts(**values["facts"]), Account.from_json(values["account"]))


def inspect(data: bytes) -> Inspected:
    """Look at the picture in `data`, every pixel of it. Raises `NotAnImage`, `ImageTooLarge`."""
    facts = probe(data)
    with damage_refused(NAMES[facts.format]):
        opened(data, facts, within=_SMALL).copy_memory()
        return Inspected(facts, read(data, facts.format))
