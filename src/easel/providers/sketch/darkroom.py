"""Simple edits with libvips: a stack of steps, from the untouched picture to the new file in one go."""

from __future__ import annotations

from collections.abc import Sequence

from pyvips import Image

from ..edits import Crop, EditStep, Flip, Rotate, Straighten, Tone, inscribed_size, turned_size


def edited(image: Image, steps: Sequence[EditStep]) -> Image:
    """`image`, RGB or RGBA in 8 bits, after all of `steps`."""
    for step in steps:
        image = _after(image, step)
    return image


def _after(image: Image, step: EditStep) -> Image:
    match step:
        case Crop():
            return image.crop(step.x, step.y, step.width, step.height)
        case Rotate():
            return _rotated(image, step.degrees)
        case Straighten():
            width, height = inscribed_size(image.width, image.height, step.degrees)
            turned = _turned(image, step.degrees)
            return turned.crop((turned.width - width) // 2, (turned.height - height) // 2, width, height)
        case Flip():
            return image.fliphor() if step.axis == "horizontal" else image.flipver()
        case Tone():
            colour, alpha = _apart(image)
            return _together(_toned(colour, step), alpha)


def _rotated(image: Image, degrees: float) -> Image:
    right_angle = {0: None, 90: "d90", 180: "d180", 270: "d270"}
    if degrees % 360 in right_angle:
        turn = right_angle[int(degrees % 360)]
        return image.rot(turn) if turn else image
    width, height = turned_size(image.width, image.height, degrees)
    with_alpha = image if image.hasalpha() else image.bandjoin(255)
    turned = _turned(with_alpha.copy(interpretation="srgb"), degrees)
    return turned.gravity("centre", width, height)


def _turned(image: Image, degrees: float) -> Image:
    if not image.hasalpha():
        return image.rotate(degrees, interpolate=_bicubic())
    # Premultiplied: colours under transparency must not bleed into the edge.
    turned = image.premultiply().rotate(degrees, interpolate=_bicubic())
    return turned.unpremultiply().cast("uchar").copy(interpretation="srgb")


def _bicubic() -> object:
    from pyvips import Interpolate

    return Interpolate.new("bicubic")


def _toned(colour: Image, step: Tone) -> Image:
    amount = step.amount
    match step.op:
        case "brightness":
            # A curve through black and white, so that neither is lost: gamma from 1/3 to 3.
            return colour.gamma(exponent=3**amount)
        case "contrast":
            gain = 1 + 1.5 * amount if amount > 0 else 1 + amount
            return ((colour - 128) * gain + 128).cast("uchar")
        case "saturation":
            factor = 1 + (2 * amount if amount > 0 else amount)
            grey = [weight * (1 - factor) for weight in (0.299, 0.587, 0.114)]
            matrix = [[g + (factor if i == j else 0) for j, g in enumerate(grey)] for i in range(3)]
            return colour.recomb(Image.new_from_array(matrix)).cast("uchar")
        case "sharpness":
            if amount == 0:
                return colour
            if amount < 0:
                return colour.gaussblur(-amount * max(1.0, min(colour.width, colour.height) / 100))
            return unsharp(colour, 1.2, 2 * amount)


def unsharp(colour: Image, sigma: float, force: float) -> Image:
    """Unsharp masking: what a blur of `sigma` pixels takes away, given back `force` times over."""
    return (colour + (colour - colour.gaussblur(sigma).cast("float")) * force).cast("uchar")


def _apart(image: Image) -> tuple[Image, Image | None]:
    if not image.hasalpha():
        return image, None
    return image.extract_band(0, n=image.bands - 1), image.extract_band(image.bands - 1)


def _together(colour: Image, alpha: Image | None) -> Image:
    colour = colour.copy(interpretation="srgb")
    return colour if alpha is None else colour.bandjoin(alpha).copy(interpretation="srgb")
