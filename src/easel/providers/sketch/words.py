"""From the words of a prompt to a scene: what stands where, how many, in which light, in which look.

Holds the reading of the vocabulary and of prompts. It draws nothing and knows no pixels. A word that is not in the
vocabulary is not lost: all such words together make `Scene.whim`, a number that bends palette and composition.
"""

from __future__ import annotations

import dataclasses
import functools
import random
import re
import tomllib
import unicodedata
import zlib
from importlib import resources
from typing import Any

MAX_WORDS = 400
"""Words of a prompt that are read; what follows only shapes the whim."""
MAX_KINDS = 6
"""Different subjects drawn in one picture."""
MAX_EACH = 12
"""Drawings of one subject in one picture."""

_SILENT = frozenset(
    [
        "of",
        "the",
        "a",
        "an",
        "in",
        "on",
        "at",
        "with",
        "and",
        "or",
        "to",
        "by",
        "from",
        "over",
        "under",
        "near",
        "its",
        "his",
        "her",
        "their",
        "this",
        "that",
        "is",
        "are",
        "for",
        "as",
        "into",
        "very",
        "made",
        "style",
        "picture",
        "image",
        "scene",
        "view",
        "art",
        "artwork",
        "quality",
        "high",
        "detailed",
        "beautiful",
        "4k",
        "8k",
        "masterpiece",
        "against",
        "front",
        "behind",
        "beside",
        "through",
        "across",
        "background",
        "foreground",
    ]
)
_NEGATIONS = frozenset(["no", "without", "except", "minus", "not"])
_IRREGULAR = {
    "wolves": "wolf", "mice": "mouse", "men": "man", "women": "woman", "leaves": "leaf", "geese": "goose",
    "foxes": "fox", "fishes": "fish", "boxes": "box", "witches": "witch", "knives": "knife", "people": "person",
    "children": "child", "snowmen": "snowman", "cacti": "cactus", "kids": "kid",
}  # fmt: skip


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
    riding: tuple[tuple[str, str], ...] = ()
    """Who sits on whom."""
    colours: tuple[str, ...] = ()
    ground: str | None = None
    """The colour said of the place itself, as in "a blue desert"."""
    style: str = "photographic"
    whim: int = 0
    strange: int = 0
    """How many words were not known; the more, the stronger the whim."""
    banned: frozenset[str] = frozenset()
    banned_colours: tuple[str, ...] = ()


def dice(seed: float) -> random.Random:
    """A generator of its own for one purpose; the same seed gives the same numbers in every process."""
    return random.Random(seed)  # noqa: S311 (pictures, not secrets)


@functools.cache
def catalogue() -> dict[str, dict[str, Any]]:
    """Every subject by name, as the data files give it."""
    found: dict[str, dict[str, Any]] = {}
    for part in ("animals", "people", "things"):
        text = resources.files(__package__).joinpath(f"{part}.toml").read_text("utf-8")
        found.update(tomllib.loads(text))
    return found


@functools.cache
def vocabulary() -> dict[str, dict[str, str]]:
    """The sections of the vocabulary file, unparsed."""
    text = resources.files(__package__).joinpath("vocabulary.toml").read_text("utf-8")
    return tomllib.loads(text)


@functools.cache
def lexicon() -> dict[str, tuple[tuple[str, str], ...]]:
    """Word or phrase → its meanings as (section, name); subjects first, so that a later meaning adds to it."""
    found: dict[str, list[tuple[str, str]]] = {}

    def add(phrase: str, section: str, name: str) -> None:
        meanings = found.setdefault(phrase.strip(), [])
        if (section, name) not in meanings and not (section == "subjects" and meanings):
            meanings.append((section, name))

    for name in catalogue():
        add(name, "subjects", name)
    for name, entry in catalogue().items():
        for word in entry["words"].split():
            add(word.replace("_", " "), "subjects", name)
    for section, entries in vocabulary().items():
        if section != "homes":
            for name, text in entries.items():
                for phrase in text.rpartition("=")[2].split(","):
                    add(phrase, section, name)
    return {phrase: tuple(meanings) for phrase, meanings in found.items()}


@functools.cache
def homes() -> dict[str, str]:
    """Subject → the place it is drawn in when the prompt names none."""
    return {name.strip(): place for place, text in vocabulary()["homes"].items() for name in text.split(",")}


@functools.cache
def colours() -> dict[str, str]:
    """Colour name → hex."""
    return {name: text.partition("=")[0].strip() for name, text in vocabulary()["colours"].items()}


@functools.cache
def places() -> dict[str, dict[str, str]]:
    """Place → its parts (``sky``, ``far``, ``ground``, ``near``)."""
    return {
        name: dict(part.split(":", 1) for part in text.partition("=")[0].split())
        for name, text in vocabulary()["places"].items()
    }


def split(text: str) -> list[str]:
    """The words of a text in lower case without accents, clauses parted by ``.``; at most `MAX_WORDS`."""
    plain = unicodedata.normalize("NFKD", text[:10_000]).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return re.findall(r"[^\W_]+(?:-[^\W_]+)*|[.,;!?\n]", plain)[:MAX_WORDS]


def _singular(word: str) -> list[str]:
    forms = [_IRREGULAR[word], word] if word in _IRREGULAR else [word]
    if word.endswith("ies"):
        forms.append(word[:-3] + "y")
    if word.endswith("es"):
        forms.append(word[:-2])
    if word.endswith("s") and not word.endswith("ss"):
        forms.append(word[:-1])
    return forms


def look_up(words: list[str], at: int) -> tuple[int, tuple[tuple[str, str], ...], bool]:
    """The longest known phrase at a position: its length (0 if none), its meanings, and whether it is plural."""
    book = lexicon()
    for length in (3, 2, 1):
        if at + length <= len(words):
            *head, last = words[at : at + length]
            for form in _singular(last):
                meanings = book.get(" ".join([*head, form]))
                if meanings:
                    return length, meanings, form != last
    if "-" in words[at]:
        parts = words[at].split("-")
        length, meanings, plural = look_up(parts, 0)
        if length == len(parts):
            return 1, meanings, plural
    return 0, (), False


class _Reader:
    """One pass over a text; gathers meanings by section, with colours and counts held for the noun they precede."""

    def __init__(self) -> None:
        self.actors: dict[str, Actor] = {}
        self.found: dict[str, list[str]] = {}
        self.denied: list[tuple[str, str]] = []
        self.loose: list[str] = []
        self.ground = ""
        self.strange: list[str] = []
        self.riding: list[tuple[str, str]] = []

    def read(self, words: list[str]) -> None:
        at, pending, count, denying, last, dressing, rider = 0, list[str](), 0, False, "", False, ""
        while at < len(words):
            word = words[at]
            if word in ".,;!?\n" or word in ("and", "but", "with"):
                if word != "and":
                    self.loose += pending
                    pending = []
                denying = denying and word == "and"
                count, dressing = 0, False
                last = last if word == "with" else ""
                at += 1
                continue
            if word in _NEGATIONS:
                denying, at = True, at + 1
                continue
            length, meanings, plural = look_up(words, at)
            if not length:
                rider = last if word in ("riding", "rides", "ride") else rider
                dressing = word in ("in", "wearing") or (dressing and word in _SILENT)
                if word not in _SILENT:
                    self.strange.append(word)
                at += 1
                continue
            at += length
            if denying:
                self.denied.extend(meanings)
                continue
            tint = next((name for section, name in meanings if section == "tints"), "")
            for section, name in meanings:
                if section == "colours":
                    # "A fox in red" wears it, in "a fox in a red forest" the forest does.
                    worn = at >= len(words) or not {s for s, _ in look_up(words, at)[1]} & {
                        "places",
                        "subjects",
                    }
                    if dressing and last and worn:
                        self._dress(last, name)
                    else:
                        pending.append(name)
                elif section == "counts":
                    count = max(count, int(name))
                elif section == "subjects":
                    number = count if count > 1 else (4 if plural and count != 1 else 1)
                    # Of "black and white" the first is the coat.
                    self._meet(name, number, pending[0] if pending else tint)
                    if rider and rider != name:
                        self.riding.append((rider, name))
                    pending, count, last, rider = [], 0, name, ""
                elif section != "tints":
                    self.found.setdefault(section, []).append(name)
                    if section == "places" and len(meanings) == 1:
                        count = 0
                        self.ground = self.ground or (pending[0] if pending else "")
                        self.loose += pending
                        pending = []
        self.loose += pending

    def _dress(self, name: str, colour: str) -> None:
        if self.actors[name].colour is None:
            self.actors[name] = dataclasses.replace(self.actors[name], colour=colours()[colour])

    def _meet(self, name: str, count: int, colour: str) -> None:
        hexed = colours()[colour] if colour else None
        known = self.actors.get(name)
        if known is None:
            self.actors[name] = Actor(name, min(count, MAX_EACH), hexed)
        else:
            total = max(known.count, count) if hexed is None else known.count
            self.actors[name] = Actor(name, min(total, MAX_EACH), known.colour or hexed)


def read(prompt: str, negative_prompt: str = "", style: str = "auto") -> Scene:
    """The scene of a prompt.

    `style` other than ``auto`` wins over the words. What the negative prompt names (and what the prompt itself
    denies with "no" or "without") is taken out and listed in `banned`, as ``section:name``.
    """
    reader, against = _Reader(), _Reader()
    reader.read(split(prompt))
    against.read(split(negative_prompt))
    banned = {f"{section}:{name}" for section, name in reader.denied}
    banned |= {f"subjects:{name}" for name in against.actors}
    banned |= {f"{section}:{name}" for section, names in against.found.items() for name in names}
    denied_colours = list(against.loose) + [name for section, name in reader.denied if section == "colours"]
    hexes = colours()
    banned_hexes = tuple(sorted({hexes[c] for c in denied_colours}))

    def kept(section: str) -> list[str]:
        names = dict.fromkeys(reader.found.get(section, []))
        return [name for name in names if f"{section}:{name}" not in banned]

    actors = [
        dataclasses.replace(a, colour=None if a.colour in banned_hexes else a.colour)
        for a in reader.actors.values()
        if f"subjects:{a.name}" not in banned
    ]
    times, seasons, styles = kept("times"), kept("seasons"), kept("styles")
    scene = Scene(
        actors=tuple(actors[:MAX_KINDS]),
        places=tuple(kept("places")[:3]),
        time=times[0] if times else "",
        weather=frozenset(kept("weathers")),
        season=seasons[0] if seasons else "",
        moods=frozenset(kept("moods")),
        riding=tuple(reader.riding[:2]),
        colours=tuple(hexes[c] for c in dict.fromkeys(reader.loose) if hexes[c] not in banned_hexes)[:4],
        style=style if style != "auto" else (styles[0] if styles else "photographic"),
        strange=len(reader.strange),
        banned=frozenset(banned),
        banned_colours=banned_hexes,
    )
    if reader.ground and hexes[reader.ground] not in banned_hexes and scene.places:
        scene = dataclasses.replace(scene, ground=hexes[reader.ground])
    # Made of what is drawn and of the unknown words: a thing that the negative prompt removes leaves no trace.
    drawn = [f"{a.name}*{a.count}{a.colour or ''}" for a in scene.actors]
    drawn += [*scene.places, scene.time, *sorted(scene.weather), *sorted(scene.moods), *scene.colours]
    return dataclasses.replace(
        scene, whim=zlib.crc32(" ".join([*drawn, scene.season, *reader.strange]).encode())
    )
