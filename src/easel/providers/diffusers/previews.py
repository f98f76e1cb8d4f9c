"""A look at unfinished latents: a matrix turns their channels into colours, without the decoder.

The factors are those of ComfyUI (`comfy/latent_formats.py`), found by linear regression between latents and the
pictures that they become.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import torch
from PIL import Image

_WIDEST = 512
_SMALLEST = 256


@dataclass(frozen=True, slots=True)
class _Colours:
    """For each channel how much red, green and blue it is, and what is added to all; `packed` 2 × 2 at a place."""

    factors: tuple[tuple[float, float, float], ...]
    bias: tuple[float, float, float] = (0, 0, 0)
    packed: bool = False


_COLOURS = {
    "sd": _Colours(
        ((0.3512, 0.2297, 0.3227), (0.3250, 0.4974, 0.2350), (-0.2829, 0.1762, 0.2721),
         (-0.2120, -0.2616, -0.7177)),
    ),
    "sdxl": _Colours(
        ((0.3651, 0.4232, 0.4341), (-0.2533, -0.0042, 0.1068), (0.1076, 0.1111, -0.0362),
         (-0.3165, -0.2492, -0.2188)),
        (0.1084, -0.0175, -0.0011),
    ),
    "sd3": _Colours(
        ((-0.0922, -0.0175, 0.0749), (0.0311, 0.0633, 0.0954), (0.1994, 0.0927, 0.0458), (0.0856, 0.0339, 0.0902),
         (0.0587, 0.0272, -0.0496), (-0.0006, 0.1104, 0.0309), (0.0978, 0.0306, 0.0427), (-0.0042, 0.1038, 0.1358),
         (-0.0194, 0.0020, 0.0669), (-0.0488, 0.0130, -0.0268), (0.0922, 0.0988, 0.0951), (-0.0278, 0.0524, -0.0542),
         (0.0332, 0.0456, 0.0895), (-0.0069, -0.0030, -0.0810), (-0.0596, -0.0465, -0.0293),
         (-0.1448, -0.1463, -0.1189)),
        (0.2394, 0.2135, 0.1925),
    ),
    "flux": _Colours(
        ((-0.0346, 0.0244, 0.0681), (0.0034, 0.0210, 0.0687), (0.0275, -0.0668, -0.0433), (-0.0174, 0.0160, 0.0617),
         (0.0859, 0.0721, 0.0329), (0.0004, 0.0383, 0.0115), (0.0405, 0.0861, 0.0915), (-0.0236, -0.0185, -0.0259),
         (-0.0245, 0.0250, 0.1180), (0.1008, 0.0755, -0.0421), (-0.0515, 0.0201, 0.0011), (0.0428, -0.0012, -0.0036),
         (0.0817, 0.0765, 0.0749), (-0.1264, -0.0522, -0.1103), (-0.0280, -0.0881, -0.0499),
         (-0.1262, -0.0982, -0.0778)),
        (-0.0329, -0.0718, -0.0851),
        packed=True,
    ),
}  # fmt: skip


def looked_at(latents: Any, kind: str, width: int, height: int) -> bytes | None:
    """A small JPEG of latents that are to become a picture of width × height; None where they are of another shape."""
    colours = _COLOURS[kind]
    channels = len(colours.factors)
    grid = latents[0].detach().float().cpu()
    if colours.packed:
        grid = _unpacked(grid, channels, width / height)
    if grid is None or grid.ndim != 3 or grid.shape[0] != channels:
        return None
    matrix, bias = torch.tensor(colours.factors), torch.tensor(colours.bias)
    seen = torch.einsum("chw,cr->hwr", grid, matrix) + bias
    pixels = ((seen + 1) / 2).clamp(0, 1).nan_to_num().mul(255).round().to(torch.uint8)
    image = Image.frombytes("RGB", (grid.shape[2], grid.shape[1]), bytes(pixels.contiguous().numpy()))
    scale = min(_WIDEST / max(image.size), max(1.0, _SMALLEST / max(image.size)))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    file = io.BytesIO()
    image.resize(size, Image.Resampling.BILINEAR).save(file, "JPEG", quality=75)
    return file.getvalue()


def _unpacked(tokens: torch.Tensor, channels: int, ratio: float) -> torch.Tensor | None:
    """Flux keeps squares of 2 × 2 places as one row of a list: the list as a grid again."""
    if tokens.ndim != 2 or tokens.shape[1] != channels * 4:
        return None
    rows = round((tokens.shape[0] / ratio) ** 0.5)
    if rows == 0 or tokens.shape[0] % rows:
        return None
    columns = tokens.shape[0] // rows
    grid = tokens.reshape(rows, columns, channels, 2, 2).permute(2, 0, 3, 1, 4)
    return grid.reshape(channels, rows * 2, columns * 2)
