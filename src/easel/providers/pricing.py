"""What pictures cost, in credits: one formula for the estimate and the charge.

A price is data on the model. `quote` turns it and a request into a number for one picture, rounded up to the
ten-thousandth of a credit; several pictures cost so many times that number, exactly. So what was shown before is
what is charged, and a request of which only some pictures came is charged for these.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from .base import Request

Unit = Literal["image", "megapixel", "second", "step"]

CREDITS_PER_DOLLAR = Decimal(100)
"""A credit is a US cent of what the provider takes, before an administrator sets another price."""

SMALLEST = Decimal("0.0001")
"""The smallest part of a credit that the ledger keeps."""
_MEGAPIXEL = Decimal(1_000_000)


@dataclasses.dataclass(frozen=True, slots=True)
class Rate:
    """A row of a price table: what a unit costs at this quality and size, up to so many pixels; None fits any."""

    credits: Decimal
    quality: str | None = None
    size: tuple[int, int] | None = None
    max_pixels: int | None = None

    def fits(self, quality: str | None, width: int, height: int) -> bool:
        return (
            self.quality in (None, quality)
            and self.size in (None, (width, height))
            and (self.max_pixels is None or width * height <= self.max_pixels)
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Price:
    """What one unit costs, in credits; `explanation` is what a person reads.

    `unit` counts, for each picture: itself, its pixels (in millions, in fractions), the seconds of its model
    parameter ``seconds`` (`seconds` where it has none: a fixed number, since a price is said beforehand), or its
    steps. The first row of `table` that fits goes before `credits`. A picture costs at least `minimum`. To that
    comes `source` where it is made from another picture, and `extras`: for each of these numeric model
    parameters so much times its value.
    """

    credits: Decimal = Decimal(0)
    unit: Unit = "image"
    explanation: str = "Free: runs on this machine."
    table: tuple[Rate, ...] = ()
    minimum: Decimal = Decimal(0)
    seconds: Decimal = Decimal(1)
    source: Decimal = Decimal(0)
    extras: tuple[tuple[str, Decimal], ...] = ()

    def __post_init__(self) -> None:
        added = (self.source, *(amount for _, amount in self.extras))
        amounts = (self.credits, self.minimum, self.seconds, *added, *(rate.credits for rate in self.table))
        if any(not amount.is_finite() or amount < 0 for amount in amounts):
            raise ValueError("a price is made of numbers that are not negative")

    @property
    def free(self) -> bool:
        """Whether no request costs anything."""
        amounts = (self.credits, self.minimum, self.source, *(amount for _, amount in self.extras))
        return not any(amounts) and not any(rate.credits for rate in self.table)

    def replaced_by(self, credits: Decimal) -> Price:
        """The price that a studio sets instead: so much for a unit, whatever the quality, size and all else."""
        words = f"{credits.normalize():f} credits per {'picture' if self.unit == 'image' else self.unit}."
        return Price(credits, self.unit, words if credits else "Free.", seconds=self.seconds)


FREE = Price()


def dollars(amount: str | Decimal) -> Decimal:
    """A provider's price in US dollars as credits."""
    return Decimal(amount) * CREDITS_PER_DOLLAR


@dataclasses.dataclass(frozen=True, slots=True)
class Quote:
    """What a request costs: `per_image` for each of `num_images` pictures."""

    per_image: Decimal
    num_images: int

    @property
    def credits(self) -> Decimal:
        return self.per_image * self.num_images

    def charge(self, delivered: int) -> Decimal:
        """What is charged when so many pictures came; never more than was quoted."""
        return self.per_image * min(delivered, self.num_images)


def quote(request: Request) -> Quote:
    """What a request costs. The same for the same request, whatever its seed and prompt."""
    per_image = picture_price(
        request.model.price,
        width=request.width,
        height=request.height,
        options=request.options.model_dump(),
        from_picture=request.operation.value != "text-to-image",
    )
    return Quote(per_image, request.num_images)


def picture_price(
    price: Price, *, width: int, height: int, options: Mapping[str, Any], from_picture: bool = False
) -> Decimal:
    """One picture's price: rate × units, at least the minimum, and what comes to it; rounded up to `SMALLEST`."""
    amount = max(_rate(price, width, height, options) * _units(price, width, height, options), price.minimum)
    amount += sum((each * int(options.get(name) or 0) for name, each in price.extras), Decimal(0))
    if from_picture:
        amount += price.source
    return amount.quantize(SMALLEST, ROUND_CEILING)


def _rate(price: Price, width: int, height: int, options: Mapping[str, Any]) -> Decimal:
    quality = options.get("quality")
    for rate in price.table:
        if rate.fits(quality, width, height):
            return rate.credits
    return price.credits


def _units(price: Price, width: int, height: int, options: Mapping[str, Any]) -> Decimal:
    if price.unit == "megapixel":
        return Decimal(width * height) / _MEGAPIXEL
    if price.unit == "step":
        return Decimal(int(options.get("steps") or 1))
    if price.unit == "second":
        return Decimal(str(options.get("seconds") or price.seconds))
    return Decimal(1)
