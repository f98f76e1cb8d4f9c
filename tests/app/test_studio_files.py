"""The built studio over HTTP: compressed as the client takes it, cached as its names allow, nothing else."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from easel.app import studio_files
from easel.app.api import build, wrap
from easel.base.settings import Settings
from easel.core.http import deps
from tests.plugins.problems import problem_of

pytestmark = pytest.mark.anyio
SCRIPT = b"console.log('studio');\n" * 50


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A folder like that of a built studio; the compressed copies say which they are."""
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    for name in ("index.html", "app.html"):
        (folder / name).write_text(f"<!doctype html><title>{name}</title>")
    (folder / "assets" / "main-abc.js").write_bytes(SCRIPT)
    (folder / "assets" / "main-abc.js.br").write_bytes(b"brotli's bytes")
    (folder / "assets" / "main-abc.js.gz").write_bytes(gzip.compress(SCRIPT))
    (folder / "assets" / "font.woff2").write_bytes(b"font")
    (folder / "app.webmanifest").write_text("{}")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(folder / "nowhere")
    return folder


@asynccontextmanager
async def browsing(settings: Settings, folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = build()
    web = settings.web.model_copy(update={"studio": folder})
    settings = settings.model_copy(update={"web": web})
    studio_files.install(app, settings)
    transport = httpx.ASGITransport(wrap(app, settings))
    headers = {"Accept-Encoding": "identity"}
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
        yield client


async def test_pages(settings: Settings, built: Path) -> None:
    async with browsing(settings, built) as client:
        for path, title in (
            ("/", "index.html"),
            ("/index.html", "index.html"),
            ("/app", "app.html"),
            ("/app/", "app.html"),
            ("/app/images/7?x=1", "app.html"),
            ("/app/any.thing", "app.html"),
            ("/app.html", "app.html"),
        ):
            answer = await client.get(path)
            assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
            assert title in answer.text
            assert answer.headers["cache-control"] == "no-cache"
            head = await client.head(path)
            assert (head.status_code, head.content) == (200, b"")
            assert head.headers["content-length"] == answer.headers["content-length"]


async def test_files_go_out_as_the_client_takes_them(settings: Settings, built: Path) -> None:
    async with browsing(settings, built) as client:
        tags = set()
        for accepted, encoding in (
            ("br, gzip", "br"),
            ("gzip, deflate", "gzip"),
            ("GZIP;q=0.5", "gzip"),
            ("br;q=0, gzip", "gzip"),
            ("br;q=0.0,gzip; q=0", None),
            ("identity", None),
            ("", None),
            ("zstd", None),
        ):
            answer = await client.get("/assets/main-abc.js", headers={"Accept-Encoding": accepted})
            assert answer.status_code == 200
            assert answer.headers.get("content-encoding") == encoding, accepted
            assert answer.headers["vary"] == "Accept-Encoding"
            assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
            assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
            tags.add(answer.headers["etag"])
            if encoding != "br":
                assert answer.content == SCRIPT
        assert len(tags) == 3
        font = await client.get("/assets/font.woff2", headers={"Accept-Encoding": "br"})
        assert (font.headers["content-type"], font.content) == ("font/woff2", b"font")
        assert "vary" not in font.headers
        assert (await client.get("/app.webmanifest")).headers["content-type"] == "application/manifest+json"


async def test_what_the_client_has_is_not_sent_again(settings: Settings, built: Path) -> None:
    async with browsing(settings, built) as client:
        for path in ("/app", "/assets/main-abc.js"):
            first = await client.get(path)
            tag = first.headers["etag"]
            for condition in (tag, f"W/{tag}", f'"other", {tag}', "*"):
                again = await client.get(path, headers={"If-None-Match": condition})
                assert (again.status_code, again.content) == (304, b""), condition
                assert again.headers["etag"] == tag
                assert again.headers["cache-control"] == first.headers["cache-control"]
                assert again.headers.get("vary") == first.headers.get("vary")
            assert (await client.get(path, headers={"If-None-Match": '"other"'})).status_code == 200


async def test_nothing_but_the_studios_files(settings: Settings, built: Path) -> None:
    async with browsing(settings, built) as client:
        for path in (
            *("/nothing", "/assets/", "/assets/gone.js", "/link.txt", "/assets/main-abc.js.br", "/appendix"),
            *("/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/assets/..%2f..%2fsecret.txt"),
            *("/%2e%2e%2fsecret.txt", "//etc/passwd", "/assets/%00", "/" + "x" * 5000),
        ):
            problem_of(await client.get(path), 404, "not_found")
        for method in ("POST", "PUT", "DELETE"):
            problem_of(await client.request(method, "/app"), 404, "not_found")


async def test_a_studio_that_is_not_built_says_so(settings: Settings, tmp_path: Path) -> None:
    async with browsing(settings, tmp_path / "nowhere") as client:
        for path in ("/", "/app", "/app/images"):
            answer = await client.get(path)
            assert (answer.status_code, answer.headers["content-type"]) == (503, "text/html; charset=utf-8")
            assert "not built" in answer.text
        problem_of(await client.get("/assets/main.js"), 404, "not_found")
        assert (await client.get("/docs")).status_code == 200


async def test_a_page_names_what_it_fetches_first(settings: Settings, built: Path) -> None:
    generate = {"scripts": ["/assets/frame-a.js"], "session": ["/api/auth/me"], "lists": []}
    images = {
        "scripts": ["/assets/images-b.js"],
        "session": ["/api/auth/me"],
        "lists": ["/api/images?limit=60"],
    }
    preloads = {"/app": generate, "/app/images": images, "/app/images/*": generate}
    (built / "preloads.json").write_text(json.dumps(preloads))
    (built / "preloads.json.br").write_bytes(b"brotli's bytes")
    frame = "</assets/frame-a.js>; rel=modulepreload; crossorigin"
    gallery = "</assets/images-b.js>; rel=modulepreload; crossorigin"
    user = "</api/auth/me>; rel=preload; as=fetch; crossorigin"
    first = "</api/images?limit=60>; rel=preload; as=fetch; crossorigin"
    cookie = {"Cookie": f"{deps.SESSION_COOKIE}=any"}
    async with browsing(settings, built) as client:
        for path, signed_in, stranger in (
            ("/app", f"{frame}, {user}", frame),
            ("/app/images", f"{gallery}, {user}, {first}", gallery),
            ("/app/images/", f"{gallery}, {user}, {first}", gallery),
            ("/app/images?order=asc", f"{gallery}, {user}", gallery),
            ("/app/images/7", f"{frame}, {user}", frame),
            ("/app/images/7/8", None, None),
            ("/app/nothing", None, None),
            ("/", None, None),
        ):
            answer = await client.get(path, headers=cookie)
            assert answer.headers.get("link") == signed_in, path
            assert (await client.get(path)).headers.get("link") == stranger, path
            condition = {"If-None-Match": answer.headers["etag"]}
            again = await client.get(path, headers=cookie | condition)
            assert (again.status_code, again.headers.get("link")) == (304, signed_in), path
        for path in ("/preloads.json", "/preloads.json.br"):
            problem_of(await client.get(path), 404, "not_found")
