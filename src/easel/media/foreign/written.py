"""What people and their programs write about a picture: XMP (ISO 16684-1) and IPTC-IIM."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from .bounds import LONGEST_PROMPT, LONGEST_TAG, clean

_DC: Final = "http://purl.org/dc/elements/1.1/"
_XMP: Final = "http://ns.adobe.com/xap/1.0/"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_IPTC_EXTENSION: Final = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_TITLE, _DESCRIPTION, _SUBJECT = f"{_DC} title", f"{_DC} description", f"{_DC} subject"
_RATING: Final = f"{_XMP} Rating"
_PROMPT: Final = f"{_IPTC_EXTENSION} AIPromptInformation"
_WANTED: Final = frozenset({_TITLE, _DESCRIPTION, _SUBJECT, _RATING, _PROMPT})
_MOST_BYTES: Final = 2_000_000
_MOST_ITEMS: Final = 500
_DEEPEST: Final = 100


@dataclass(slots=True)
class Written:
    """A title, a description, keywords and a rating; empty where nothing is said. `prompt` is IPTC's own field."""

    title: str = ""
    description: str = ""
    keywords: list[str] = field(default_factory=list)
    rating: int | None = None
    prompt: str = ""


class _Refused(Exception):
    """The XML does what no XMP does."""


class _Reader:
    """Collects the text of the wanted properties, as elements, as attributes, and in lists."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}
        self._path: list[str] = []
        self._text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._path) >= _DEEPEST:
            raise _Refused
        self._path.append(name)
        self._text.clear()
        if name == f"{_RDF} Description":
            for attribute, value in attributes.items():
                if attribute in _WANTED:
                    self._add(attribute, value)

    def end(self, name: str) -> None:
        self._path.pop()
        text, wanted = (
            "".join(self._text),
            next((one for one in reversed(self._path) if one in _WANTED), None),
        )
        if name in _WANTED:
            wanted = name
        if wanted is not None and text.strip():
            self._add(wanted, text)
        self._text.clear()

    def data(self, text: str) -> None:
        self._text.append(text)

    def _add(self, name: str, text: str) -> None:
        values = self.found.setdefault(name, [])
        if len(values) < _MOST_ITEMS:
            values.append(text)


def from_xmp(data: bytes) -> Written:
    """What an XMP packet says; nothing for one that is broken, too large or declares entities."""
    written = Written()
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    parser.EntityDeclHandler = _no_entities
    try:
        parser.Parse(data[:_MOST_BYTES].rstrip(b"\0"), True)
    except (expat.ExpatError, _Refused, ValueError):
        return written
    first = {name: values[0] for name, values in reader.found.items()}
    written.title = clean(first.get(_TITLE), 300)
    written.description = clean(first.get(_DESCRIPTION), LONGEST_PROMPT)
    written.prompt = clean(first.get(_PROMPT), LONGEST_PROMPT)
    written.keywords = reader.found.get(_SUBJECT, [])
    written.rating = stars(first.get(_RATING, ""))
    return written


def _no_entities(*_: object) -> None:
    raise _Refused


def stars(text: str) -> int | None:
    """A rating of 1 to 5; XMP's 0 and -1 are none."""
    try:
        value = float(text[:20])
    except ValueError:
        return None
    return int(value) if 1 <= value <= 5 else None


def from_iptc(data: bytes) -> Written:
    """What the data sets of an IPTC record say, in `data` anywhere (JPEG wraps them into Photoshop's resources)."""
    written = Written()
    utf8 = False
    for number, dataset, value in _datasets(data):
        if (number, dataset) == (1, 90):
            utf8 = value == b"\x1b%G"
        if number != 2:
            continue
        text = value.decode("utf-8" if utf8 else "latin-1", "replace") if utf8 else _guessed(value)
        if dataset == 5:
            written.title = written.title or clean(text, 300)
        elif dataset == 25 and len(written.keywords) < _MOST_ITEMS:
            written.keywords.append(clean(text, LONGEST_TAG))
        elif dataset == 120:
            written.description = written.description or clean(text, LONGEST_PROMPT)
    return written


def _guessed(value: bytes) -> str:
    """Text whose code is not said: UTF-8 where it is that, else Latin-1."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _datasets(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = next((found for record in (b"\x1c\1\x5a", b"\x1c\2") if (found := data.find(record)) >= 0), -1)
    while 0 <= at <= len(data) - 5 and data[at] == 0x1C:
        size = int.from_bytes(data[at + 3 : at + 5], "big")
        if size & 0x8000:  # an extended size, which no text of ours needs
            return
        yield data[at + 1], data[at + 2], data[at + 5 : at + 5 + size]
        at += 5 + size
