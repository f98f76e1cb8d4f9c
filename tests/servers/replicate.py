"""Replicate's API as it is documented: files, predictions by model and by version, their states, logs and pictures.

A prediction is `starting` in the answer that makes it, `processing` when it is asked about once, and ended after that.
Output is fetched with the token, as uploaded files are.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from . import pictures
from .serving import KEY

ESRGAN = "42fed1c4974146d4d2414e2be2c5277c7fcf05fcc3a73abf41610695738c1d7b"
FLUX_OUT = {"output_format", "output_quality", "aspect_ratio", "seed"}
INPUTS: dict[str, tuple[set[str], set[str]]] = {
    "black-forest-labs/flux-schnell": (
        {"prompt"},
        FLUX_OUT | {"num_outputs", "num_inference_steps", "go_fast", "megapixels"},
    ),
    "black-forest-labs/flux-dev": (
        {"prompt"},
        FLUX_OUT | {"num_outputs", "num_inference_steps", "guidance", "image", "prompt_strength"},
    ),
    "black-forest-labs/flux-1.1-pro": ({"prompt"}, FLUX_OUT | {"safety_tolerance", "image_prompt"}),
    "black-forest-labs/flux-kontext-pro": (
        {"prompt"},
        {"input_image", "aspect_ratio", "output_format", "safety_tolerance", "seed"},
    ),
    "black-forest-labs/flux-fill-pro": (
        {"prompt", "image"},
        {"mask", "steps", "guidance", "seed", "output_format"},
    ),
    "stability-ai/stable-diffusion-3.5-large": (
        {"prompt"},
        {"aspect_ratio", "cfg", "image", "prompt_strength", "negative_prompt", "seed", "output_format"},
    ),
    "recraft-ai/recraft-remove-background": ({"image"}, set()),
    ESRGAN: ({"image"}, {"scale", "face_enhance"}),
}
"""By model, or version, the inputs that it must have and those that it may have."""
RATIOS = {
    "1:1": (1024, 1024),
    "16:9": (1344, 768),
    "9:16": (768, 1344),
    "3:2": (1216, 832),
    "2:3": (832, 1216),
    "4:3": (1152, 896),
    "3:4": (896, 1152),
    "5:4": (1088, 896),
    "4:5": (896, 1088),
    "21:9": (1536, 640),
    "9:21": (640, 1536),
}

Body = dict[str, Any]
Answer = Callable[[Request], Response]


def error(status: int, detail: str, **more: Any) -> Response:
    """An error as the API words it."""
    body = {"title": "Request failed", "detail": detail, "status": status, **more}
    return JSONResponse(body, status, media_type="application/problem+json")


def answers(status: int, detail: str, **more: Any) -> Answer:
    """A fault: the next order is answered so."""
    return lambda request: error(status, detail, **more)


@dataclass
class ReplicateService:
    """The service: what it was asked, and what it is to do with the next order."""

    submissions: int = 0
    cancelled: int = 0
    asked: list[tuple[str, Body]] = field(default_factory=list)
    faults: deque[Answer] = field(default_factory=deque)
    ends: str | None = None
    """The state in which the next prediction ends, if not well: `failed`, `canceled`, `aborted`."""
    words: str = "The model broke."
    """What a failed prediction says."""
    output: Any = None
    """What the next prediction answers with, if not its pictures."""
    held: threading.Event = field(default_factory=threading.Event)
    predictions: dict[str, Body] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v1/files", self.upload, methods=["POST"]),
                Route("/v1/models/{owner}/{name}/predictions", self.by_model, methods=["POST"]),
                Route("/v1/predictions", self.by_version, methods=["POST"]),
                Route("/v1/predictions/{id}", self.state),
                Route("/v1/account", self.account),
                Route("/v1/predictions/{id}/cancel", self.cancel, methods=["POST"]),
                Route("/delivery/{name}", self.deliver),
            ]
        )

    async def upload(self, request: Request) -> Response:
        if refused := _unauthorized(request):
            return refused
        async with request.form() as form:
            content = form["content"]
            assert isinstance(content, UploadFile)
            data = await content.read()
        id = f"file-{len(self.files)}"
        self.files[id] = data
        body = {
            "id": id,
            "name": "picture",
            "content_type": "image/png",
            "size": len(data),
            "etag": id,
            "checksums": {},
            "metadata": {},
            "created_at": "2026-11-21T09:00:00Z",
            "expires_at": None,
            "urls": {"get": f"{request.base_url}v1/files/{id}"},
        }
        return JSONResponse(body, 201)

    async def by_model(self, request: Request) -> Response:
        name = f"{request.path_params['owner']}/{request.path_params['name']}"
        return await self._order(request, name, await request.json())

    async def by_version(self, request: Request) -> Response:
        body = await request.json()
        return await self._order(request, str(body.get("version")), body)

    async def _order(self, request: Request, name: str, body: Body) -> Response:
        if refused := _unauthorized(request):
            return refused
        if self.faults:
            answered = self.faults.popleft()(request)
            self.submissions += answered.status_code in (200, 201)
            return answered
        if name not in INPUTS:
            return error(404, "The requested resource could not be found.")
        inputs = body.get("input", {})
        needs, may = INPUTS[name]
        problems = [f"{one} is required" for one in sorted(needs - inputs.keys())]
        problems += [f"{one} is not expected" for one in sorted(inputs.keys() - needs - may)]
        if problems:
            return error(422, "- input: " + "; ".join(problems), invalid_fields=problems)
        self.submissions += 1
        self.asked.append((name, inputs))
        id = f"{self.submissions:026d}"
        base = str(request.base_url)
        made = await asyncio.to_thread(self._made, name, inputs)
        form = str(inputs.get("output_format", "png"))
        output = []
        for index, data in enumerate(made):
            key = f"{id}-{index}.{form}"
            self.files[key] = data
            output.append(f"{base}delivery/{key}")
        single = name in (ESRGAN, "black-forest-labs/flux-1.1-pro") or name.startswith("recraft")
        self.predictions[id] = {
            "body": {
                "id": id,
                "model": name if "/" in name else "nightmareai/real-esrgan",
                "version": name if "/" not in name else "hidden",
                "input": inputs,
                "status": "starting",
                "output": None,
                "logs": "",
                "error": None,
                "metrics": {},
                "created_at": "2026-11-21T09:00:00.000Z",
                "urls": {"get": f"{base}v1/predictions/{id}", "cancel": f"{base}v1/predictions/{id}/cancel"},
            },
            "output": self.output if self.output is not None else output[0] if single else output,
            "ends": self.ends or "succeeded",
        }
        self.ends = self.output = None
        return JSONResponse(self.predictions[id]["body"], 201)

    async def account(self, request: Request) -> Response:
        body = {"type": "user", "username": "ada", "name": "Ada", "github_url": None}
        return _unauthorized(request) or JSONResponse(body)

    async def state(self, request: Request) -> Response:
        if refused := _unauthorized(request):
            return refused
        found = self.predictions.get(request.path_params["id"])
        if found is None:
            return error(404, "The requested resource could not be found.")
        body = found["body"]
        if body["status"] == "starting":
            body |= {"status": "processing", "logs": "Using seed: 7\n  50%|█████     | 14/28 [00:01<00:01]\n"}
        elif body["status"] == "processing" and not self.held.is_set():
            body["status"] = found["ends"]
            if found["ends"] == "succeeded":
                body |= {"output": found["output"], "metrics": {"predict_time": 0.6}}
            elif found["ends"] == "failed":
                body["error"] = self.words
        return JSONResponse(body)

    async def cancel(self, request: Request) -> Response:
        if refused := _unauthorized(request):
            return refused
        found = self.predictions.get(request.path_params["id"])
        if found is None:
            return error(404, "The requested resource could not be found.")
        if found["body"]["status"] in ("starting", "processing"):
            found["body"]["status"] = "canceled"
            self.cancelled += 1
        return JSONResponse(found["body"])

    async def deliver(self, request: Request) -> Response:
        if refused := _unauthorized(request):
            return refused
        name = request.path_params["name"]
        if name not in self.files:
            return Response("gone", 404)
        kind = name.rpartition(".")[2].replace("jpg", "jpeg")
        return Response(self.files[name], media_type=f"image/{kind}")

    def _made(self, name: str, inputs: Body) -> list[bytes]:
        words, seed = f"{name} {inputs.get('prompt', '')}", int(inputs.get("seed", 0))
        form = str(inputs.get("output_format", "png")).replace("jpg", "jpeg")
        given = inputs.get("image") or inputs.get("input_image")
        if given is None:
            size = RATIOS[inputs.get("aspect_ratio", "1:1")]
            made = [
                pictures.paint(words, seed + index, *size)
                for index in range(int(inputs.get("num_outputs", 1)))
            ]
            return [pictures.file_of(one, form) for one in made]
        image = self._file(given)
        if "mask" in inputs:
            made = [pictures.inpainted(image, self._file(inputs["mask"]), words, seed)]
        elif name == ESRGAN:
            made = [pictures.upscaled(image, float(inputs.get("scale", 4)))]
        elif name.startswith("recraft"):
            made = [pictures.cut_out(image)]
        else:
            made = [pictures.reworked(image, words, seed, float(inputs.get("prompt_strength", 0.5)))]
        return [pictures.file_of(one, form) for one in made]

    def _file(self, url: str) -> Any:
        return pictures.read(self.files[url.rpartition("/")[2]])


def _unauthorized(request: Request) -> Response | None:
    if request.headers.get("authorization") != f"Bearer {KEY}":
        return error(401, "You did not pass a valid authentication token", title="Unauthenticated")
    return None
