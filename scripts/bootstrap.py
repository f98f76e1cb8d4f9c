"""What stands behind every ``make`` target: prepares what it needs (`prepare`), then runs it.

Standard library only, and any Python from 3.7 up can read it, so that an old one gets a clear answer.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from scripts.prepare import (
    OLDEST_PYTHON,
    PYTHON,
    ROOT,
    TOOLS,
    VENV,
    WEB,
    Stop,
    alone,
    chromium,
    node_environment,
    prepare,
    run,
    uv,
    version,
)


# The installed tools' folders come first on the path, so that a tool finds the others.
def tools() -> dict[str, str]:
    environment = node_environment()
    environment["PATH"] = f"{VENV / 'bin'}{os.pathsep}{environment['PATH']}"
    return environment


def show(*command: str | Path, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> int:
    """Runs something whose output is the point; its exit code."""
    return subprocess.run([str(word) for word in command], cwd=cwd, env=dict(env or tools())).returncode


def check() -> int:
    """Every static check, two at a time; the output of those that fail."""
    environment = tools()
    steps: list[tuple[str, Sequence[str], Path]] = [
        ("mypy", ("mypy",), ROOT),
        ("web", ("npm", "run", "--silent", "check"), WEB),
        ("drift", ("python", "-m", "scripts.drift"), ROOT),
        ("import-linter", ("lint-imports",), ROOT),
        ("ruff check", ("ruff", "check"), ROOT),
        ("ruff format", ("ruff", "format", "--check"), ROOT),
    ]
    failures: list[str] = []
    speaking = threading.Lock()

    def step(name: str, command: Sequence[str], cwd: Path) -> None:
        begin = time.monotonic()
        words = f"passed {name}"
        try:
            run(*command, cwd=cwd, env=environment)
        except Stop as error:
            failures.append(name)
            words = f"{error}\nFAILED {name}"
        with speaking:
            print(f"{words} ({time.monotonic() - begin:.1f} s)", flush=True)

    with ThreadPoolExecutor(2) as pool:
        for part in [pool.submit(step, *each) for each in steps]:
            part.result()
    return 1 if failures else 0


def test(arguments: Sequence[str]) -> int:
    """All checks, the studio's tests, then pytest, whose summary comes last; all run even if one fails."""
    environment = {**tools(), "EASEL_TEST_BROWSER": chromium()}
    codes = {"check": check(), "web tests": show("npm", "run", "--silent", "test", cwd=WEB)}
    pytest = ("python", "-m", "pytest", "-n", "auto", "--dist", "loadscope", *arguments)
    codes["pytest"] = show(*pytest, env=environment)
    earlier = [name for name, code in codes.items() if code != 0 and name != "pytest"]
    if earlier:
        print(f"FAILED before pytest: {', '.join(earlier)}; see above", flush=True)
    return codes["pytest"] or (1 if earlier else 0)


def clean() -> None:
    made = [VENV, TOOLS, WEB / "node_modules", WEB / "dist", ROOT / ".hypothesis", *ROOT.glob(".*_cache")]
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)


def serve(arguments: Sequence[str]) -> None:
    """Becomes ``easel serve``: signals reach it directly, and no process stands between."""
    if "MAKELEVEL" in os.environ:
        # A `make` that is killed takes the studio with it; otherwise nobody would know that it still runs.
        os.environ["EASEL_STOP_WITH_PARENT"] = "1"
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "easel", "serve", *arguments])


def main(target: str, arguments: Sequence[str]) -> int:
    """Prepares and runs one target; its exit code."""
    if target == "clean":
        clean()
        return 0
    if target == "lock":
        with alone():
            return show("sh", "scripts/lock", *arguments, env={**os.environ, "UV": str(uv())})
    if target in ("serve", "build", "local", "traces"):
        prepare(build=True, also=target if target in ("local", "traces") else None)
        if target == "serve":
            serve(arguments)
        return 0
    prepare(dev=True, web=True, build=target in ("test", "bench"))
    if target == "test":
        return test(arguments)
    if target == "check":
        return check()
    commands: dict[str, list[tuple[str, ...]]] = {
        "lint": [
            ("ruff", "check"),
            ("lint-imports",),
            ("npm", "--prefix", "web", "run", "--silent", "check"),
        ],
        "format": [
            ("ruff", "check", "--fix-only", "--quiet"),
            ("ruff", "format"),
            ("npm", "--prefix", "web", "run", "--silent", "format"),
        ],
        "client": [("python", "-m", "scripts.drift", "--write")],
        "bench": [("python", "-m", "bench", *arguments)],
        "test-faults": [("python", "-m", "pytest", "-m", "faults", *arguments)],
        "demo-providers": [("python", "-m", "tests.servers.demo")],
    }
    return max(show(*command) for command in commands[target])


def newer_python() -> str | None:
    """A Python on the path that is new enough, for a ``python3`` that is not."""
    for minor in range(20, OLDEST_PYTHON[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and version(found) >= OLDEST_PYTHON:
            return found
    return None


if __name__ == "__main__":
    if sys.version_info < OLDEST_PYTHON:
        newer = newer_python()
        if newer:
            os.execv(newer, [newer, "-m", "scripts.bootstrap", *sys.argv[1:]])
        sys.exit(
            f"easel: Python 3.11 or newer is needed; this is {sys.version.split()[0]}.\n"
            "Debian 12, Ubuntu 24.04: sudo apt install python3 python3-venv\nmacOS: brew install python@3.13"
        )
    try:
        sys.exit(main(sys.argv[1], sys.argv[2:]))
    except Stop as stop:
        sys.exit(f"easel: {stop}")
    except KeyboardInterrupt:
        sys.exit(130)
