"""What is wrong with a picture that somebody sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyvips

from easel.base.errors import EaselError


class NotAnImage(EaselError):
    """The file is not a PNG, JPEG, WebP, AVIF or GIF image, or it is damaged."""

    status = 422
    code = "not_an_image"


class ImageTooLarge(EaselError):
    """The image has more pixels than Easel takes."""

    status = 422
    code = "image_too_large"


@contextmanager
def damage_refused(kind: str) -> Iterator[None]:
    """Raise `NotAnImage` when libvips fails inside; `kind` is the format as people write it (``PNG``).

    libvips decodes when pixels are first asked for, so this encloses whatever asks for them.
    """
    try:
        yield
    except pyvips.Error as error:
        raise NotAnImage(f"The {kind} file is damaged or cut off.") from error
