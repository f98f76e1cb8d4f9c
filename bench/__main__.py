"""``make bench``: runs every script of this folder (or those named) and writes ``docs/benchmarks.md``.

``soak`` takes half an hour, and is run only where it is named.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bench.report import page

HERE = Path(__file__).parent
NOT_SCRIPTS = {"__main__", "library", "report", "shelf", "studio", "soak"}


def main() -> int:
    names = sys.argv[1:] or sorted(path.stem for path in HERE.glob("*.py") if path.stem not in NOT_SCRIPTS)
    failed = [name for name in names if subprocess.run([sys.executable, "-m", f"bench.{name}"]).returncode]
    (HERE.parent / "docs" / "benchmarks.md").write_text(page())
    for name in failed:
        print(f"bench.{name} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
