"""The pigeonholes: whatever differs in so many bits is found by what is looked up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from easel.features.upkeep.policy import FARTHEST, Clusters, flips

_HASHES = st.integers(-(2**63), 2**63 - 1)
_BITS = st.sets(st.integers(0, 63), max_size=FARTHEST)


@given(_HASHES, _BITS)
def test_all_that_is_near_shares_a_band_that_is_looked_up(hash: int, differing: set[int]) -> None:
    other = hash % 2**64 ^ sum(1 << bit for bit in differing)
    for distance in range(len(differing), FARTHEST + 1):
        assert any(
            hash >> 16 * band & 65535 == other >> 16 * band & 65535 ^ flip
            for band, masks in enumerate(flips(distance))
            for flip in masks
        )


def test_clusters_join_over_others() -> None:
    clusters = Clusters()
    clusters.join([(1, 2), (3, 4), (5, 5)])
    assert clusters.of(1) == {1, 2}
    clusters.join([(2, 3)])
    assert clusters.of(4) == {1, 2, 3, 4} == clusters.of(1)
    assert clusters.of(5) == {5}
    assert clusters.of(6) == {6}
