"""Uploads under a real ClamAV daemon, whose only signature is this file's own."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from easel.base.settings import BadSettings, load
from easel.core.work import Studio
from tests.media import pictures
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server, serving

pytestmark = pytest.mark.anyio
MALWARE = b"easel-test-malware-5b1f0c9e"
CLEAN = pictures.encoded(pictures.plain(64, 64, (200, 30, 30)), "png")
INFECTED = CLEAN + MALWARE


@dataclass(frozen=True)
class Clamd:
    """A running daemon: its TCP address and its Unix socket, as settings name them."""

    tcp: str
    unix: str


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clamd]:
    """ClamAV's own daemon on loopback. Fails where it is not installed (Debian: `clamav-daemon`)."""
    program = shutil.which(
        "clamd", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/sbin"
    )
    assert program, "clamd is not installed; on Debian: apt-get install clamav-daemon"
    # Not below pytest's folders: the path of a socket may have about 100 characters.
    folder = Path("/tmp") / f"easel-clamd-{uuid4().hex[:12]}"
    (folder / "signatures").mkdir(parents=True)
    (folder / "signatures" / "easel.ndb").write_text(f"Easel.Test.Malware:0:*:{MALWARE.hex()}\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    unix = folder / "clamd.sock"
    configuration = folder / "clamd.conf"
    configuration.write_text(
        f"DatabaseDirectory {folder}/signatures\nTCPSocket {port}\nTCPAddr 127.0.0.1\nLocalSocket {unix}\n"
        f"TemporaryDirectory {folder}\nStreamMaxLength 1M\nForeground yes\nConcurrentDatabaseReload no\n"
    )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [program, "--config-file", configuration], stdout=log, stderr=subprocess.STDOUT
        )
        try:
            deadline = time.monotonic() + 100
            while not _answers(port):
                said = (folder / "log").read_text()
                assert process.poll() is None, f"clamd ended: {said}"
                assert time.monotonic() < deadline, f"clamd does not answer: {said}"
                time.sleep(0.05)
            yield Clamd(f"clamd://127.0.0.1:{port}", f"unix://{unix}")
        finally:
            process.kill()
            process.wait()
            shutil.rmtree(folder)


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(b"zPING\0")
        return connection.recv(16) == b"PONG\0"
    return False


async def send(client: httpx.AsyncClient, data: bytes) -> httpx.Response:
    return await client.post("/api/users/avatar", files={"file": ("me.png", data, "image/png")})


def scanned(studio: Studio, url: str, away: str = "refuse") -> AbstractAsyncContextManager[Server]:
    """A server over `studio` with a scanner."""
    uploads = studio.settings.uploads.model_copy(update={"clamav_url": url, "clamav_away": away})
    settings = studio.settings.model_copy(update={"uploads": uploads})
    return serving(settings, replace(studio, settings=settings))


@pytest.mark.parametrize("way", ["tcp", "unix"])
async def test_the_infected_is_refused_and_the_clean_is_taken(clamd: Clamd, studio: Studio, way: str) -> None:
    async with scanned(studio, getattr(clamd, way)) as server:
        ada = await server.member()
        problem = problem_of(await send(ada, INFECTED), 422, "file_infected")
        assert "Easel.Test.Malware" in problem.detail
        assert (await ada.get("/api/auth/me")).json()["avatar_url"] is None
        assert (await send(ada, CLEAN)).status_code == 200


async def test_a_file_longer_than_the_scanner_takes_is_not_taken(clamd: Clamd, studio: Studio) -> None:
    async with scanned(studio, clamd.tcp) as server:
        ada = await server.member()
        problem_of(await send(ada, CLEAN + bytes(3 << 20)), 503, "scanner_unavailable")


@pytest.mark.parametrize("url", ["clamd://127.0.0.1:1", "unix:///tmp/no-such-clamd.sock"])
async def test_without_its_scanner_a_studio_takes_nothing_unless_told_to(studio: Studio, url: str) -> None:
    async with scanned(studio, url) as server:
        ada = await server.member()
        problem_of(await send(ada, CLEAN), 503, "scanner_unavailable")
    async with scanned(studio, url, away="pass") as server:
        bob = await server.member("bob@example.com")
        assert (await send(bob, CLEAN)).status_code == 200


@pytest.mark.parametrize(
    "url", ["localhost", "clamd://host", "clamd://host:1/x", "unix://host/x", "http://h:1"]
)
def test_what_is_no_daemon_is_no_setting(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("EASEL_CLAMAV_URL", url)
    with pytest.raises(BadSettings, match="EASEL_CLAMAV_URL: must be clamd://host:port"):
        load()
