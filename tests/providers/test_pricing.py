"""Prices: the formulas, whatever the numbers, and that an estimate is the charge."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from easel.providers.base import Operation, Options, Request
from easel.providers.pricing import SMALLEST, Price, Quote, Rate, Unit, picture_price, quote
from tests.plugins.painter import Painter

AMOUNTS = st.decimals(0, 10_000, places=6)
SIDES = st.integers(16, 8192)
UNITS: st.SearchStrategy[Unit] = st.sampled_from(["image", "megapixel", "second", "step"])
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "steps": st.integers(1, 200),
        "seconds": st.floats(0.5, 60),
        "quality": st.sampled_from(["low", "high", "best"]),
    },
)
TABLES = st.lists(
    st.builds(
        Rate,
        credits=AMOUNTS,
        quality=st.sampled_from([None, "low", "high"]),
        size=st.sampled_from([None, (1024, 1024), (64, 64)]),
    ),
    max_size=4,
).map(tuple)
EXTRAS = st.lists(st.tuples(st.sampled_from(["steps", "previews"]), AMOUNTS), max_size=2).map(tuple)
PRICES = st.builds(
    Price,
    credits=AMOUNTS,
    unit=UNITS,
    explanation=st.just("By the unit."),
    table=TABLES,
    minimum=st.decimals(0, 10, places=6),
    seconds=st.decimals("0.5", 60, places=2),
    source=AMOUNTS,
    extras=EXTRAS,
)


class Plain(Options):
    """No options."""


def request(price: Price, num_images: int = 1) -> Request:
    model = replace(Painter.models[0], price=price, options=Plain)
    return Request(model, Operation.TEXT_TO_IMAGE, "a fox", "", 64, 64, 1, num_images, "png", Plain())


@given(PRICES, SIDES, SIDES, OPTIONS)
def test_a_price_is_exact_to_the_ledgers_smallest_part_and_never_below_its_terms(
    price: Price, width: int, height: int, options: dict[str, object]
) -> None:
    amount = picture_price(price, width=width, height=height, options=options)
    assert amount == amount.quantize(SMALLEST)
    assert amount >= price.minimum
    rates = [price.credits, *(rate.credits for rate in price.table)]
    if price.unit == "image" and not price.extras:
        assert any(max(rate, price.minimum) <= amount < max(rate, price.minimum) + SMALLEST for rate in rates)
    if price.free:
        assert amount == 0
    from_picture = picture_price(price, width=width, height=height, options=options, from_picture=True)
    assert abs(from_picture - amount - price.source) < SMALLEST


@given(PRICES, SIDES, SIDES, SIDES, OPTIONS)
def test_more_pixels_never_cost_less(
    price: Price, width: int, height: int, more: int, options: dict[str, object]
) -> None:
    untabled = replace(price, table=())
    small = picture_price(untabled, width=width, height=height, options=options)
    large = picture_price(untabled, width=width, height=height + more, options=options)
    assert large >= small


@given(PRICES, st.integers(1, 16), st.integers(0, 40))
def test_what_came_is_charged_by_the_picture_and_never_above_the_quote(
    price: Price, num_images: int, delivered: int
) -> None:
    quoted = quote(request(price, num_images))
    assert quoted.credits == quoted.per_image * num_images
    assert quoted.charge(num_images) == quoted.credits
    assert quoted.charge(delivered) == quoted.per_image * min(delivered, num_images)
    # A share of the whole, as the settling takes it from the row, is the same to the last digit.
    assert quoted.credits / num_images * min(delivered, num_images) == quoted.charge(delivered)


@pytest.mark.parametrize(
    ("price", "width", "height", "options", "expected"),
    [
        (Price(Decimal(2)), 512, 512, {}, "2"),
        (Price(Decimal("0.03"), "megapixel"), 1024, 1024, {}, "0.0315"),
        (Price(Decimal("0.01"), "step"), 64, 64, {"steps": 30}, "0.3"),
        (Price(Decimal("0.5"), "second"), 64, 64, {"seconds": 2.5}, "1.25"),
        (Price(Decimal("0.5"), "second", seconds=Decimal(4)), 64, 64, {}, "2"),
        (Price(Decimal("0.00001")), 64, 64, {}, "0.0001"),
        (Price(Decimal("0.001"), "megapixel", minimum=Decimal("0.5")), 64, 64, {}, "0.5"),
    ],
)
def test_examples(price: Price, width: int, height: int, options: dict[str, object], expected: str) -> None:
    assert picture_price(price, width=width, height=height, options=options) == Decimal(expected)


def test_the_first_row_that_fits_is_taken() -> None:
    price = Price(
        Decimal(9),
        table=(
            Rate(Decimal(4), "high", (1024, 1024)),
            Rate(Decimal(6), "high"),
            Rate(Decimal(1), None, (1024, 1024)),
        ),
    )

    def at(width: int, height: int, quality: str | None) -> int:
        return int(picture_price(price, width=width, height=height, options={"quality": quality}))

    assert (at(1024, 1024, "high"), at(1536, 1024, "high")) == (4, 6)
    assert (at(1024, 1024, "low"), at(1536, 1024, "low")) == (1, 9)


def test_a_row_may_end_at_a_number_of_pixels() -> None:
    price = Price(
        Decimal(9),
        table=(Rate(Decimal(1), "low", max_pixels=1_000_000), Rate(Decimal(2), "low", max_pixels=4_000_000)),
    )

    def at(width: int, height: int, quality: str = "low") -> int:
        return int(picture_price(price, width=width, height=height, options={"quality": quality}))

    assert (at(1000, 1000), at(1000, 1001), at(2000, 2000)) == (1, 2, 2)
    assert (at(2001, 2000), at(1000, 1000, "high")) == (9, 9)


def test_a_picture_to_start_from_and_each_preview_come_on_top() -> None:
    price = Price(Decimal(4), minimum=Decimal(5), source=Decimal(3), extras=(("previews", Decimal("0.3")),))

    def at(previews: int, from_picture: bool = False) -> Decimal:
        options = {"previews": previews}
        return picture_price(price, width=64, height=64, options=options, from_picture=from_picture)

    assert (at(0), at(2), at(2, from_picture=True)) == (Decimal(5), Decimal("5.6"), Decimal("8.6"))
    assert not Price(extras=(("previews", Decimal(1)),)).free
    assert not Price(source=Decimal(1)).free
    asked = replace(request(price), operation=Operation.EDIT)
    assert quote(asked).per_image - quote(request(price)).per_image == price.source


@pytest.mark.parametrize("bad", [Decimal(-1), Decimal("NaN"), Decimal("Infinity")])
def test_a_price_below_zero_or_without_a_number_is_none(bad: Decimal) -> None:
    with pytest.raises(ValueError, match="not negative"):
        Price(bad)
    with pytest.raises(ValueError, match="not negative"):
        Price(table=(Rate(bad),))
    with pytest.raises(ValueError, match="not negative"):
        Price(extras=(("previews", bad),))


def test_a_quote_for_nothing_is_nothing() -> None:
    assert Quote(Decimal(0), 4).credits == 0
