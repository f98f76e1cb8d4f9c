"""A picture's own account, from wherever in its file it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pyvips

from ..probe import Format, load
from . import a1111, comfy, exif, invoke, swarm
from .account import Account
from .bounds import LONGEST_TEXT, clean, tags_of
from .written import Written, from_iptc, from_xmp, stars

_PNG_TEXT: Final = re.compile(r"png-comment-[0-9]+-(.+)", re.DOTALL)
_MOST_TEXTS: Final = 200
_DESCRIPTION: Final = 5_000


def read(data: bytes, kind: Format) -> Account:
    """What the file `data` of format `kind` says of its picture. Raises `pyvips.Error` for a broken header."""
    image = load(data, kind)
    texts: dict[str, str] = {}
    for name in image.get_fields():
        match = _PNG_TEXT.fullmatch(name)
        if match and len(texts) < _MOST_TEXTS:
            texts.setdefault(match[1], str(image.get(name))[:LONGEST_TEXT])
    found = exif.parse(_blob(image, "exif-data"))
    if "gif-comment" in image.get_fields():
        texts.setdefault("Comment", str(image.get("gif-comment"))[:LONGEST_TEXT])
    return combined(texts, found, from_xmp(_blob(image, "xmp-data")), from_iptc(_blob(image, "iptc-data")))


def combined(texts: dict[str, str], found: exif.Exif, xmp: Written, iptc: Written) -> Account:
    """One account of all that was found: how it was made by the program's own words, the rest by XMP before IPTC."""
    made = made_by(texts, found)
    described = "" if made.tool else found.description
    title = xmp.title or iptc.title or clean(texts.get("Title"), 300) or clean(found.title, 300)
    description = xmp.description or iptc.description or clean(described, _DESCRIPTION)
    rating = xmp.rating if xmp.rating is not None else stars(str(found.rating or ""))
    return replace(
        made,
        prompt=made.prompt or xmp.prompt,
        title=title,
        description="" if description == made.prompt else description[:_DESCRIPTION],
        tags=tags_of([*xmp.keywords, *iptc.keywords, *found.keywords.split(";")]),
        rating=rating,
    )


def made_by(texts: dict[str, str], found: exif.Exif) -> Account:
    """How the picture was made: the first account of a program that can be read, the fullest formats first."""
    parameters = texts.get("parameters", "")
    comment = found.comment
    ways: tuple[Callable[[], Account | None], ...] = (
        lambda: invoke.parse(texts.get("invokeai_metadata", ""), texts.get("sd-metadata", "")),
        lambda: swarm.parse(parameters) or swarm.parse(comment),
        lambda: a1111.parse(parameters) or a1111.parse(comment),
        lambda: comfy.parse(*_graphs(texts, found)),
        lambda: a1111.parse(found.description) or a1111.parse(texts.get("Comment", "")),
    )
    for way in ways:
        account = way()
        if account is not None:
            return account
    return Account()


def _graphs(texts: dict[str, str], found: exif.Exif) -> tuple[str, str]:
    """ComfyUI's two graphs: texts of a PNG, or in EXIF, each behind its name."""
    graphs = {"prompt": texts.get("prompt", ""), "workflow": texts.get("workflow", "")}
    for text in (found.make, found.model, found.description):
        name, colon, rest = text.partition(":")
        if colon and name.lower() in graphs:
            graphs[name.lower()] = graphs[name.lower()] or rest
    return graphs["prompt"], graphs["workflow"]


def _blob(image: pyvips.Image, name: str) -> bytes:
    return bytes(image.get(name)) if image.get_typeof(name) else b""
