"""The interval of win rates, and what makes two sides."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from easel.base.errors import InvalidInput
from easel.features.comparisons.policy import bodies, wilson
from easel.features.comparisons.schemas import ComparisonIn
from easel.features.comparisons.service.asking import drawn


def test_the_interval_is_wilsons() -> None:
    # Table 1 of R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872, method 3.
    for wins, votes, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        found = wilson(wins, votes)
        assert found is not None
        assert found == pytest.approx((low, high), abs=0.00006)
    assert wilson(0, 0) is None


@given(st.integers(1, 10_000).flatmap(lambda votes: st.tuples(st.integers(0, votes), st.just(votes))))
def test_the_interval_holds_the_rate_and_mirrors(pair: tuple[int, int]) -> None:
    wins, votes = pair
    one, other = wilson(wins, votes), wilson(votes - wins, votes)
    assert one is not None
    assert other is not None
    assert 0 <= one[0] <= wins / votes + 1e-9
    assert wins / votes - 1e-9 <= one[1] <= 1
    assert one == pytest.approx((1 - other[1], 1 - other[0]))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"varies": "prompt", "values": ["a", 3]}, "values.1"),
        ({"varies": "prompt", "values": ["a", "  "]}, "values.1"),
        ({"varies": "prompt", "values": ["a", "b"], "request": {"prompt": "c"}}, "request.prompt"),
        ({"varies": "prompt", "setting": "steps", "values": ["a", "b"]}, "setting"),
        ({"varies": "setting", "values": [1, 2]}, "setting"),
        ({"varies": "setting", "setting": "seed", "values": [1, 2]}, "setting"),
        (
            {"varies": "setting", "setting": "steps", "values": [1, "x"], "request": {"prompt": "a"}},
            "values.1",
        ),
        (
            {
                "varies": "setting",
                "setting": "tiles",
                "values": [1, 2],
                "request": {"parameters": {"tiles": 1}},
            },
            "request.parameters.tiles",
        ),
        ({"varies": "model", "values": ["m", "n"], "request": {}}, "request.prompt"),
        ({"varies": "prompt", "values": ["a", "b"], "request": {"num_images": 2}}, "request.num_images"),
    ],
)
def test_what_is_wrong_is_named(body: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        bodies(ComparisonIn.model_validate({"request": {}, **body}))
    assert caught.value.errors[0].field == field


def test_each_side_has_its_value() -> None:
    asked = ComparisonIn.model_validate(
        {"varies": "setting", "setting": "tiles", "values": [False, True], "request": {"prompt": "a fox"}}
    )
    assert [body.parameters for body in bodies(asked)] == [{"tiles": False}, {"tiles": True}]


def test_places_are_drawn_by_lot() -> None:
    assert {drawn() for _ in range(200)} == {("left", "right"), ("right", "left")}
