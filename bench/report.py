"""How a measurement is told: a table on the screen, JSON under ``bench/out`` for the page of all results.

A file is named after its report and holds `{"name", "about", "figures": [{"what", "value", "unit", "target", "met",
"pictures"}]}`. `pictures` is how many the library had, null where that says nothing; reports of one script that were
taken at different sizes (``gallery-10000``, ``gallery``, ``gallery-1000000``) have figures of the same `what`.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

OUT = Path(__file__).parent / "out"


@dataclass(frozen=True)
class Figure:
    """One figure: what it is of, the number and its unit, what it should be, and how large the library was."""

    what: str
    value: float
    unit: str
    target: str | None = None
    met: bool | None = None
    pictures: int | None = None


@dataclass
class Report:
    """The figures of one script; `about` says how they were taken."""

    name: str
    about: str
    pictures: int | None = None
    """How many pictures the library has, where that is what is varied."""
    figures: list[Figure] = field(default_factory=list)
    plots: list[dict[str, Any]] = field(default_factory=list)

    def draw(self, title: str, x: str, y: str, lines: Mapping[str, Sequence[tuple[float, float]]]) -> None:
        """A plot for the page: lines by their names, each of points."""
        self.plots.append({"title": title, "x": x, "y": y, "lines": lines})

    def add(
        self, what: str, value: float, unit: str, *, most: float | None = None, least: float | None = None
    ) -> None:
        """A figure, and the most or the least that it may be."""
        target, met = None, None
        if most is not None:
            target, met = f"≤ {most:g}", value <= most
        elif least is not None:
            target, met = f"≥ {least:g}", value >= least
        self.figures.append(Figure(what, value, unit, target, met, self.pictures))

    def done(self, *, keep: bool = True) -> None:
        """Print the table, and keep the figures for the page of all results."""
        table = Table(title=self.name, caption=self.about, caption_justify="left")
        table.add_column("what")
        table.add_column("figure", justify="right")
        table.add_column("unit")
        table.add_column("target")
        for figure in self.figures:
            verdict = "" if figure.met is None else " met" if figure.met else " MISSED"
            table.add_row(figure.what, shown(figure.value), figure.unit, f"{figure.target or ''}{verdict}")
        Console().print(table)
        if not keep:
            return
        OUT.mkdir(exist_ok=True)
        body = {
            "name": self.name,
            "about": self.about,
            "machine": _machine(),
            "date": f"{datetime.now(UTC):%Y-%m-%d}",
            "figures": [asdict(figure) for figure in self.figures],
            "plots": self.plots,
        }
        (OUT / f"{self.name}.json").write_text(json.dumps(body, indent=1))


def shown(value: float) -> str:
    """A number with as many digits as mean something."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _machine() -> str:
    system = f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}"
    return f"{system}, Python {platform.python_version()}"


def page(reports: Sequence[Mapping[str, Any]], plots: Mapping[str, Sequence[str]]) -> str:
    """``docs/benchmarks.md`` from what the scripts have left; `plots` are files' names by report."""
    parts = [
        "# Benchmarks",
        "",
        "Made by `make bench`: every script under `bench/`, each run on an otherwise idle machine as far as that is",
        "in our hands. Targets are ours; a missed one is a bug.",
    ]
    for body in reports:
        parts += ["", f"## {body['name']}", "", body["about"], "", f"{body['date']}; {body['machine']}.", ""]
        parts += [
            line for name in plots.get(body["name"], ()) for line in (f"![{_alt(name)}](images/{name})", "")
        ]
        parts += ["| what | figure | unit | target | |", "| --- | ---: | --- | --- | --- |"]
        for figure in body["figures"]:
            verdict = "" if figure["met"] is None else "met" if figure["met"] else "**missed**"
            cells = (figure["what"], shown(figure["value"]), figure["unit"], figure["target"] or "", verdict)
            parts.append(f"| {' | '.join(cells)} |")
    return "\n".join([*parts, ""])


def _alt(name: str) -> str:
    return name.removeprefix("benchmark-").removesuffix(".svg").replace("-", " ").capitalize()
