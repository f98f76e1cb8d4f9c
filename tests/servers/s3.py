"""An object store that speaks S3: the part of the protocol that stores need, in memory, with faults on demand.

After Amazon's API reference (2006-03-01): objects, ranges, lists (version 2), deletion of many, uploads in parts. Path
style. Signatures are not worked out; who names another key than `KEY_ID` is refused.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from uuid import uuid4
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .serving import serving, until_gone

BUCKET = "pictures"
KEY_ID = "test-key-id"
SECRET_KEY = "test-secret-key"
_NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'


@dataclass(frozen=True)
class Stored:
    """An object."""

    data: bytes
    content_type: str
    changed: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def tag(self) -> str:
        return f'"{hashlib.md5(self.data, usedforsecurity=False).hexdigest()}"'


class S3:
    """The store. `broken` answers 500, `throttled` 503 SlowDown, `silent` nothing at all, to so many requests."""

    def __init__(self) -> None:
        self.url = ""
        self.objects: dict[str, Stored] = {}
        self.uploads: dict[str, dict[int, bytes]] = {}
        self.requests = 0
        self.broken = 0
        self.throttled = 0
        self.silent = 0
        self.pause = 0.0

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to be told of it."""
        return {
            "STORAGE_URL": f"s3://{BUCKET}/easel",
            "AWS_ENDPOINT": self.url,
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        }

    async def answer(self, request: Request) -> Response:
        self.requests += 1
        data = await request.body()
        if self.silent > 0:
            self.silent -= 1
            await until_gone(request)
        if self.pause:
            await asyncio.sleep(self.pause)
        if self.broken > 0:
            self.broken -= 1
            return _error(500, "InternalError")
        if self.throttled > 0:
            self.throttled -= 1
            return _error(503, "SlowDown")
        if f"Credential={KEY_ID}/" not in request.headers.get("authorization", ""):
            return _error(403, "InvalidAccessKeyId")
        bucket, _, key = str(request.path_params["path"]).partition("/")
        if bucket != BUCKET:
            return _error(404, "NoSuchBucket")
        match request.method:
            case "GET" if not key:
                return self._listed(request)
            case "GET" | "HEAD":
                return self._read(request, key)
            case "PUT":
                return self._put(request, key, data)
            case "POST":
                return self._posted(request, key, data)
            case _:
                self.objects.pop(key, None)
                return Response(status_code=204)

    def _read(self, request: Request, key: str) -> Response:
        found = self.objects.get(key)
        if found is None:
            return _error(404, "NoSuchKey")
        data, status = found.data, 200
        headers = {
            "ETag": found.tag,
            "Last-Modified": format_datetime(found.changed, usegmt=True),
            "Accept-Ranges": "bytes",
            "Content-Type": found.content_type,
        }
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("range", ""))
        if wanted:
            start, end = int(wanted[1]), int(wanted[2] or len(data) - 1)
            if start >= len(data):
                return _error(416, "InvalidRange")
            end = min(end, len(data) - 1)
            headers["Content-Range"] = f"bytes {start}-{end}/{len(data)}"
            data, status = data[start : end + 1], 206
        if request.method == "HEAD":
            return Response(status_code=status, headers=headers | {"Content-Length": str(len(data))})
        return Response(data, status_code=status, headers=headers)

    def _put(self, request: Request, key: str, data: bytes) -> Response:
        if "uploadId" in request.query_params:
            parts = self.uploads.get(request.query_params["uploadId"])
            if parts is None:
                return _error(404, "NoSuchUpload")
            parts[int(request.query_params["partNumber"])] = data
            return Response(headers={"ETag": f'"{hashlib.md5(data, usedforsecurity=False).hexdigest()}"'})
        stored = Stored(data, request.headers.get("content-type", "binary/octet-stream"))
        self.objects[key] = stored
        return Response(headers={"ETag": stored.tag})

    def _posted(self, request: Request, key: str, data: bytes) -> Response:
        if "delete" in request.query_params:
            keys = [each.text or "" for each in ElementTree.fromstring(data).iter() if _name(each) == "Key"]
            for each in keys:
                self.objects.pop(each, None)
            gone = "".join(f"<Deleted><Key>{escape(each)}</Key></Deleted>" for each in keys)
            return _xml(f"<DeleteResult {_NAMESPACE}>{gone}</DeleteResult>")
        if "uploads" in request.query_params:
            upload = uuid4().hex
            self.uploads[upload] = {}
            inside = f"<Bucket>{BUCKET}</Bucket><Key>{escape(key)}</Key><UploadId>{upload}</UploadId>"
            name = "InitiateMultipartUploadResult"
        else:
            parts = self.uploads.pop(request.query_params["uploadId"])
            stored = Stored(b"".join(parts[number] for number in sorted(parts)), "binary/octet-stream")
            self.objects[key] = stored
            inside = f"<Key>{escape(key)}</Key><ETag>{escape(stored.tag)}</ETag>"
            name = "CompleteMultipartUploadResult"
        return _xml(f"<{name} {_NAMESPACE}>{inside}</{name}>")

    def _listed(self, request: Request) -> Response:
        prefix = request.query_params.get("prefix", "")
        after = request.query_params.get("continuation-token", "")
        keys = sorted(key for key in self.objects if key.startswith(prefix) and key > after)
        page, more = keys[:1000], len(keys) > 1000
        inside = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{len(self.objects[key].data)}</Size>"
            f"<ETag>{escape(self.objects[key].tag)}</ETag>"
            f"<LastModified>{self.objects[key].changed:%Y-%m-%dT%H:%M:%S.000Z}</LastModified></Contents>"
            for key in page
        )
        inside += f"<IsTruncated>{str(more).lower()}</IsTruncated><KeyCount>{len(page)}</KeyCount>"
        inside += f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if more else ""
        return _xml(f"<ListBucketResult {_NAMESPACE}>{inside}</ListBucketResult>")


@contextmanager
def serving_s3() -> Iterator[S3]:
    """An empty store on loopback, for as long as the block runs."""
    store = S3()
    methods = ["GET", "HEAD", "PUT", "POST", "DELETE"]
    app = Starlette(routes=[Route("/{path:path}", store.answer, methods=methods)])
    with serving(app) as store.url:
        yield store


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _xml(words: str, status: int = 200) -> Response:
    return Response(
        f'<?xml version="1.0" encoding="UTF-8"?>{words}', status_code=status, media_type="application/xml"
    )


def _error(status: int, code: str) -> Response:
    return _xml(f"<Error><Code>{code}</Code><Message>{code}</Message></Error>", status)
