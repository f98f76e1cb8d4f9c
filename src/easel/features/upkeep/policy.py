"""How near duplicates are found by an index: multi-index hashing, and clusters of what is near.

A hash of 64 bits is taken as four bands of 16. Two hashes that differ in at most `distance` bits differ in few of
one band at least (the pigeonhole principle): so all that is near is found by looking up each band with few bits
flipped. M. Norouzi, A. Punjani, D. J. Fleet, *Fast Search in Hamming Space with Multi-Index Hashing*, CVPR 2012;
the radii are those of its section 3.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import combinations
from typing import Final

BANDS: Final = 4
BITS: Final = 16
FARTHEST: Final = 10
"""Hashes that differ in more bits are of pictures that do not look alike."""
_UNSIGNED: Final = 2**64


@cache
def flips(distance: int) -> tuple[tuple[int, ...], ...]:
    """For each band, lowest first, what to flip of it in order to find all within `distance`; nothing: not needed.

    With distance = 4r + a, either one of the first a + 1 bands differs in at most r bits, or one of the others in
    at most r - 1: were it otherwise, they would differ in (a + 1)(r + 1) + (3 - a)r = distance + 1 bits or more.
    """
    radius, more = divmod(distance, BANDS)
    return tuple(_within(radius if band <= more else radius - 1) for band in range(BANDS))


def probes(distance: int) -> int:
    """How often the index is asked for what is near to one hash."""
    return sum(map(len, flips(distance)))


@cache
def _within(radius: int) -> tuple[int, ...]:
    return tuple(
        sum(1 << bit for bit in bits)
        for number in range(radius + 1)
        for bits in combinations(range(BITS), number)
    )


def place(hash: int) -> int:
    """Where a hash stands in the order of the index: that of its bits without a sign."""
    return hash % _UNSIGNED


def share(hash: int) -> float:
    """About how much of all hashes come before this one, 0 to 1."""
    return place(hash) / _UNSIGNED


class Clusters:
    """Hashes that are near to each other, directly or over others: a disjoint-set forest, small into large."""

    def __init__(self) -> None:
        self._of: dict[int, set[int]] = {}

    def join(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Put the two of each pair, and all that is with them, together."""
        for one, other in pairs:
            small, large = sorted((self.of(one), self.of(other)), key=len)
            if small is large:
                continue
            large |= small
            for hash in small:
                self._of[hash] = large

    def of(self, hash: int) -> set[int]:
        """The hash and all that is together with it."""
        return self._of.setdefault(hash, {hash})
