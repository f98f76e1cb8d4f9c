"""Plots of what the scripts measured, as SVG, for ``docs/benchmarks.md``."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

Points = Sequence[tuple[float, float]]

_OVER_SIZE = {
    "first page, p95": "first page",
    "rare tag, p95": "rare tag",
    "search: rare word, p95": "search for a rare word",
    "facets of everything, p95": "counts of everything",
    "OFFSET and LIKE, SQL alone: last page": "last page by OFFSET, SQL alone",
    "OFFSET and LIKE, SQL alone: rare word": "rare word by LIKE, SQL alone",
}
"""Figures of the gallery that are shown over the library's size, and what the plot calls them."""


def drawn(reports: Sequence[Mapping[str, Any]], folder: Path) -> dict[str, list[str]]:
    """Draw every plot there is something for; answers the files' names, by the report that they belong to."""
    found: dict[str, list[str]] = defaultdict(list)
    for report in reports:
        for plot in report.get("plots", []):
            name = f"benchmark-{'-'.join(plot['title'].split())}.svg"
            _draw(folder / name, plot["x"], plot["y"], plot["lines"])
            found[report["name"]].append(name)
    galleries = [report for report in reports if report["name"].startswith("gallery")]
    if len(galleries) > 1:
        lines: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for figure in (figure for report in galleries for figure in report["figures"]):
            if (title := _OVER_SIZE.get(figure["what"])) and figure["pictures"]:
                lines[title].append((figure["pictures"], figure["value"]))
        name = "benchmark-latency-over-library-size.svg"
        ordered = {title: sorted(points) for title, points in lines.items()}
        _draw(folder / name, "pictures in the library", "milliseconds", ordered, logarithmic=True)
        found[galleries[-1]["name"]].append(name)
    return found


def _draw(path: Path, x: str, y: str, lines: Mapping[str, Points], *, logarithmic: bool = False) -> None:
    # The same figures make the same file.
    with mpl.rc_context({"svg.hashsalt": "easel", "svg.fonttype": "none", "font.family": "sans-serif"}):
        figure = Figure(figsize=(8, 4), layout="constrained")
        axes = figure.subplots()
        for name, points in lines.items():
            axes.plot(
                [point[0] for point in points],
                [point[1] for point in points],
                label=name,
                linewidth=1.5,
                marker="o" if len(points) < 20 else None,
            )
        if logarithmic:
            axes.set_xscale("log")
            axes.set_yscale("log")
        else:
            axes.set_ylim(bottom=0)
        axes.set_xlabel(x)
        axes.set_ylabel(y)
        axes.grid(alpha=0.3)
        axes.legend(fontsize="small")
        figure.savefig(path, metadata={"Date": None})


def kept(folder: Path) -> list[dict[str, Any]]:
    """All reports that scripts have left, by name."""
    return [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
