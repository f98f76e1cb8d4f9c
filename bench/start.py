"""How long `easel serve` takes to be ready, and what it holds while idle. Run: ``python -m bench.start``.

Resident memory is the proportional set size (Pss), which counts shared pages once: PostgreSQL's processes share
their buffers, and a sum of resident set sizes would count them many times over. Both are shown.
"""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import psutil

from bench.report import Report
from bench.studio import own_folder, start, stop


def timed_start(data: Path) -> tuple[subprocess.Popen[bytes], float]:
    """`easel serve` and the seconds until it is ready."""
    began = time.perf_counter()
    process, _ = start(data)
    return process, time.perf_counter() - began


def timed_stop(process: subprocess.Popen[bytes]) -> float:
    """The seconds until everything has ended after SIGTERM."""
    began = time.perf_counter()
    stop(process)
    return time.perf_counter() - began


def memory(process: subprocess.Popen[bytes], data: Path) -> dict[str, tuple[float, float]]:
    """Megabytes (Pss, Rss) of each part, PostgreSQL's processes together."""
    parts: dict[str, tuple[float, float]] = {}
    ours = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    masters = [p for p in psutil.process_iter(["cmdline"]) if str(data) in " ".join(p.info["cmdline"] or [])]
    servers = [p for p in masters if "postgres" in p.name()]
    family = {p.pid: p for p in [*ours, *servers, *(c for p in servers for c in p.children(recursive=True))]}
    for member in family.values():
        words = " ".join(member.cmdline())
        name = next((part for part in ("worker", "web", "serve") if f"easel {part}" in words), "postgresql")
        full = member.memory_full_info()
        pss, rss = parts.get(name, (0.0, 0.0))
        parts[name] = (pss + full.pss / 1e6, rss + full.rss / 1e6)
    return parts


def main() -> None:
    report = Report(
        "start",
        "`easel serve` from the command to `/readyz` 200, to its end after SIGTERM, and idle memory (Pss; Rss beside).",
    )
    with own_folder() as folder:
        data = folder / "data"
        process, first = timed_start(data)
        report.add("first start to ready", first, "s")
        starts, ends = [], []
        for _ in range(3):
            ends.append(timed_stop(process))
            process, seconds = timed_start(data)
            starts.append(seconds)
        try:
            report.add("second start to ready, median of 3", sorted(starts)[1], "s", most=3)
            time.sleep(8)
            parts = memory(process, data)
        finally:
            ends.append(timed_stop(process))
        for name, (pss, rss) in sorted(parts.items()):
            report.add(f"idle: {name} (Rss {rss:.0f})", pss, "MB")
        report.add("idle: together", sum(pss for pss, _ in parts.values()), "MB", most=400)
        report.add("SIGTERM to the end of everything", max(ends), "s", most=5)
    report.done()


if __name__ == "__main__":
    main()
