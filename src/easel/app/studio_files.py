"""Serves the built studio: two pages and their files, compressed when they were built."""

from __future__ import annotations

import json
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse
from starlette.types import Receive, Scope, Send

from easel.base.settings import Settings
from easel.core.http import deps
from easel.core.http.files import not_modified
from easel.core.http.negotiation import accepted_names

_IMMUTABLE = "public, max-age=31536000, immutable"
_FRESH = "no-cache"
_PRELOADS = "preloads.json"
_PERSONAL = "personal"
_WORKSPACE = re.compile(r"/app/w/([^/]+)(?=/|$)")
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))

mimetypes.add_type("application/manifest+json", ".webmanifest")
mimetypes.add_type("image/avif", ".avif")
mimetypes.add_type("image/webp", ".webp")
mimetypes.add_type("font/woff2", ".woff2")

_NOT_BUILT = (
    "<!doctype html><html lang='en'><title>Easel</title><h1>Easel runs, but its studio is not built</h1>"
    "<p>Run <code>make serve</code> in the checkout, which builds it. The API is at <a href='/docs'>/docs</a>.</p>"
)


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    media_type: str
    compressed: Mapping[str, Path]


@dataclass(frozen=True, slots=True)
class _Preloads:
    """What a page of the studio fetches first, each as a part of a `Link` header."""

    scripts: tuple[str, ...]
    session: tuple[str, ...]
    lists: tuple[str, ...]

    def link(self, request: Request, *, personal: bool) -> str:
        parts = self.scripts
        # What is asked for in a team carries a header, which nothing that is fetched ahead has. Strangers are
        # answered nothing, and an address with a query of its own shows another list.
        if personal and deps.SESSION_COOKIE in request.cookies:
            parts += self.session if request.url.query else self.session + self.lists
        return ", ".join(parts)


def find_studio(settings: Settings) -> Path | None:
    """The folder of the built studio: the one set, else the one beside the package or the checkout's."""
    package = Path(__file__).resolve().parents[1]
    found = (package / "studio", package.parents[1] / "web" / "dist")
    for folder in (settings.web.studio,) if settings.web.studio is not None else found:
        if (folder / "app.html").is_file():
            return folder
    return None


def install(app: FastAPI, settings: Settings) -> None:
    """Answer `/`, `/app/*` and the studio's files: whatever no route of `app` is for."""
    folder = find_studio(settings)
    files = _scan(folder) if folder else {}
    listed = files.pop(_PRELOADS, None)
    preloads = _read_preloads(listed.path) if listed else {}

    def studio(request: Request) -> Response:
        path, link = str(request.scope["path"]).removeprefix("/"), ""
        if path == "api" or path.startswith("api/") or request.method not in ("GET", "HEAD"):
            raise HTTPException(404)
        if path in ("", "index.html"):
            path = "index.html"
        elif path == "app" or path.startswith("app/"):
            path = "app.html"
            where, inside = _inside(str(request.scope["path"]))
            address = _address(inside, preloads)
            link = preloads[address].link(request, personal=where == _PERSONAL) if address else ""
        found = files.get(path)
        if found is None:
            if not files and path in ("index.html", "app.html"):
                return HTMLResponse(_NOT_BUILT, 503)
            raise HTTPException(404)
        return _answer(request, path, found, link)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await studio(Request(scope, receive))(scope, receive, send)

    # Not a route: one for every path would turn a wrong method below /api into 405 where nothing is at all.
    app.router.default = answer


def _scan(folder: Path) -> dict[str, _File]:
    files = {}
    for path in folder.rglob("*"):
        if not path.is_file() or path.suffix in (".br", ".gz"):
            continue
        compressed = {
            name: path.with_name(path.name + suffix)
            for name, suffix in _ENCODINGS
            if path.with_name(path.name + suffix).is_file()
        }
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        files[path.relative_to(folder).as_posix()] = _File(path, media_type, compressed)
    return files


def _read_preloads(path: Path) -> dict[str, _Preloads]:
    """By address, as the build wrote them; the last part of an address may be `*`."""

    def data(wanted: list[str]) -> tuple[str, ...]:
        return tuple(f"<{url}>; rel=preload; as=fetch; crossorigin" for url in wanted)

    return {
        address: _Preloads(
            scripts=tuple(f"<{url}>; rel=modulepreload; crossorigin" for url in wanted["scripts"]),
            session=data(wanted["session"]),
            lists=data(wanted["lists"]),
        )
        for address, wanted in json.loads(path.read_text()).items()
    }


def _inside(path: str) -> tuple[str, str]:
    """The name of the workspace in an address of the studio, and the address without it."""
    found = _WORKSPACE.match(path)
    return (found[1], f"/app{path[found.end() :]}") if found else (_PERSONAL, path)


def _address(path: str, preloads: Mapping[str, _Preloads]) -> str | None:
    """The one of `preloads` that stands for `path`."""
    path = path.rstrip("/")
    if path in preloads:
        return path
    above = path.rpartition("/")[0] + "/*"
    return above if above in preloads else None


def _answer(request: Request, name: str, file: _File, link: str) -> Response:
    accepted = accepted_names(request.headers.get("accept-encoding", ""))
    headers = {"Cache-Control": _IMMUTABLE if name.startswith("assets/") else _FRESH}
    path = file.path
    for encoding, variant in file.compressed.items():
        if encoding in accepted:
            path = variant
            headers["Content-Encoding"] = encoding
            break
    if link:
        headers["Link"] = link
    if file.compressed:
        headers["Vary"] = "Accept-Encoding"
    response = FileResponse(path, media_type=file.media_type, headers=headers, stat_result=path.stat())
    if not_modified(request, response.headers["etag"].strip('"')):
        return Response(
            status_code=304,
            headers={
                k: v for k, v in response.headers.items() if k in ("etag", "cache-control", "link", "vary")
            },
        )
    return response
