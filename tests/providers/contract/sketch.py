"""Sketch under the contract: no service, no key, nothing that fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from easel.providers.base import Provider
from easel.providers.sketch import Sketch

from .stage import Fault, Stage, Subject


class Studio:
    """Sketch in this process."""

    secrets: Mapping[str, str] = {}
    submissions = 0
    cancelled = 0

    def provider(self) -> Provider:
        return Sketch()

    def provoke(self, fault: Fault) -> None:
        raise AssertionError("Sketch has no service")

    def hold(self) -> None:
        raise AssertionError("Sketch has no service")

    def release(self) -> None:
        raise AssertionError("Sketch has no service")


@contextmanager
def _open() -> Iterator[Stage]:
    yield Studio()


SUBJECT = Subject("sketch", Sketch, _open, faults=frozenset(), holds=False)
