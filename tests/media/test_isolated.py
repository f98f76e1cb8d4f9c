"""Decoding in processes of their own: limits, what survives them, and that nobody else notices."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from easel.media.errors import ImageTooLarge, NotAnImage
from easel.media.isolated import ImageTooDemanding, Isolated
from easel.media.redraw import Recipe, redraw
from tests.media import pictures

pytestmark = pytest.mark.anyio
AVATAR = Recipe(format="webp", square=64)
SMALL = pictures.encoded(pictures.photo(64, 48), "png")


@pytest.fixture
async def isolated() -> AsyncIterator[Isolated]:
    made = Isolated(processes=2, seconds=60)
    yield made
    await made.close()
    assert made.pids == ()


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_it_draws_what_redraw_draws_and_reuses_its_process(isolated: Isolated) -> None:
    assert sorted(isolated.pids) == []
    source = io.BytesIO(SMALL)
    for _ in range(3):
        assert await isolated.redraw(source, AVATAR) == redraw(SMALL, AVATAR)
    assert len(isolated.pids) == 1
    assert os.getpid() not in isolated.pids


async def test_refusals_come_through_with_their_words(isolated: Isolated) -> None:
    with pytest.raises(NotAnImage, match="damaged or cut off"):
        await isolated.redraw(io.BytesIO(SMALL[:-200]), AVATAR)
    with pytest.raises(ImageTooLarge, match="60000 × 60000"):
        await isolated.redraw(io.BytesIO(pictures.png_by_hand(60_000, 60_000)), AVATAR)
    with pytest.raises(NotAnImage):
        await isolated.redraw(io.BytesIO(b"<svg/>"), AVATAR)
    assert (await isolated.redraw(io.BytesIO(SMALL), AVATAR)).width == 64
    assert len(isolated.pids) == 1


async def test_many_at_once_share_a_few_processes(isolated: Isolated) -> None:
    await asyncio.gather(*(isolated.redraw(io.BytesIO(SMALL), AVATAR) for _ in range(12)))
    assert len(isolated.pids) <= 2


async def test_one_that_hangs_is_ended_and_the_next_one_works(isolated: Isolated) -> None:
    await isolated.redraw(io.BytesIO(SMALL), AVATAR)
    (hanging,) = isolated.pids
    os.kill(hanging, signal.SIGSTOP)
    isolated._seconds = 0.3
    with pytest.raises(ImageTooDemanding):
        await isolated.redraw(io.BytesIO(SMALL), AVATAR)
    assert not lives(hanging)
    isolated._seconds = 60
    assert (await isolated.redraw(io.BytesIO(SMALL), AVATAR)).source == "png"
    assert hanging not in isolated.pids


async def test_one_that_is_given_up_ends(isolated: Isolated) -> None:
    await isolated.redraw(io.BytesIO(SMALL), AVATAR)
    (pid,) = isolated.pids
    os.kill(pid, signal.SIGSTOP)
    task = asyncio.create_task(isolated.redraw(io.BytesIO(SMALL), AVATAR))
    while isolated._idle:  # noqa: ASYNC110 - until the task has taken the process
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not lives(pid)
    assert (await isolated.redraw(io.BytesIO(SMALL), AVATAR)).source == "png"


async def test_one_that_was_killed_while_idle_is_replaced(isolated: Isolated) -> None:
    await isolated.redraw(io.BytesIO(SMALL), AVATAR)
    (pid,) = isolated.pids
    os.kill(pid, signal.SIGKILL)
    while isolated._idle[0].lives:  # noqa: ASYNC110 - until the loop has heard of it
        await asyncio.sleep(0.01)
    assert (await isolated.redraw(io.BytesIO(SMALL), AVATAR)).source == "png"
    assert pid not in isolated.pids


@pytest.mark.skipif(sys.platform != "linux", reason="macOS counts no address space")
async def test_one_picture_gets_so_much_memory_and_no_more() -> None:
    turned = pictures.tagged(pictures.plain(9_000, 9_000, (1, 2, 3)), 6)
    heavy = pictures.encoded(turned, "jpeg")  # turning it takes all its pixels at once: 243 MB
    isolated = Isolated(processes=1, memory=100 << 20, seconds=60)
    try:
        with pytest.raises(ImageTooDemanding):
            await isolated.redraw(io.BytesIO(heavy), Recipe(format="png"))
        assert (await isolated.redraw(io.BytesIO(SMALL), AVATAR)).source == "png"
    finally:
        await isolated.close()
    isolated = Isolated(processes=1, seconds=100)
    try:
        assert (await isolated.redraw(io.BytesIO(heavy), Recipe(format="png"))).width == 9_000
    finally:
        await isolated.close()


@dataclass(frozen=True)
class Facts:
    """What Linux tells of a process."""

    environment: bytes
    files: list[str]
    limits: dict[str, str]

    @classmethod
    def of(cls, pid: int) -> Facts:
        proc = Path(f"/proc/{pid}")
        lines = (proc / "limits").read_text().splitlines()
        return cls(
            environment=(proc / "environ").read_bytes(),
            files=[str(file.readlink()) for file in (proc / "fd").iterdir()],
            limits={line[4:26].strip(): line[26:].split()[0] for line in lines if line.startswith("Max ")},
        )


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_the_process_inherits_nothing(
    isolated: Isolated, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("EASEL_SECRET", "8f14e45fceea167a5a36dedd4bea2543")
    ours = os.open(tmp_path / "ours", os.O_CREAT | os.O_RDWR)
    os.set_inheritable(ours, True)
    await isolated.redraw(io.BytesIO(SMALL), AVATAR)
    os.close(ours)
    (pid,) = isolated.pids
    facts = await asyncio.to_thread(Facts.of, pid)
    assert b"EASEL_SECRET" not in facts.environment
    assert str(tmp_path / "ours") not in facts.files
    assert (facts.limits["core file size"], facts.limits["file size"]) == ("0", "0")
    assert int(facts.limits["address space"]) < 6 << 30
