"""How long `easel serve` takes to be ready, and what it holds while idle. Run: ``python -m bench.start``.

Resident memory is the proportional set size (Pss), which counts shared pages once: PostgreSQL's processes share
their buffers, and a sum of resident set sizes would count them many times over. Both are shown.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import psutil

from bench.report import Report


def start(data: Path, port: int) -> tuple[subprocess.Popen[bytes], float]:
    """`easel serve` and the seconds until it is ready."""
    environment = {**os.environ, "EASEL_DATA": str(data), "EASEL_PORT": str(port), "EASEL_LOG_LEVEL": "error"}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "easel", "serve"], env=environment, stdout=subprocess.DEVNULL
    )
    while True:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=1).status_code == 200:
                return process, time.perf_counter() - began
        except httpx.TransportError:
            pass
        time.sleep(0.02)


def stop(process: subprocess.Popen[bytes]) -> float:
    """The seconds until everything has ended after SIGTERM."""
    began = time.perf_counter()
    process.send_signal(signal.SIGTERM)
    process.wait(20)
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
    folder = Path(tempfile.mkdtemp(prefix="easel-bench-", dir="/tmp"))
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    try:
        process, first = start(folder / "data", port)
        stop(process)
        report.add("first start to ready", first, "s")
        starts = []
        for _ in range(3):
            process, seconds = start(folder / "data", port)
            starts.append(seconds)
            if len(starts) < 3:
                ended = stop(process)
        report.add("second start to ready, median of 3", sorted(starts)[1], "s", most=3)
        time.sleep(8)
        parts = memory(process, folder / "data")
        for name, (pss, rss) in sorted(parts.items()):
            report.add(f"idle: {name} (Rss {rss:.0f})", pss, "MB")
        report.add("idle: together", sum(pss for pss, _ in parts.values()), "MB", most=400)
        ended = max(ended, stop(process))
        report.add("SIGTERM to the end of everything", ended, "s", most=5)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report.done()


if __name__ == "__main__":
    main()
