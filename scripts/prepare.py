"""Makes what the ``make`` targets need: Python packages, Node, the studio with its packages, a browser.

Each thing made carries a stamp, the hash of what it was made from: when all stamps fit, this costs a few
milliseconds and no network. Nothing is written outside the project but into the caches of uv and npm; only
the browser for the tests is the system's. Standard library only.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
WEB = ROOT / "web"
PYTHON = VENV / "bin" / "python"
LOCK, DEV_LOCK, LOCAL_LOCK, CPU_LOCK, OTEL_LOCK = [
    ROOT / f"requirements{kind}.lock" for kind in ("", "-dev", "-local", "-local-cpu", "-otel")
]
OLDEST_PYTHON = (3, 11)
OLDEST_UV = (0, 8)
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
MAC_CHROME = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")

_ONE_UV = threading.Lock()


class Stop(Exception):
    """The target cannot go on; the text says why and what to do."""


def say(words: str) -> None:
    print(f"easel: {words}", file=sys.stderr, flush=True)


def run(*command: str | Path, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> None:
    """Runs a tool; its output is shown only if it fails."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=None if env is None else dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode != 0:
        words = " ".join([Path(command[0]).name, *map(str, command[1:])])
        raise Stop(f"{done.stdout.decode(errors='replace').strip()}\nThis failed: {words}")


def hashed(*parts: str | Path) -> str:
    """One hash over the content of files and over words."""
    total = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) else part.encode()
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()


def read(stamp: Path) -> str:
    return stamp.read_text() if stamp.is_file() else ""


def remove(stamp: Path) -> None:
    if stamp.exists():
        stamp.unlink()


def version(command: str | Path) -> tuple[int, ...]:
    """What ``command --version`` answers; empty when it does not."""
    try:
        done = subprocess.run([str(command), "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError:
        return ()
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", done.stdout.decode(errors="replace"))
    return tuple(int(number or 0) for number in found.groups()) if found else ()


@contextmanager
def alone() -> Iterator[None]:
    """Two at once would write over each other: the second waits for the first."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another make is preparing this folder; waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def uv() -> Path:
    """The installer: the system's, or one of the project's own."""
    with _ONE_UV:
        return _uv()


def _uv() -> Path:
    found = shutil.which("uv")
    if found and version(found) >= OLDEST_UV:
        return Path(found)
    lock = ROOT / "requirements-uv.lock"
    stamp = TOOLS / "uv.stamp"
    own = TOOLS / "uv" / "bin" / "uv"
    if own.exists() and read(stamp) == hashed(lock):
        return own
    say("installing uv, which installs the rest (some seconds)")
    shutil.rmtree(TOOLS / "uv", ignore_errors=True)
    pip = ["install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", str(lock)]
    if has_module("ensurepip") and has_module("venv"):
        run(sys.executable, "-m", "venv", TOOLS / "uv")
        run(TOOLS / "uv" / "bin" / "python", "-m", "pip", *pip)
    elif has_module("pip"):
        run(sys.executable, "-m", "pip", *pip, "--target", TOOLS / "uv")
    else:
        raise Stop(
            "This Python can neither make a virtual environment nor install packages.\n"
            "Debian, Ubuntu: sudo apt install python3-venv\nmacOS: brew install python@3.13"
        )
    stamp.write_text(hashed(lock))
    return own


def has_module(name: str) -> bool:
    return subprocess.run([sys.executable, "-c", f"import {name}"], stderr=subprocess.DEVNULL).returncode == 0


def uv_environment(venv: Path) -> dict[str, str]:
    # The Python that runs this is the one to use, and whom the system trusts is to be trusted.
    trust = {"UV_SYSTEM_CERTS": "true"} if SYSTEM_CERTIFICATES.exists() or sys.platform == "darwin" else {}
    return {**trust, **os.environ, "UV_PYTHON_DOWNLOADS": "never", "VIRTUAL_ENV": str(venv)}


def install(venv: Path, *locks: Path, also_from: str | None = None) -> None:
    """Makes `venv` hold exactly what the locks name, every file checked against its hash.

    `also_from` is a place besides the index where packages lie.
    """
    if not (venv / "bin" / "python").exists() or version(venv / "bin" / "python") < OLDEST_PYTHON:
        run(uv(), "venv", "--quiet", "--clear", "--python", sys.executable, venv, env=uv_environment(venv))
    places = ["--find-links", also_from] if also_from else []
    run(uv(), "pip", "sync", "--quiet", "--require-hashes", *places, *locks, env=uv_environment(venv))


def pips_own_place() -> str | None:
    """Where pip is told to look besides the index, if anywhere: there may be a PyTorch without CUDA."""
    told = os.environ.get("PIP_FIND_LINKS")
    if not told and has_module("pip"):
        command = [sys.executable, "-m", "pip", "config", "get", "global.find-links"]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        told = done.stdout.decode() if done.returncode == 0 else ""
    words = (told or "").split()
    return words[0] if words else None


def install_for_tests(venv: Path) -> None:
    """What the tests need: local models run there too, on a PyTorch without CUDA where one is to be had.

    For Linux the index has PyTorch only with CUDA, which is five gigabytes and works as well.
    """
    place = pips_own_place()
    if place:
        try:
            return install(venv, DEV_LOCK, CPU_LOCK, also_from=place)
        except Stop:
            say("there is no PyTorch without CUDA for this Python; installing the one with it")
    install(venv, DEV_LOCK, LOCAL_LOCK)


def python_packages(dev: bool, also: str | None = None) -> None:
    """The program's environment. What one of earlier holds beyond it it keeps: for developers, local models, traces."""
    stamp = VENV / "easel.stamp"
    now = read(stamp).split()
    parts = now[0].split("+") if now else []
    kind = "dev" if dev or "dev" in parts else "run"
    kind += "+local" if "local" in (also, *parts) else ""
    # Developers have those for traces anyway.
    kind += "+traces" if "traces" in (also, *parts) and kind.startswith("run") else ""
    installs: dict[str, tuple[tuple[Path, ...], Callable[[], None]]] = {
        "run": ((LOCK,), lambda: install(VENV, LOCK)),
        "run+local": ((LOCAL_LOCK,), lambda: install(VENV, LOCAL_LOCK)),
        "run+traces": ((OTEL_LOCK,), lambda: install(VENV, OTEL_LOCK)),
        "run+local+traces": ((LOCAL_LOCK, OTEL_LOCK), lambda: install(VENV, LOCAL_LOCK, OTEL_LOCK)),
        "dev": ((DEV_LOCK, LOCAL_LOCK, CPU_LOCK), lambda: install_for_tests(VENV)),
        "dev+local": ((DEV_LOCK, LOCAL_LOCK), lambda: install(VENV, DEV_LOCK, LOCAL_LOCK)),
    }
    locks, make = installs[kind]
    wanted = [kind, hashed(*locks), hashed(ROOT / "pyproject.toml", str(ROOT))]
    if now == wanted and PYTHON.exists():
        return
    if now[:2] != wanted[:2] or not PYTHON.exists():
        long = "some minutes: PyTorch is large" if also == "local" else "about half a minute"
        say(f"installing Python packages (the first time {long})")
        remove(stamp)
        make()
    run(
        uv(),
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-e",
        ROOT,
        env=uv_environment(VENV),
    )
    stamp.write_text(" ".join(wanted))


@lru_cache(maxsize=1)
def _node_path() -> str:
    """The path on which ``node`` and ``npm`` are new enough: the system's, or with the ones from a wheel."""
    path = os.environ.get("PATH", "")
    engines = json.loads((WEB / "package.json").read_text())["engines"]["node"]
    needed = re.search(r">=\s*(\d+)(?:\.(\d+))?", engines)
    assert needed, "web/package.json says which Node it needs"
    if shutil.which("npm") and version("node") >= tuple(int(number or 0) for number in needed.groups()):
        return path
    place = TOOLS / "node"
    lock = ROOT / "requirements-node.lock"
    stamp = place / "easel.stamp"
    if read(stamp) != hashed(lock):
        say("installing Node.js for building the studio (some seconds)")
        install(place, lock)
        stamp.write_text(hashed(lock))
    return f"{place / 'bin'}{os.pathsep}{path}"


def node_environment() -> dict[str, str]:
    """An environment in which ``node`` and ``npm`` are new enough."""
    return {**os.environ, "PATH": _node_path(), "CI": "1", "npm_config_update_notifier": "false"}


def web_packages() -> None:
    """``web/node_modules``, exactly as locked."""
    stamp = WEB / "node_modules" / ".easel-stamp"
    wanted = hashed(WEB / "package-lock.json", WEB / "package.json")
    if read(stamp) == wanted:
        return
    environment = node_environment()
    say("installing the studio's packages (the first time about half a minute)")
    run("npm", "ci", "--no-audit", "--no-fund", cwd=WEB, env=environment)
    stamp.write_text(wanted)


def studio() -> None:
    """``web/dist``, built from the sources as they are."""
    stamp = TOOLS / "studio.stamp"
    if (WEB / "dist").is_dir() and read(stamp) == web_sources():
        return
    web_packages()
    say("building the studio (about ten seconds)")
    remove(stamp)
    run("npm", "run", "build", cwd=WEB, env=node_environment())
    stamp.write_text(web_sources())


def web_sources() -> str:
    made = {"node_modules", "dist", "coverage"}
    files = []
    for folder, folders, names in os.walk(WEB):
        folders[:] = [name for name in folders if name not in made and not name.startswith(".")]
        files += [Path(folder, name) for name in names]
    return hashed(*(part for file in sorted(files) for part in (str(file.relative_to(WEB)), file)))


def chromium() -> str:
    """The browser for the tests; installed if there is none and there is a way."""
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found or MAC_CHROME.exists():
        return found or str(MAC_CHROME)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("installing Chromium for the browser tests (about half a minute)")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        run("apt-get", "update", "-qq", env=environment)
        packages = ("chromium", "fonts-inter", "fonts-noto-color-emoji")
        run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages, env=environment)
        return str(shutil.which("chromium"))
    where = "from playwright.sync_api import sync_playwright as start\n"
    where += "with start() as playwright: print(playwright.chromium.executable_path)"
    for attempt in range(2):
        done = subprocess.run([str(PYTHON), "-c", where], stdout=subprocess.PIPE)
        own = done.stdout.decode().strip()
        if own and Path(own).exists():
            return own
        if attempt == 0:
            say("downloading Chromium for the browser tests (about a minute)")
            try:
                run(PYTHON, "-m", "playwright", "install", "chromium")
            except Stop as error:
                raise Stop(
                    f"{error}\nThe browser tests need Chromium. Debian: sudo apt install chromium"
                ) from error
    raise Stop("The browser tests need Chromium. Debian: sudo apt install chromium")


def prepare(*, dev: bool = False, also: str | None = None, web: bool = False, build: bool = False) -> None:
    """Makes all that a target needs; the Python part and the web part at the same time.

    `also` is what an environment may have beyond the program: "local" for models here, "traces".
    """
    with alone(), ThreadPoolExecutor() as pool:
        work = [pool.submit(python_packages, dev, also)]
        if build or web:
            work.append(pool.submit(studio if build else web_packages))
        for part in work:
            part.result()
