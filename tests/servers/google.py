"""The Gemini API's `generateContent` for pictures, as it is documented: parts in, inline pictures and usage out."""

from __future__ import annotations

import asyncio
import base64
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from . import pictures
from .serving import KEY, until_gone

MODELS = ("gemini-3-pro-image", "gemini-nano-banana-2.1")
RATIOS = {
    "1:1": (1024, 1024),
    "16:9": (1376, 768),
    "9:16": (768, 1376),
    "3:2": (1264, 848),
    "2:3": (848, 1264),
    "4:3": (1200, 896),
    "3:4": (896, 1200),
    "5:4": (1152, 928),
    "4:5": (928, 1152),
    "21:9": (1584, 672),
}
TOKENS = {"1K": 1120, "2K": 1680, "4K": 2520}

Body = dict[str, Any]
Answer = Callable[[Request], Response]


def error(status: int, message: str, state: str, **detail: Any) -> Response:
    """An error as the API words it."""
    details = [detail] if detail else []
    return JSONResponse(
        {"error": {"code": status, "message": message, "status": state, "details": details}}, status
    )


def answers(status: int, message: str, state: str, **detail: Any) -> Answer:
    """A fault: the next request is answered so."""
    return lambda request: error(status, message, state, **detail)


@dataclass
class GoogleService:
    """The service: what it was asked, and what it is to do with the next request."""

    submissions: int = 0
    cancelled: int = 0
    asked: list[tuple[str, Body]] = field(default_factory=list)
    faults: deque[Answer] = field(default_factory=deque)
    finish: str | None = None
    """With what reason the next picture is kept back."""
    block: str | None = None
    """For what reason the next prompt is not read."""
    held: threading.Event = field(default_factory=threading.Event)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v1beta/models", self.models),
                Route("/v1beta/models/{call}", self.generate, methods=["POST"]),
            ]
        )

    async def models(self, request: Request) -> Response:
        return _unauthorized(request) or JSONResponse(
            {"models": [{"name": f"models/{name}"} for name in MODELS]}
        )

    async def generate(self, request: Request) -> Response:
        if refused := _unauthorized(request):
            return refused
        if self.faults:
            answered = self.faults.popleft()(request)
            self.submissions += answered.status_code == 200
            return answered
        name, _, method = request.path_params["call"].partition(":")
        if name not in MODELS or method != "generateContent":
            return error(404, f"models/{name} is not found for API version v1beta.", "NOT_FOUND")
        body = await request.json()
        generation = body.get("generationConfig", {})
        config = generation.get("imageConfig", {})
        known = {"responseModalities", "imageConfig", "temperature", "candidateCount", "seed"}
        if unknown := generation.keys() - known:
            return error(400, f"Invalid JSON payload: Unknown name {sorted(unknown)}.", "INVALID_ARGUMENT")
        if config.get("aspectRatio", "1:1") not in RATIOS or config.get("imageSize", "1K") not in TOKENS:
            return error(400, "Invalid image config.", "INVALID_ARGUMENT")
        self.submissions += 1
        self.asked.append((name, body))
        if self.held.is_set():
            gone = asyncio.ensure_future(until_gone(request))
            while self.held.is_set() and not gone.done():
                await asyncio.wait([gone], timeout=0.02)
            if gone.done():
                self.cancelled += 1
                return Response(status_code=499)
            gone.cancel()
        block, self.block = self.block, None
        if block:
            return JSONResponse({"promptFeedback": {"blockReason": block}, "modelVersion": name})
        finish, self.finish = self.finish, None
        parts = [] if finish else [await asyncio.to_thread(_part, body, config, self.submissions)]
        candidate = {
            "content": {"role": "model", "parts": parts},
            "finishReason": finish or "STOP",
            "index": 0,
        }
        spent = usage(body)
        return JSONResponse({"candidates": [candidate], "usageMetadata": spent, "modelVersion": name})


def usage(body: Body) -> Body:
    """The tokens of a request."""
    parts = body["contents"][0]["parts"]
    taken = sum(len(part["text"].split()) if "text" in part else 560 for part in parts)
    given = TOKENS[body["generationConfig"].get("imageConfig", {}).get("imageSize", "1K")]
    return {"promptTokenCount": taken, "candidatesTokenCount": given, "totalTokenCount": taken + given}


def _unauthorized(request: Request) -> Response | None:
    if request.headers.get("x-goog-api-key") != KEY:
        said = "API key not valid. Please pass a valid API key."
        return error(400, said, "INVALID_ARGUMENT", reason="API_KEY_INVALID")
    return None


def _part(body: Body, config: Body, number: int) -> Body:
    parts = body["contents"][0]["parts"]
    words = " ".join(part["text"] for part in parts if "text" in part)
    given = [part["inlineData"]["data"] for part in parts if "inlineData" in part]
    factor = int(config.get("imageSize", "1K")[0])
    width, height = (side * factor for side in RATIOS[config.get("aspectRatio", "1:1")])
    if given:
        picture = pictures.reworked(pictures.read(base64.b64decode(given[0])), words, number)
        if config:
            picture = picture.thumbnail_image(width, height=height, size="force")
    else:
        picture = pictures.paint(words, number, width, height)
    data = base64.b64encode(pictures.file_of(picture, "png")).decode()
    return {"inlineData": {"mimeType": "image/png", "data": data}}
