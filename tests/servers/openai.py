"""OpenAI's images API as it is documented: generations, edits by mask, streams, usage, errors.

Pictures are always base64 for the GPT Image models; the older ones answer as `response_format` says. A mask is a PNG
that is transparent where the picture is to change. Nothing is kept: a dropped call is gone, and still counts.
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
import re
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pyvips
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from . import pictures
from .serving import KEY, cut_off, until_gone

NEW = (
    "gpt-image-2",
    "gpt-image-2.5-sunburst",
    "gpt-image-2.5-flare",
    "gpt-image-2.6-sunburst",
    "gpt-image-2.6-flare",
)
OLD = ("gpt-image-1.5", "gpt-image-1-mini")
QUALITIES = {"auto", "low", "medium", "high"}
TOKENS = {"low": 272, "medium": 1056, "high": 4160, "xhigh": 6240, "max": 8320}
MOST = {"dall-e-2": 1000, "dall-e-3": 4000}

Fields = dict[str, Any]
Answer = Callable[[Request], Response]


def error(
    status: int, message: str, code: str | None, kind: str = "invalid_request_error", **more: Any
) -> Response:
    """An error as the API words it."""
    headers = more.pop("headers", {}) | {"x-request-id": "req_test"}
    body = {"message": message, "type": kind, "param": more.pop("param", None), "code": code, **more}
    return JSONResponse({"error": body}, status, headers=headers)


@dataclass
class OpenAIService:
    """The service: what it was asked, and what it is to do with the next request."""

    models: tuple[str, ...] = NEW + OLD
    key: str | None = KEY
    submissions: int = 0
    cancelled: int = 0
    asked: list[Fields] = field(default_factory=list)
    """The fields of every request that was taken, files as their bytes."""
    headers: list[dict[str, str]] = field(default_factory=list)
    faults: deque[Answer] = field(default_factory=deque)
    """What the next requests are answered instead."""
    stream_error: Fields | None = None
    """Said in the next stream after its first event."""
    breaks_stream: bool = False
    partials: int | None = None
    """How many states a stream shows at most; fast pictures come with fewer than asked for."""
    held: threading.Event = field(default_factory=threading.Event)
    """While set, requests wait before anything is answered."""
    paused: threading.Event = field(default_factory=threading.Event)
    """While set, streams wait after their first event."""

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v1/images/generations", self.generations, methods=["POST"]),
                Route("/v1/images/edits", self.edits, methods=["POST"]),
                Route("/v1/models", self.list_models),
            ]
        )

    async def generations(self, request: Request) -> Response:
        return await self._answer(request, dict(await request.json()), "image_generation")

    async def edits(self, request: Request) -> Response:
        return await self._answer(request, await _form(request), "image_edit")

    async def list_models(self, request: Request) -> Response:
        if self.key is not None and request.headers.get("authorization") != f"Bearer {self.key}":
            return error(401, "Incorrect API key provided.", "invalid_api_key")
        listed = [{"id": name, "object": "model", "created": 1, "owned_by": "openai"} for name in self.models]
        return JSONResponse({"object": "list", "data": listed})

    async def _answer(self, request: Request, fields: Fields, kind: str) -> Response:
        sent = request.headers.get("authorization", "")
        if self.key is not None and sent != f"Bearer {self.key}":
            said = (
                f"Incorrect API key provided: {sent.removeprefix('Bearer ')}. You can find your API key at …"
            )
            return error(401, said, "invalid_api_key")
        if self.faults:
            fault = self.faults.popleft()
            answered = fault(request)
            if answered.status_code == 200:
                self.submissions += 1
            return answered
        if refused := self._refused(fields, kind):
            return refused
        self.submissions += 1
        self.asked.append(fields)
        self.headers.append(dict(request.headers))
        if self.held.is_set():
            gone = asyncio.ensure_future(until_gone(request))
            while self.held.is_set() and not gone.done():
                await asyncio.wait([gone], timeout=0.02)
            if gone.done():
                self.cancelled += 1
                return Response(status_code=499)
            gone.cancel()
        number = self.submissions * 100
        made = [
            await asyncio.to_thread(_made, fields, kind, number + one)
            for one in range(int(fields.get("n", 1)))
        ]
        if fields.get("stream") in (True, "true"):
            return StreamingResponse(self._events(fields, kind, made), media_type="text/event-stream")
        return JSONResponse(self._body(fields, made), headers={"x-request-id": "req_test"})

    def _refused(self, fields: Fields, kind: str) -> Response | None:
        model = str(fields.get("model", ""))
        if model not in self.models:
            return error(404, f"The model '{model}' does not exist.", "model_not_found")
        gpt = model.startswith("gpt")
        known = {"model", "prompt", "n", "size", "user", "image", "mask"}
        if gpt:
            known |= {"quality", "background", "moderation", "output_format", "output_compression", "stream"}
            known |= {"partial_images"} | ({"input_fidelity"} if model == "gpt-image-1.5" else set())
        else:
            known |= {"response_format"} | ({"quality", "style"} if model == "dall-e-3" else set())
        for name in fields:
            if name not in known:
                return error(400, f"Unknown parameter: '{name}'.", "unknown_parameter", param=name)
        prompt = fields.get("prompt", "")
        if not 1 <= len(prompt) <= MOST.get(model, 32_000):
            return error(400, "The prompt is missing or too long.", "invalid_value", param="prompt")
        for name, values in (
            (
                "quality",
                QUALITIES | ({"xhigh", "max"} if "2.5" in model else set()) if gpt else {"standard", "hd"},
            ),
            ("background", {"auto", "opaque", "transparent"}),
            ("moderation", {"auto", "low"}),
            ("output_format", {"png", "jpeg", "webp"}),
        ):
            if name in fields and fields[name] not in values:
                return error(400, f"Invalid value: '{fields[name]}'.", "invalid_value", param=name)
        if fields.get("background") == "transparent" and fields.get("output_format") == "jpeg":
            return error(400, "Transparent needs png or webp.", "invalid_value", param="background")
        if not 1 <= int(fields.get("n", 1)) <= (1 if model == "dall-e-3" else 10):
            return error(400, "n is out of range.", "invalid_value", param="n")
        if why := _wrong_size(model, str(fields.get("size", "auto"))):
            return error(400, why, "invalid_value", param="size")
        return _wrong_files(fields, kind)

    def _body(self, fields: Fields, made: list[bytes]) -> Fields:
        body: Fields = {"created": int(time.time()), "data": [{"b64_json": _b64(one)} for one in made]}
        if str(fields["model"]).startswith("gpt"):
            body |= _told(fields) | {"usage": usage(fields, len(made))}
        elif fields.get("response_format", "url") == "url":
            body["data"] = [{"url": "https://files.example.com/picture.png"} for _ in made]
        return body

    async def _events(self, fields: Fields, kind: str, made: list[bytes]) -> AsyncIterator[str]:
        told = _told(fields) | {"created_at": int(time.time())}
        asked_for = int(fields.get("partial_images", 0))
        shown = asked_for if self.partials is None else min(asked_for, self.partials)
        for picture in made:
            for index in range(shown):
                state = await asyncio.to_thread(_blurred, picture, index, str(told["output_format"]))
                part = {
                    "type": f"{kind}.partial_image",
                    "partial_image_index": index,
                    "b64_json": _b64(state),
                }
                yield _event(part | told)
                while self.paused.is_set():  # noqa: ASYNC110 - the test sets it from another thread
                    await asyncio.sleep(0.02)
                if self.breaks_stream:
                    raise ConnectionResetError("cut off on purpose")
                if self.stream_error is not None:
                    said, self.stream_error = self.stream_error, None
                    yield f"event: error\ndata: {json.dumps({'type': 'error', 'error': said})}\n\n"
                    return
            spent = usage(fields, 1, partials=shown)
            yield _event({"type": f"{kind}.completed", "b64_json": _b64(picture)} | told | {"usage": spent})


def usage(fields: Fields, count: int, *, partials: int = 0) -> Fields:
    """The tokens of a request: the prompt's words, each picture handed in, each made, each state shown."""
    width, height = _size(fields)
    quality = str(fields.get("quality", "auto")).replace("auto", "high")
    output = count * (TOKENS[quality] * width * height // 2**20 + 100 * partials)
    text, images = len(str(fields.get("prompt", "")).split()), 1000 * len(_files(fields))
    return {
        "input_tokens": text + images,
        "output_tokens": output,
        "total_tokens": text + images + output,
        "input_tokens_details": {"text_tokens": text, "image_tokens": images},
    }


def answers(
    status: int, message: str, code: str | None, kind: str = "invalid_request_error", **more: Any
) -> Answer:
    """A fault: the next request is answered so."""
    return lambda request: error(status, message, code, kind, **more)


def cuts_off(request: Request) -> Response:
    """A fault: the connection breaks after the first bytes of the answer."""
    return cut_off()


def no_picture(request: Request) -> Response:
    """A fault: words in the place of a picture, from a program that stands before the service."""
    return Response("<html>Welcome</html>", media_type="text/html")


async def _form(request: Request) -> Fields:
    """The fields of a multipart request; files as bytes, several of one name as a list."""
    fields: Fields = {}
    async with request.form(max_part_size=1_000_000) as form:
        for name, value in form.multi_items():
            content = await value.read() if isinstance(value, UploadFile) else value
            plain = name.removesuffix("[]")
            if name.endswith("[]"):
                fields.setdefault(plain, []).append(content)
            else:
                fields[plain] = content
    return fields


def _files(fields: Fields) -> list[bytes]:
    image = fields.get("image", [])
    return image if isinstance(image, list) else [image]


def _wrong_files(fields: Fields, kind: str) -> Response | None:
    if kind == "image_generation":
        return None
    files = _files(fields)
    if not 1 <= len(files) <= 16:
        return error(400, "Missing required parameter: 'image'.", "missing_required_parameter", param="image")
    try:
        first = pictures.read(files[0])
        mask = pictures.read(fields["mask"]) if "mask" in fields else None
    except pyvips.Error:
        return error(400, "Invalid image file.", "invalid_image_file", param="image")
    if mask is not None and (not mask.hasalpha() or mask.get("vips-loader") != "pngload_buffer"):
        return error(400, "The mask must be a PNG with an alpha channel.", "invalid_image_file", param="mask")
    if mask is not None and (mask.width, mask.height) != (first.width, first.height):
        return error(400, "The mask must have the image's size.", "invalid_image_file", param="mask")
    return None


def _wrong_size(model: str, size: str) -> str | None:
    if size == "auto":
        return None
    found = re.fullmatch(r"(\d+)x(\d+)", size)
    if not found:
        return "size must be WIDTHxHEIGHT."
    width, height = int(found[1]), int(found[2])
    if model in NEW:
        fits = width % 16 == height % 16 == 0 and max(width, height) <= min(3840, 3 * min(width, height))
        return None if fits and 655_360 <= width * height <= 3840 * 2160 else "The size is out of range."
    known = {
        "dall-e-2": "256x256 512x512 1024x1024",
        "dall-e-3": "1024x1024 1792x1024 1024x1792",
        **dict.fromkeys((*OLD, "gpt-image-1"), "1024x1024 1536x1024 1024x1536"),
    }
    return None if size in known.get(model, size).split() else "There is no such size."


def _size(fields: Fields) -> tuple[int, int]:
    size = str(fields.get("size", "auto"))
    if size != "auto":
        width, height = size.split("x")
        return int(width), int(height)
    if files := _files(fields):
        first = pictures.read(files[0])
        return first.width, first.height
    return 1024, 1024


def _made(fields: Fields, kind: str, number: int) -> bytes:
    words, (width, height) = str(fields.get("prompt", "")), _size(fields)
    files = _files(fields)
    if not files:
        picture = pictures.paint(words, number, width, height)
    else:
        first = pictures.read(files[0])
        if "mask" in fields:
            change = 255 - pictures.read(fields["mask"])[3]
            picture = pictures.inpainted(first, change, words, number)
        else:
            picture = pictures.reworked(first, words, number)
        if (picture.width, picture.height) != (width, height):
            picture = picture.thumbnail_image(width, height=height, size="force")
    return pictures.file_of(picture, str(fields.get("output_format", "png")))


def _blurred(data: bytes, index: int, form: str) -> bytes:
    return pictures.file_of(pictures.read(io.BytesIO(data).getvalue()).gaussblur(12 - 3 * index), form)


def _told(fields: Fields) -> Fields:
    width, height = _size(fields)
    return {
        "size": f"{width}x{height}",
        "quality": str(fields.get("quality", "auto")).replace("auto", "high"),
        "background": str(fields.get("background", "auto")).replace("auto", "opaque"),
        "output_format": fields.get("output_format", "png"),
    }


def _event(data: Fields) -> str:
    return f"event: {data['type']}\ndata: {json.dumps(data)}\n\n"


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()
