"""Results are fetched from the open internet and the service's own place, in bounds, and only if they are pictures."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
import pyvips

from easel.core.work import Studio
from easel.features.library import service as library
from easel.providers.download import Downloads
from easel.providers.errors import ProviderError, TimedOut, Unavailable
from tests.plugins.painter import picture

pytestmark = pytest.mark.anyio

PNG = picture(32, 32, 1)
Write = Callable[[asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(write: Write) -> AsyncIterator[str]:
    """A server that answers each request as `write` does; its address."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        try:
            await write(writer)
        except OSError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def answering(body: bytes, head: str = "content-type: image/png", status: str = "200 OK") -> Write:
    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 {status}\r\n{head}\r\nconnection: close\r\n\r\n".encode() + body)
        await writer.drain()

    return write


async def fetched(url: str, home: str | None, **limits: float) -> bytes:
    downloads = Downloads(home)
    try:
        produced = await downloads.fetch(url, **limits)  # type: ignore[arg-type]
        assert produced.file is None
        return produced.data
    finally:
        await downloads.close()


async def test_fetches_from_the_services_own_place() -> None:
    async with serving(answering(PNG)) as home:
        assert await fetched(f"{home}/a.png", home + "/some/path") == PNG


async def test_what_is_large_lies_on_disk_until_it_is_stored(studio: Studio) -> None:
    noise = pyvips.Image.gaussnoise(1200, 900, sigma=60, seed=1).cast("uchar")
    large = noise.bandjoin([noise, noise]).copy(interpretation="srgb").pngsave_buffer(compression=0)
    async with serving(answering(large)) as home:
        downloads = Downloads(home)
        produced = await downloads.fetch(f"{home}/a.png", seed=7, facts={"id": "a"})
        await downloads.close()
    assert (produced.data, produced.seed, produced.metadata) == (b"", 7, {"id": "a"})
    assert produced.file is not None
    kept = await library.keep(studio, produced.content)
    assert kept == await library.keep(studio, large)
    assert await studio.storage.get(kept.key) == large
    produced.close()


async def test_goes_to_no_other_private_address() -> None:
    async with serving(answering(PNG)) as inside:
        for home in (None, "https://queue.fal.run", "http://127.0.0.1:9", inside.replace("http", "https")):
            with pytest.raises(ProviderError, match="address was refused"):
                await fetched(f"{inside}/a.png", home)
        redirect = answering(b"", f"location: {inside}/a.png", "302 Found")
        async with serving(redirect) as home:
            with pytest.raises(ProviderError, match="address was refused"):
                await fetched(f"{home}/a.png", home)
    with pytest.raises(ProviderError, match="refused"):
        await fetched("file:///etc/passwd", None)


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (answering(b"<html>" + bytes(99), "content-type: text/html"), "something else than a picture: text/html"),
        (answering(b"<html>no picture at all, whatever the head says</html>"), "something else than a picture"),
        (answering(b"short"), "something else than a picture"),
        (answering(PNG, f"content-length: {10**9}"), "larger than 1 MB"),
        (answering(PNG + bytes(1_000_001)), "larger than 1 MB"),
        (answering(PNG, "content-encoding: gzip"), "packed"),
        (answering(b"", status="404 Not Found"), "answered 404"),
        (answering(b"", "location: /", "302 Found"), "without end"),
    ],
)  # fmt: skip
async def test_refuses_what_is_no_picture_or_too_large(write: Write, words: str) -> None:
    async with serving(write) as home:
        with pytest.raises(ProviderError, match=words) as caught:
            await fetched(f"{home}/a.png", home, limit_bytes=1_000_000)
        assert not caught.value.retryable


async def test_what_may_pass_is_told_apart() -> None:
    async with serving(answering(b"", status="503 Service Unavailable")) as home:
        with pytest.raises(Unavailable):
            await fetched(f"{home}/a.png", home)
    async with serving(answering(PNG[:40], f"content-length: {len(PNG)}\r\ncontent-type: image/png")) as home:
        with pytest.raises(Unavailable):
            await fetched(f"{home}/a.png", home)

    async def silent(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    async with serving(silent) as home:
        with pytest.raises(TimedOut):
            await fetched(f"{home}/a.png", home, seconds=0.2)


async def test_reads_pictures_inside_an_address() -> None:
    text = base64.b64encode(PNG).decode()
    assert await fetched(f"data:image/png;base64,{text}", None) == PNG
    with pytest.raises(ProviderError, match="cannot be read"):
        await fetched("data:image/png;base64,!!!", None)
    with pytest.raises(ProviderError, match="something else"):
        await fetched("data:text/plain,hello", None)
    with pytest.raises(ProviderError, match="larger"):
        await fetched(f"data:image/png;base64,{text}", None, limit_bytes=50)
