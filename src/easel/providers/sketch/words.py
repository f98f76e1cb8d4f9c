"""From the words of a prompt to a scene: what stands where, how many, in which light, in which look.

Reads prompts; draws nothing and knows no pixels. The words themselves are in ``vocabulary.toml``. A word that is not
there is not lost: all such words together make `Scene.whim`, a number that bends palette and composition.
"""

from __future__ import annotations

import dataclasses
import functools
import random
import re
import tomllib
import unicodedata
import zlib
from dataclasses import replace
from importlib import resources
from typing import Any

MAX_WORDS = 400  # of a prompt that are read
MAX_KINDS = 6  # different subjects drawn in one picture
MAX_EACH = 12  # drawings of one subject in one picture

Meaning = tuple[str, str]
"""A section of the vocabulary (or ``subjects``), and a name in it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Actor:
    """One kind of subject in the scene: its name, how many, and its colour as hex where the prompt gave one."""

    name: str
    count: int = 1
    colour: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Scene:
    """What a prompt asks for. Names are those of the vocabulary; `whim` is 32 bits made of all words."""

    actors: tuple[Actor, ...] = ()
    places: tuple[str, ...] = ()
    time: str = ""
    weather: frozenset[str] = frozenset()
    season: str = ""
    moods: frozenset[str] = frozenset()
    riding: tuple[tuple[str, str], ...] = ()  # who sits on whom
    colours: tuple[str, ...] = ()
    ground: str | None = None  # the colour said of the place itself, as in "a blue desert"
    style: str = "photographic"
    whim: int = 0
    strange: int = 0  # how many words were not known; the more, the stronger the whim
    banned: frozenset[str] = frozenset()  # what the negative prompt named, as ``section:name``
    banned_colours: tuple[str, ...] = ()


def dice(seed: float) -> random.Random:
    """A generator of its own for one purpose; the same seed gives the same numbers in every process."""
    return random.Random(seed)  # noqa: S311 (pictures, not secrets)


@functools.cache
def data(name: str) -> dict[str, Any]:
    """A data file of this folder, parsed."""
    return tomllib.loads(resources.files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))


@functools.cache
def catalogue() -> dict[str, dict[str, Any]]:
    """Every subject by name."""
    return data("animals") | data("people") | data("things")


@functools.cache
def lexicon() -> dict[str, tuple[Meaning, ...]]:
    """Word or phrase → its meanings; subjects first, so that a later meaning adds to it."""
    found: dict[str, list[Meaning]] = {name: [("subjects", name)] for name in catalogue()}
    for name, entry in catalogue().items():
        for word in entry["words"].split():
            found.setdefault(word.replace("_", " "), [("subjects", name)])
    for section, entries in data("vocabulary").items():
        if section != "grammar":
            for name, entry in entries.items():
                for phrase in (entry if isinstance(entry, str) else entry["words"]).split(","):
                    found.setdefault(phrase.strip(), []).append((section, name))
    return {phrase: tuple(dict.fromkeys(meanings)) for phrase, meanings in found.items()}


def _hex(colour: str) -> str:
    return str(data("vocabulary")["colours"][colour]["hex"])


def split(text: str) -> list[str]:
    """The words of a text in lower case without accents, and the marks between; at most `MAX_WORDS`."""
    plain = unicodedata.normalize("NFKD", text[:10_000]).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return re.findall(r"[^\W_]+(?:-[^\W_]+)*|[.,;!?\n]", plain)[:MAX_WORDS]


def _singular(word: str) -> list[str]:
    odd = data("vocabulary")["grammar"]["irregular"].get(word, word)
    endings = (("ies", "y"), ("es", ""), ("s", ""))
    forms = [word[: -len(end)] + new for end, new in endings if word.endswith(end) and word[-2:] != "ss"]
    return [odd, word, *forms]


def look_up(words: list[str], at: int) -> tuple[int, tuple[Meaning, ...], bool]:
    """The longest known phrase at a position: its length (0 if none), its meanings, and whether it is plural."""
    for length in (3, 2, 1):
        if at + length <= len(words):
            *head, last = words[at : at + length]
            for form in _singular(last):
                if meanings := lexicon().get(" ".join([*head, form])):
                    return length, meanings, form != last
    parts = words[at].split("-") if at < len(words) else []
    length, meanings, plural = look_up(parts, 0) if len(parts) > 1 else (0, (), False)
    return (1, meanings, plural) if length == len(parts) else (0, (), False)


class _Reader:
    """One pass over a text; gathers meanings by section, with colours and counts held for the noun they precede."""

    def __init__(self, text: str) -> None:
        self.actors: dict[str, Actor] = {}
        self.found: dict[str, list[str]] = {}
        self.denied: list[Meaning] = []
        self.loose: list[str] = []
        self.ground = ""
        self.strange: list[str] = []
        self.riding: list[tuple[str, str]] = []
        self._pending: list[str] = []
        self._count = 0
        self._last = self._rider = ""
        grammar, words, at, denying, dressing = data("vocabulary")["grammar"], split(text), 0, False, False
        while at < len(words):
            word = words[at]
            if word in ".,;!?\n" or word in ("and", "but", "with"):
                if word != "and":
                    self.loose += self._pending
                    self._pending = []
                denying, dressing, self._count = denying and word == "and", False, 0
                self._last, self._rider = self._last if word == "with" else "", ""
                at += 1
                continue
            length, meanings, plural = look_up(words, at)
            if word in grammar["negations"]:
                denying = True
            elif not length:
                self._rider = self._last if word in grammar["riding"] else self._rider
                dressing = word in ("in", "wearing") or (dressing and word in grammar["silent"])
                self.strange += [] if word in grammar["silent"] else [word]
            elif denying:
                self.denied += meanings
            else:
                # "A fox in red" wears it, in "a fox in a red forest" the forest does.
                following = {section for section, _ in look_up(words, at + length)[1]}
                self._take(meanings, plural, dressing and not following & {"places", "subjects"})
            at += max(1, length)
        self.loose += self._pending

    def _take(self, meanings: tuple[Meaning, ...], plural: bool, worn: bool) -> None:
        for section, name in meanings:
            if section == "colours" and worn and self._last:
                self._meet(self._last, 0, name)
            elif section == "colours":
                self._pending.append(name)
            elif section == "counts":
                self._count = max(self._count, int(name))
            elif section == "subjects":
                count = self._count if self._count > 1 else (4 if plural and self._count != 1 else 1)
                tint = next((tint for kind, tint in meanings if kind == "tints"), "")
                # Of "black and white" the first is the coat.
                self._meet(name, count, self._pending[0] if self._pending else tint)
                if self._rider not in ("", name):
                    self.riding.append((self._rider, name))
                self._pending, self._count, self._last, self._rider = [], 0, name, ""
            elif section != "tints":
                self.found.setdefault(section, []).append(name)
                if section == "places" and len(meanings) == 1:
                    self.ground = self.ground or (self._pending[0] if self._pending else "")
                    self.loose += self._pending
                    self._pending, self._count = [], 0

    def _meet(self, name: str, count: int, colour: str) -> None:
        known = self.actors.get(name, Actor(name, 0))
        many = count if not (known.count and colour) else known.count
        hexed = known.colour or (_hex(colour) if colour else None)
        self.actors[name] = Actor(name, min(max(known.count, many), MAX_EACH), hexed)


def read(prompt: str, negative_prompt: str = "", style: str = "auto") -> Scene:
    """The scene of a prompt.

    `style` other than ``auto`` wins over the words. What the negative prompt names (and what the prompt itself
    denies with "no" or "without") is taken out and listed in `Scene.banned`.
    """
    reader, against = _Reader(prompt), _Reader(negative_prompt)
    banned = {*reader.denied, *(("subjects", name) for name in against.actors)}
    banned |= {(section, name) for section, names in against.found.items() for name in names}
    denied = {*against.loose, *(name for section, name in reader.denied if section == "colours")}
    banned_hexes = tuple(sorted(_hex(name) for name in denied))

    def kept(section: str) -> list[str]:
        return [n for n in dict.fromkeys(reader.found.get(section, [])) if (section, n) not in banned]

    actors = [
        replace(a, colour=None if a.colour in banned_hexes else a.colour)
        for a in reader.actors.values()
        if ("subjects", a.name) not in banned
    ]
    ground = _hex(reader.ground) if reader.ground and kept("places") else None
    scene = Scene(
        actors=tuple(actors[:MAX_KINDS]),
        places=tuple(kept("places")[:3]),
        time=next(iter(kept("times")), ""),
        weather=frozenset(kept("weathers")),
        season=next(iter(kept("seasons")), ""),
        moods=frozenset(kept("moods")),
        riding=tuple(reader.riding[:2]),
        colours=tuple(c for c in map(_hex, dict.fromkeys(reader.loose)) if c not in banned_hexes)[:4],
        ground=None if ground in banned_hexes else ground,
        style=style if style != "auto" else next(iter(kept("styles")), "photographic"),
        strange=len(reader.strange),
        banned=frozenset(f"{section}:{name}" for section, name in banned),
        banned_colours=banned_hexes,
    )
    # Made of what is drawn and of the unknown words: a thing that the negative prompt removes leaves no trace.
    drawn = [f"{a.name}*{a.count}{a.colour or ''}" for a in scene.actors]
    drawn += [*scene.places, scene.time, *sorted(scene.weather), *sorted(scene.moods), *scene.colours]
    return replace(scene, whim=zlib.crc32(" ".join([*drawn, scene.season, *reader.strange]).encode()))
