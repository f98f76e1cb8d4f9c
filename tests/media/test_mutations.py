"""Mutated pictures through the door that strangers' files come by: refused or read, and nothing is harmed by them.

Some hundreds with all tests, ten thousand by ``make test-faults``.
"""

from __future__ import annotations

import asyncio
import io
import random
from collections import Counter

import psutil
import pytest

from easel.media.errors import ImageTooLarge, NotAnImage
from easel.media.isolated import ImageTooDemanding, Isolated
from easel.media.redraw import Recipe
from tests.media import foreign_files as files
from tests.media.pictures import encoded, photo

pytestmark = pytest.mark.anyio

SEEDS = (
    *(encoded(photo(24, 16), format) for format in ("png", "jpeg", "webp", "avif")),
    files.png({"parameters": files.A1111}),
    files.jpeg_with_exif(files.exif(comment=files.A1111)),
    files.webp_with_exif(files.exif(comment=files.A1111)),
)
AVATAR = Recipe(format="webp", square=64)
REFUSED = (NotAnImage, ImageTooLarge, ImageTooDemanding)
ODD = (b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\x7f\xff\xff\xff", b"\x80\x00\x00\x00", b"%n%s", b"\x00")


def mutated(chance: random.Random) -> bytes:
    """A seed with some bytes changed, moved, doubled or lost, as fuzzers do."""
    data = bytearray(chance.choice(SEEDS))
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at, length = chance.randrange(len(data)), chance.choice((1, 2, 4, 8, 64))
        match chance.randrange(6):
            case 0:
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                data[at : at + length] = chance.randbytes(length)
            case 2:
                data[at : at + 4] = chance.choice(ODD)
            case 3:
                data[at:at] = data[at : at + length]
            case 4:
                del data[at : at + length]
            case _:
                other = chance.choice(SEEDS)
                data[at : at + length] = other[at : at + length]
        if len(data) < 16:
            break
    return bytes(data)


async def fuzzed(number: int, *, seed: int) -> None:
    """Send mutations to decoders; after each hundred the server's own memory is no more than before."""
    chance, ends = random.Random(seed), Counter[str]()
    isolated = Isolated(processes=2, seconds=30)
    here = psutil.Process()

    async def one(data: bytes) -> None:
        try:
            if chance.random() < 0.5:
                await isolated.inspect(io.BytesIO(data))
            else:
                assert (await isolated.redraw(io.BytesIO(data), AVATAR)).width == 64
            ends["read"] += 1
        except REFUSED as error:
            ends[error.code] += 1

    try:
        before = 0
        for done in range(0, number, 100):
            await asyncio.gather(*(one(mutated(chance)) for _ in range(100)))
            if done == 100:
                before = here.memory_info().rss
        assert ends.total() == number
        assert ends["read"] > number / 20, ends
        assert ends["not_an_image"] > number / 20, ends
        # Whole pictures are read as before, by decoders that are there.
        for data in SEEDS:
            assert (await isolated.redraw(io.BytesIO(data), AVATAR)).width == 64
        assert here.memory_info().rss - before < 50 << 20
    finally:
        await isolated.close()


async def test_some_hundreds_of_mutations_harm_nothing() -> None:
    await fuzzed(400, seed=1)


@pytest.mark.faults
@pytest.mark.timeout(1800)
async def test_ten_thousand_mutations_harm_nothing() -> None:
    await fuzzed(10_000, seed=2)
