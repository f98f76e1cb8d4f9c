"""Serves the built studio: two pages and their files, compressed when they were built."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse
from starlette.types import Receive, Scope, Send

from easel.base.settings import Settings
from easel.core.http.files import not_modified
from easel.core.http.negotiation import accepted_names

_IMMUTABLE = "public, max-age=31536000, immutable"
_FRESH = "no-cache"
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

    def studio(request: Request) -> Response:
        path = str(request.scope["path"]).removeprefix("/")
        if path == "api" or path.startswith("api/") or request.method not in ("GET", "HEAD"):
            raise HTTPException(404)
        if path in ("", "index.html"):
            path = "index.html"
        elif path == "app" or path.startswith("app/"):
            path = "app.html"
        found = files.get(path)
        if found is None:
            if not files and path in ("index.html", "app.html"):
                return HTMLResponse(_NOT_BUILT, 503)
            raise HTTPException(404)
        return _answer(request, path, found)

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


def _answer(request: Request, name: str, file: _File) -> Response:
    accepted = accepted_names(request.headers.get("accept-encoding", ""))
    headers = {"Cache-Control": _IMMUTABLE if name.startswith("assets/") else _FRESH}
    path = file.path
    for encoding, variant in file.compressed.items():
        if encoding in accepted:
            path = variant
            headers["Content-Encoding"] = encoding
            break
    if file.compressed:
        headers["Vary"] = "Accept-Encoding"
    response = FileResponse(path, media_type=file.media_type, headers=headers, stat_result=path.stat())
    if not_modified(request, response.headers["etag"].strip('"')):
        return Response(
            status_code=304,
            headers={k: v for k, v in response.headers.items() if k in ("etag", "cache-control", "vary")},
        )
    return response
