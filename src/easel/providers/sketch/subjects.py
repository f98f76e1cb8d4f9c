"""Subjects: silhouettes with inner detail, kept as data, coloured and placed as SVG.

A subject is drawn in a box of 100 by 100 that stands on y = 98. Nothing of a prompt's text gets in here; colours
are hex strings of our own making.
"""

from __future__ import annotations

import functools
import random
import re
from typing import Any

from .palette import Palette, closeness, lab, multiply, shift
from .words import Actor, Scene, catalogue

BASELINE = 98.0
"""Where a subject stands, in its own box."""

_LEAVES = {
    "spring": ["#f0a9c0", "#f5bccb"],
    "autumn": ["#d9802e", "#c9552c", "#d9a233"],
    "winter": ["#dfe8ee", "#c9d8e2"],
}

_MIRRORED = re.compile(r"<m>(.*?)</m>", re.DOTALL)


@functools.cache
def drawing(name: str) -> str:
    """The SVG of a subject with its colours still as letters; KeyError for a name that is not in the catalogue."""
    entry = catalogue()[name]
    source = entry["draw"]
    if "like" in entry:
        source = catalogue()[entry["like"]]["draw"] + source
    return _MIRRORED.sub(r'\1<g transform="translate(100 0) scale(-1 1)">\1</g>', source).strip()


def colouring(actor: Actor, palette: Palette, rng: random.Random, scene: Scene) -> dict[str, str]:
    """Letter → hex for one subject, before the light."""
    entry: dict[str, Any] = catalogue()[actor.name]
    main = actor.colour
    if main is None:
        leaves = _LEAVES.get(scene.season, entry["main"]) if actor.name == "tree" else entry["main"]
        choices = [c for c in leaves if all(closeness(c, b) > 0.2 for b in scene.banned_colours)]
        main = shift(rng.choice(choices or ["#8d9298"]), turn=rng.gauss(0, 4), light=rng.gauss(0, 0.02))
    # White has no light left to be modelled with: hold it under the paper's.
    main = shift(main, light=min(0.0, 0.885 - lab(main)[0]))
    own = {"d": entry.get("d", "#d8b46a"), "e": entry.get("e", "#5a7a4a")}
    for letter, value in own.items():
        if any(closeness(value, b) < 0.2 for b in scene.banned_colours):
            own[letter] = shift(value, chroma=0.1)
    return {
        "a": main,
        "b": shift(main, light=-0.13, chroma=1.02),
        "c": shift(main, light=min(0.14, 0.97 - lab(main)[0]), chroma=0.72),
        **own,
        "k": "#2b2530",
        "w": "#f6f2ea",
        "l": "#ffe08a" if palette.light.dark or palette.time in ("sunset", "storm") else "#7fa6bd",
    }


_FIXED = re.compile(r"#[0-9a-f]{6}|#[0-9a-f]{3}(?![0-9a-f])")


def dressed(name: str, letters: dict[str, str], palette: Palette, distance: float) -> str:
    """The subject's SVG in its colours, in the picture's light at a distance (0 near, 1 horizon)."""
    glowing = {
        letters["l"],
        "#ffe9a6",
        "#fff3b5",
        "#fff0a8",
        "#ffb02e",
        "#fff1a8",
        "#ff9d2e",
        "#fff3b0",
        "#ffd75a",
    }

    def light(colour: str) -> str:
        if colour in glowing:
            return colour
        seen = multiply(colour, palette.light.ambient, palette.light.share * 0.75)
        if palette.light.dark:
            seen = shift(seen, light=-0.05 * palette.light.share)
        return palette.lit(seen, distance) if distance > 0.02 else seen

    text = re.sub(r"\$([abcdekwl])", lambda found: letters[found.group(1)], drawing(name))
    cache: dict[str, str] = {}

    def swap(found: re.Match[str]) -> str:
        colour = found.group(0)
        if colour not in cache:
            cache[colour] = light(colour)
        return cache[colour]

    return _FIXED.sub(swap, text)


def placed(svg: str, x: float, base: float, size: float, *, flip: bool = False, tilt: float = 0.0) -> str:
    """The subject with its foot's middle at (x, base), `size` high, in the picture's own units; `tilt` in degrees."""
    scale = size / 100
    across = -scale if flip else scale
    turn = f" rotate({tilt:.1f} 50 50)" if tilt else ""
    at = f"translate({x - 50 * across:.2f} {base - BASELINE * scale:.2f}) scale({across:.4f} {scale:.4f}){turn}"
    return f'<g transform="{at}">{svg}</g>'


def silhouette(name: str, letters: dict[str, str]) -> str:
    """The subject as one flat form in its main colour."""
    solid = re.sub(r'<\w+ [^>]*opacity="[^"]*"[^>]*/>', "", drawing(name))
    text = re.sub(r"\$[a-z]", letters["a"], solid)
    return _FIXED.sub(letters["a"], text)
