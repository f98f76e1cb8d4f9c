"""The whole studio for browser tests: `easel serve` as a process of its own, and Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class RunningStudio:
    """A studio that runs: its address, its process and its data folder."""

    url: str
    process: subprocess.Popen[bytes]
    data: Path


@pytest.fixture(scope="session")
def running_studio() -> Iterator[RunningStudio]:
    """`easel serve` on a free port and an empty data folder, from start to ready."""
    with studio_of_its_own() as running:
        yield running


@contextmanager
def studio_of_its_own(**settings: str) -> Iterator[RunningStudio]:
    """The same with settings of a test's own; `{url}` in them is the studio's address."""
    assert (ROOT / "web" / "dist" / "app.html").is_file(), "build the studio first: make build"
    folder = Path(tempfile.mkdtemp(prefix="easel-browser-", dir="/tmp"))
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "EASEL_DATA": str(folder / "data"),
        "EASEL_PORT": str(port),
        "EASEL_LOG_LEVEL": "warning",
        "EASEL_LIMIT_SIGN_IN": "1000000",
        **{name: value.format(url=f"http://127.0.0.1:{port}") for name, value in settings.items()},
    }
    process = subprocess.Popen([sys.executable, "-m", "easel", "serve"], cwd=ROOT, env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        _await_ready(url, process)
        yield RunningStudio(url, process, folder / "data")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _await_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "easel serve ended before it was ready"
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise AssertionError("easel serve was not ready within a minute")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium, the one that `make test` found or installed; ended with the module, for its loop bars others."""
    expect.set_options(timeout=20_000)
    found = os.environ.get("EASEL_TEST_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser, running_studio: RunningStudio) -> Iterator[BrowserContext]:
    """A browser without memory; an error in the page's console fails the test."""
    context = chromium.new_context(
        base_url=running_studio.url, viewport={"width": 1280, "height": 800}, reduced_motion="reduce"
    )
    context.set_default_timeout(15_000)
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield context
    context.close()
    assert not errors, errors


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def lose_session(page: Page) -> None:
    """Take the cookie away while no page is open: the studio, finding it gone, would go to the log-in by itself."""
    page.goto("about:blank")
    page.context.clear_cookies()
