"""Stability AI's image services as they are documented: forms in parts, pictures as bytes, one service kept by id.

White in a mask is to be painted. The creative upscaler answers with an id; its result is asked for by it.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pyvips
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from . import pictures
from .serving import KEY, until_gone

RATIOS = {
    "1:1": (1024, 1024),
    "16:9": (1344, 768),
    "9:16": (768, 1344),
    "3:2": (1216, 832),
    "2:3": (832, 1216),
    "5:4": (1088, 896),
    "4:5": (896, 1088),
    "21:9": (1536, 640),
    "9:21": (640, 1536),
}
COMMON = {"output_format", "seed"}
NEEDS: dict[str, tuple[set[str], set[str]]] = {
    "generate/core": ({"prompt"}, {"aspect_ratio", "negative_prompt", "style_preset"}),
    "generate/ultra": (
        {"prompt"},
        {"aspect_ratio", "negative_prompt", "style_preset", "image", "strength"},
    ),
    "generate/sd3": (
        {"prompt"},
        {
            "mode",
            "model",
            "aspect_ratio",
            "negative_prompt",
            "style_preset",
            "image",
            "strength",
            "cfg_scale",
        },
    ),
    "edit/inpaint": ({"image", "prompt"}, {"mask", "grow_mask", "negative_prompt", "style_preset"}),
    "edit/erase": ({"image"}, {"mask", "grow_mask"}),
    "edit/outpaint": ({"image"}, {"left", "right", "up", "down", "creativity", "prompt", "style_preset"}),
    "edit/search-and-replace": (
        {"image", "prompt", "search_prompt"},
        {"grow_mask", "negative_prompt", "style_preset"},
    ),
    "edit/search-and-recolor": (
        {"image", "prompt", "select_prompt"},
        {"grow_mask", "negative_prompt", "style_preset"},
    ),
    "edit/remove-background": ({"image"}, set()),
    "upscale/fast": ({"image"}, set()),
    "upscale/conservative": ({"image", "prompt"}, {"negative_prompt", "creativity"}),
    "upscale/creative": ({"image", "prompt"}, {"negative_prompt", "creativity", "style_preset"}),
}
"""By service the fields that it must have and those that it may have."""

Fields = dict[str, Any]
Answer = Callable[[Request], Response]


def error(status: int, name: str, *words: str, **headers: str) -> Response:
    """An error as the service words it."""
    return JSONResponse({"id": "a1b2c3", "name": name, "errors": list(words)}, status, headers=headers)


def answers(status: int, name: str, *words: str, **headers: str) -> Answer:
    """A fault: the next request is answered so."""
    return lambda request: error(status, name, *words, **headers)


@dataclass
class StabilityService:
    """The service: what it was asked, and what it is to do with the next request."""

    submissions: int = 0
    cancelled: int = 0
    polls: int = 0
    asked: list[tuple[str, Fields]] = field(default_factory=list)
    faults: deque[Answer] = field(default_factory=deque)
    filters: bool = False
    """Whether the next picture is found against the rules, blurred, and sent all the same."""
    fails: bool = False
    """Whether the next kept request comes to nothing."""
    held: threading.Event = field(default_factory=threading.Event)
    kept: dict[str, bytes | None] = field(default_factory=dict)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v2beta/stable-image/{service:path}", self.make, methods=["POST"]),
                Route("/v2beta/results/{id}", self.result),
                Route("/v1/user/balance", self.balance),
            ]
        )

    async def make(self, request: Request) -> Response:
        service = request.path_params["service"]
        if refused := self._unauthorized(request):
            return refused
        if self.faults:
            answered = self.faults.popleft()(request)
            self.submissions += answered.status_code == 200
            return answered
        if not request.headers.get("content-type", "").startswith("multipart/form-data"):
            return error(400, "bad_request", "content-type: must be multipart/form-data")
        fields = await _form(request)
        if problems := _problems(service, fields):
            return error(400, "bad_request", *problems)
        self.submissions += 1
        self.asked.append((service, fields))
        form = fields.get("output_format", "png")
        if service == "upscale/creative":
            made = None if self.fails else await asyncio.to_thread(_made, service, fields)
            id = hashlib.sha256(str(self.submissions).encode()).hexdigest()
            self.kept[id] = made
            return JSONResponse({"id": id})
        if self.held.is_set():
            gone = asyncio.ensure_future(until_gone(request))
            while self.held.is_set() and not gone.done():
                await asyncio.wait([gone], timeout=0.02)
            if gone.done():
                self.cancelled += 1
                return Response(status_code=499)
            gone.cancel()
        made = await asyncio.to_thread(_made, service, fields)
        return self._picture(request, made, form, fields.get("seed", "0"))

    async def balance(self, request: Request) -> Response:
        return self._unauthorized(request) or JSONResponse({"credits": 12.34})

    async def result(self, request: Request) -> Response:
        self.polls += 1
        if refused := self._unauthorized(request):
            return refused
        id = request.path_params["id"]
        if id not in self.kept:
            return error(404, "generation_not_found", "There is no such generation.")
        if self.held.is_set():
            return JSONResponse({"id": id, "status": "in-progress"}, 202)
        made = self.kept[id]
        if made is None:
            return error(500, "internal_error", "The generation failed.")
        return self._picture(request, made, "png", "7")

    def _unauthorized(self, request: Request) -> Response | None:
        if request.headers.get("authorization") != f"Bearer {KEY}":
            body = {"id": "a1", "name": "unauthorized", "message": "missing or invalid authorization header"}
            return JSONResponse(body, 401)
        return None

    def _picture(self, request: Request, made: bytes, form: str, seed: str) -> Response:
        finish, self.filters = "CONTENT_FILTERED" if self.filters else "SUCCESS", False
        if request.headers.get("accept", "").startswith("application/json"):
            encoded = base64.b64encode(made).decode()
            return JSONResponse({"image": encoded, "finish_reason": finish, "seed": int(seed)})
        headers = {"finish-reason": finish, "seed": seed, "x-request-id": "a1b2c3"}
        return Response(made, media_type=f"image/{form}", headers=headers)


async def _form(request: Request) -> Fields:
    fields: Fields = {}
    async with request.form(max_part_size=1_000_000) as form:
        for name, value in form.multi_items():
            fields[name] = await value.read() if isinstance(value, UploadFile) else value
    return fields


def _problems(service: str, fields: Fields) -> list[str]:
    if service not in NEEDS:
        return [f"{service}: there is no such service"]
    needs, may = NEEDS[service]
    found = [f"{name}: is required" for name in sorted(needs - fields.keys())]
    found += [f"{name}: is not allowed" for name in sorted(fields.keys() - needs - may - COMMON)]
    if fields.get("aspect_ratio", "1:1") not in RATIOS:
        found.append("aspect_ratio: must be one of the known")
    if "image" in fields and service.startswith("generate") and "aspect_ratio" in fields:
        found.append("aspect_ratio: goes with text only")
    if "image" in fields and service.startswith("generate") and "strength" not in fields:
        found.append("strength: is required with an image")
    if not 0 <= int(fields.get("seed", 0)) <= 4294967294:
        found.append("seed: is out of range")
    if service == "edit/outpaint" and not any(
        int(fields.get(side, 0)) for side in ("left", "right", "up", "down")
    ):
        found.append("left: one side must be more than 0")
    for name in ("image", "mask"):
        if name in fields:
            try:
                picture = pictures.read(fields[name])
            except (pyvips.Error, TypeError):
                found.append(f"{name}: is no image")
                continue
            if min(picture.width, picture.height) < 64 and service != "upscale/fast":
                found.append(f"{name}: each side must have at least 64 pixels")
    return found


def _made(service: str, fields: Fields) -> bytes:
    words = f"{fields.get('prompt', '')} {fields.get('model', '')}"
    seed = int(fields.get("seed", 0))
    form = fields.get("output_format", "png")
    if "image" not in fields:
        return pictures.file_of(pictures.paint(words, seed, *RATIOS[fields.get("aspect_ratio", "1:1")]), form)
    image = pictures.read(fields["image"])
    if service in ("edit/inpaint", "edit/erase"):
        picture = pictures.inpainted(image, pictures.read(fields["mask"]), words, seed)
    elif service == "edit/outpaint":
        left, right, up, down = (int(fields.get(side, 0)) for side in ("left", "right", "up", "down"))
        picture = pictures.outpainted(image, words, seed, left=left, top=up, right=right, bottom=down)
    elif service == "edit/remove-background":
        picture = pictures.cut_out(image)
    elif service == "upscale/fast":
        picture = pictures.upscaled(image, 4)
    elif service.startswith("upscale"):
        picture = pictures.upscaled(image, 2)
    else:
        picture = pictures.reworked(image, words, seed, float(fields.get("strength", 0.5)))
    return pictures.file_of(picture, form)
