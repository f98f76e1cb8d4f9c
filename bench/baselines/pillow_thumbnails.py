"""What most galleries do for thumbnails: Pillow, one width after the other, the same sizes and qualities as ours."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image


def rendered(data: bytes, widths: Sequence[int]) -> list[bytes]:
    """WebP and AVIF of each width that the picture has."""
    files = []
    for width in widths:
        with Image.open(io.BytesIO(data)) as picture:
            small = picture.convert("RGB")
        if width > small.width:
            continue
        small.thumbnail((width, width * small.height), Image.Resampling.LANCZOS)
        for format, options in (
            ("webp", {"quality": 80, "method": 2}),
            ("avif", {"quality": 55, "speed": 8}),
        ):
            file = io.BytesIO()
            small.save(file, format, **options)
            files.append(file.getvalue())
    return files
