"""``make bench``: runs every script of this folder (or those named) and writes ``docs/benchmarks.md``.

``soak`` takes half an hour, and is run only where it is named.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bench import plots
from bench.report import OUT, page

HERE = Path(__file__).parent
DOCS = HERE.parent / "docs"
NOT_SCRIPTS = {"__main__", "library", "plots", "report", "shelf", "studio", "soak"}
SIZES = {"gallery": (("--rows", "10000"), (), ("--rows", "1000000"))}
"""Scripts that are run more than once, for a plot over the library's size."""


def main() -> int:
    names = sys.argv[1:] or sorted(path.stem for path in HERE.glob("*.py") if path.stem not in NOT_SCRIPTS)
    runs = [(f"bench.{name}", *more) for name in names for more in SIZES.get(name, ((),))]
    failed = [" ".join(one) for one in runs if subprocess.run([sys.executable, "-m", *one]).returncode]
    reports = plots.kept(OUT)
    drawn = plots.drawn(reports, DOCS / "images")
    (DOCS / "benchmarks.md").write_text(page(reports, drawn))
    for name in failed:
        print(f"{name} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
