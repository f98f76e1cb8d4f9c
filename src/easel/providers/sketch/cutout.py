"""Cutting a subject out of its background: GrabCut, the classical method, not an AI model.

GrabCut (Rother, Kolmogorov and Blake, 2004) parts a picture by colour models of what is in a frame and what is
around it. It works on a small copy; a guided filter (He, Sun and Tang, 2010) then fits the small mask to the
full picture's edges.
"""

from __future__ import annotations

from typing import Any

from pyvips import Image

_WORKING_SIDE = 448
_ROUNDS = 4
_MARGIN = 0.03
_STEP = 4
"""How far neighbouring pixels differ, of 255, where there is no edge between them."""
_SMALLEST_SHARE = 0.01
"""A subject smaller than this part of the frame is taken for a failure, and the frame itself is kept."""


def cut_out(image: Image, feather: float) -> Image:
    """`image` as RGBA whose background is transparent; `feather`, from 0 to 1, is how soft the edge is."""
    import cv2
    import numpy as np

    alpha = image.extract_band(3) if image.hasalpha() else None
    colour = image.extract_band(0, n=3)
    scale = min(1.0, _WORKING_SIDE / max(colour.width, colour.height))
    small = colour.resize(scale) if scale < 1 else colour
    pixels = np.ascontiguousarray(small.numpy())
    mask = _parted(cv2, np, pixels)
    soft = _guided(cv2, np, colour, mask, feather)
    matte = Image.new_from_array(soft)
    if alpha is not None:
        matte = (matte.cast("float") * alpha / 255).cast("uchar")
    return colour.bandjoin(matte).copy(interpretation="srgb")


def _parted(cv2: Any, np: Any, pixels: Any) -> Any:
    """1 where the subject is, 0 elsewhere, float32."""
    height, width = pixels.shape[:2]
    if min(width, height) < 8:
        return np.ones((height, width), np.float32)
    cv2.setRNGSeed(7)  # equal pictures give equal masks
    left, top = max(1, round(width * _MARGIN)), max(1, round(height * _MARGIN))
    smooth = cv2.bilateralFilter(pixels, 7, 30, 7)
    mask = np.full((height, width), cv2.GC_PR_FGD, np.uint8)
    mask[_reached(cv2, np, smooth)] = cv2.GC_PR_BGD
    frame = np.ones((height, width), bool)
    frame[top : height - top, left : width - left] = False
    mask[frame] = cv2.GC_BGD
    if not (mask == cv2.GC_PR_FGD).any():
        mask[~frame] = cv2.GC_PR_FGD
    models = np.zeros((1, 65), np.float64), np.zeros((1, 65), np.float64)
    cv2.grabCut(smooth, mask, None, *models, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    subject = ((mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD)).astype(np.uint8)
    subject = _whole(cv2, np, subject)
    if subject.mean() < _SMALLEST_SHARE:
        subject = np.zeros((height, width), np.uint8)
        subject[top : height - top, left : width - left] = 1
    return subject.astype(np.float32)


def _reached(cv2: Any, np: Any, pixels: Any) -> Any:
    """Where one comes from the picture's edge without crossing an edge in it: most likely background."""
    height, width = pixels.shape[:2]
    flooded = np.zeros((height + 2, width + 2), np.uint8)
    across, down = range(0, width, max(1, width // 24)), range(0, height, max(1, height // 24))
    starts = [(x, y) for x in across for y in (0, height - 1)] + [
        (x, y) for x in (0, width - 1) for y in down
    ]
    flags = 4 | (1 << 8) | cv2.FLOODFILL_MASK_ONLY
    for start in starts:
        if not flooded[start[1] + 1, start[0] + 1]:
            cv2.floodFill(pixels, flooded, start, 0, (_STEP,) * 3, (_STEP,) * 3, flags)
    return flooded[1:-1, 1:-1].astype(bool)


def _whole(cv2: Any, np: Any, subject: Any) -> Any:
    """The subject without specks, and without small holes."""
    size = max(3, round(min(subject.shape) / 120) | 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    subject = cv2.morphologyEx(cv2.morphologyEx(subject, cv2.MORPH_OPEN, kernel), cv2.MORPH_CLOSE, kernel)
    for of, least in ((1, 0.2), (0, 0.004)):  # islands beside the subject, then holes in it
        count, labels, stats, _ = cv2.connectedComponentsWithStats((subject == of).astype(np.uint8))
        areas = stats[1:, cv2.CC_STAT_AREA]
        whole = areas.max(initial=0) if of else subject.size
        for label in range(1, count):
            if areas[label - 1] < least * whole:
                subject[labels == label] = 1 - of
    return subject


def _guided(cv2: Any, np: Any, colour: Image, mask: Any, feather: float) -> Any:
    """The small mask at the full size, its edge drawn to the edges of the picture: 0 to 255."""
    guide = np.ascontiguousarray(colour.colourspace("b-w").extract_band(0).cast("float").numpy())
    guide = (guide / 255).astype(np.float32).reshape(colour.height, colour.width)
    large = cv2.resize(mask, (colour.width, colour.height), interpolation=cv2.INTER_LINEAR)
    radius = max(2, round(max(colour.width, colour.height) / _WORKING_SIDE * (2 + 4 * feather)))
    box = (2 * radius + 1, 2 * radius + 1)

    def mean(values: Any) -> Any:
        return cv2.blur(values, box)

    guide_mean, mask_mean = mean(guide), mean(large)
    variance = mean(guide * guide) - guide_mean * guide_mean
    slope = (mean(guide * large) - guide_mean * mask_mean) / (variance + 1e-4)
    offset = mask_mean - slope * guide_mean
    fitted = mean(slope) * guide + mean(offset)
    steepness = 2.5 - 1.5 * feather  # a hard edge is a steep one
    matte = np.clip((fitted - 0.5) * steepness + 0.5, 0, 1)
    # Far from the edge there is nothing to fit.
    near = cv2.dilate(large, np.ones(box)) - cv2.erode(large, np.ones(box))
    matte = np.where(near > 0, matte, large)
    return np.ascontiguousarray((matte * 255).round().astype(np.uint8))
