"""The state of fal and its routes: submissions, statuses by question and by stream, results, uploads, keys."""

from __future__ import annotations

import asyncio
import base64
import json
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from ..serving import KEY, cut_off, dripping, until_gone
from . import apps, faults
from .signing import Signer

Answer = tuple[int, dict[str, Any], dict[str, str]]


@dataclass
class Job:
    """A request that fal took."""

    id: str
    app: str
    sent: dict[str, Any]
    base: str
    """The address under which it was submitted."""
    faults: set[str]
    webhook: str | None
    headers: dict[str, str]
    status: str = "IN_QUEUE"
    position: int = 1
    logs: list[dict[str, str]] = field(default_factory=list)
    answer: Answer | None = None
    cancelled: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def became(self, status: str) -> None:
        self.status = status
        self.changed.set()
        self.changed = asyncio.Event()


@dataclass
class Fal:
    """All of fal; `pace` is the time of a step, of which a job has four."""

    pace: float = 0.0
    url: str = ""
    held: bool = False
    faults: set[str] = field(default_factory=set)
    """What befalls the next submission, by names of `faults`; taken by it."""
    jobs: dict[str, Job] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    """Requests by what they are for."""
    uploads: list[str] = field(default_factory=list)
    stored: dict[str, tuple[bytes, str, set[str]]] = field(default_factory=dict)
    cancelled: list[str] = field(default_factory=list)
    deliveries: list[tuple[str, int]] = field(default_factory=list)
    """Webhooks that were sent: the request's id, and the status that came back; 0 for no answer."""
    places: dict[str, str] = field(default_factory=dict)
    """Where the origins in webhooks' addresses really are, as the internet's names would tell."""
    signer: Signer = field(default_factory=Signer)
    _running: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def submissions(self) -> int:
        """How many requests for pictures were taken."""
        return len(self.jobs)

    def app(self) -> Starlette:
        queue = "/queue/{owner}/{alias}"
        routes = [
            Route(queue + "/requests/{id}/status/stream", self._stream),
            Route(queue + "/requests/{id}/status", self._status),
            Route(queue + "/requests/{id}/cancel", self._cancel, methods=["PUT"]),
            Route(queue + "/requests/{id}", self._result),
            Route(queue + "/requests/{id}/response", self._result),
            Route(queue + "/{path:path}", self._submit, methods=["POST"]),
            Route(queue, self._submit, methods=["POST"]),
            Route("/storage/auth/token", self._token, methods=["POST"]),
            Route("/storage/upload/initiate", self._initiate, methods=["POST"]),
            Route("/files/upload", self._upload, methods=["POST"]),
            Route("/files/put/{name}", self._put, methods=["PUT"]),
            Route("/files/b/{name}", self._file),
            Route("/.well-known/jwks.json", self._jwks),
        ]
        return Starlette(routes=routes)

    async def _submit(self, request: Request) -> Response:
        self.asked["submit"] += 1
        if (refused := _unauthorised(request)) is not None:
            return refused
        app = "/".join(
            request.path_params[part] for part in ("owner", "alias", "path") if part in request.path_params
        )
        sent = await request.json()
        named, self.faults = self.faults | faults.names_in(sent.get("prompt")), set()
        if app not in apps.APPS or "no_app" in named:
            return JSONResponse({"detail": f"Application '{app}' not found"}, 404)
        if "limit" in named:
            return JSONResponse({"detail": "Too many requests"}, 429, headers={"Retry-After": "0.1"})
        if "locked" in named:
            words = (
                "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing."
            )
            return JSONResponse({"detail": words}, 403)
        if "unavailable" in named:
            return JSONResponse({"detail": "Service Unavailable"}, 503)
        if "broken" in named:
            return JSONResponse({"detail": "Internal Server Error"}, 500)
        if "nginx" in named:
            return Response("<html><center>nginx</center></html>", 502, media_type="text/html")
        job = self._take(request, app, sent, named)
        if "cut_off" in named:
            return cut_off()
        if "hang" in named:
            await until_gone(request)
        addresses = self._addresses(job)
        body = {"request_id": job.id, "gateway_request_id": job.id, "status": "IN_QUEUE", "queue_position": 1}
        return JSONResponse(body | addresses, headers={"x-fal-request-id": job.id})

    def _take(self, request: Request, app: str, sent: dict[str, Any], named: set[str]) -> Job:
        base = str(request.base_url).rstrip("/")
        hook = request.query_params.get("fal_webhook")
        job = Job(str(uuid4()), app, sent, base, named, hook, dict(request.headers))
        self.jobs[job.id] = job
        running = asyncio.create_task(self._run(job))
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        return job

    async def _run(self, job: Job) -> None:
        await asyncio.sleep(self.pace)
        job.position = 0
        while self.held and not job.cancelled:  # noqa: ASYNC110 - held by another thread
            await asyncio.sleep(0.01)
        for step in range(4):
            if job.cancelled:
                break
            message = f" {25 * (step + 1)}%|###| {step + 1}/4 [00:00<00:00]"
            stamp = datetime.now(UTC).isoformat()
            job.logs.append({"timestamp": stamp, "level": "STDERR", "source": "USER", "message": message})
            job.became("IN_PROGRESS")
            await asyncio.sleep(self.pace)
        job.answer = await asyncio.to_thread(self._answer, job)
        job.became("COMPLETED")
        if job.webhook:
            await self._tell(job, job.webhook)

    def _answer(self, job: Job) -> Answer:
        if job.cancelled:
            found = faults.answer_of("client_cancelled")
            assert found is not None
            return found
        for name in job.faults:
            if (documented := faults.answer_of(name)) is not None:
                return documented
        try:
            full = apps.checked(job.app, job.sent)
            output = apps.make(job.app, job.sent, full, self._load)
        except apps.Refused as refused:
            return 422, refused.body, {"X-Fal-Retryable": "false"}
        places = []
        for number, (data, form, width, height) in enumerate(output.files):
            name = f"{job.id}-{number}.{form}"
            self.stored[name] = (data, f"image/{form}", job.faults & faults.WITH_FILES)
            url = f"{job.base}/files/b/{name}"
            if "private_address" in job.faults:
                url = f"http://169.254.169.254/files/b/{name}"
            places.append({"url": url, "width": width, "height": height, "content_type": f"image/{form}"})
        body = dict(output.body)
        body["images" if apps.APPS[job.app]["output"] == "images" else "image"] = (
            places if apps.APPS[job.app]["output"] == "images" else places[0]
        )
        if "has_nsfw_concepts" in body and job.faults & {"nsfw", "one_nsfw"}:
            flags = body["has_nsfw_concepts"]
            body["has_nsfw_concepts"] = [index == 0 or "nsfw" in job.faults for index in range(len(flags))]
        return 200, body, {"X-Fal-Billable-Units": str(output.units)}

    def _load(self, address: str) -> bytes | None:
        if address.startswith("data:"):
            return base64.b64decode(address.partition(",")[2])
        found = self.stored.get(address.rpartition("/")[2])
        return found[0] if found else None

    def _addresses(self, job: Job) -> dict[str, str]:
        owner, alias = job.app.split("/")[:2]
        base = f"{job.base}/queue/{owner}/{alias}/requests/{job.id}"
        return {"response_url": base, "status_url": f"{base}/status", "cancel_url": f"{base}/cancel"}

    def _found(self, request: Request) -> Job | Response:
        if (refused := _unauthorised(request)) is not None:
            return refused
        job = self.jobs.get(request.path_params["id"])
        here = f"{request.path_params['owner']}/{request.path_params['alias']}"
        if job is None or not f"{job.app}/".startswith(f"{here}/") or "lost" in job.faults:
            return JSONResponse({"status": "NOT_FOUND"}, 404)
        return job

    def _state(self, job: Job, logs: str | None) -> dict[str, Any]:
        shown = job.logs if logs in ("1", "true") else None
        body: dict[str, Any] = {"status": job.status, "request_id": job.id, **self._addresses(job)}
        if job.status == "IN_QUEUE":
            return body | {"queue_position": job.position}
        if job.status == "COMPLETED":
            body["metrics"] = {"inference_time": 0.1}
            if job.answer and "error_type" in job.answer[1]:
                body |= {"error": job.answer[1]["detail"], "error_type": job.answer[1]["error_type"]}
        return body | {"logs": shown}

    async def _status(self, request: Request) -> Response:
        self.asked["status"] += 1
        job = self._found(request)
        if isinstance(job, Response):
            return job
        for name, status in (("status_500", 500), ("status_429", 429)):
            if name in job.faults:
                job.faults.discard(name)
                return JSONResponse({"detail": "not now"}, status, headers={"Retry-After": "0.1"})
        body = self._state(job, request.query_params.get("logs"))
        if "early_result" in job.faults and job.answer is None:
            job.faults.discard("early_result")
            body |= {"status": "COMPLETED", "logs": None}
        return JSONResponse(body, 200 if job.status == "COMPLETED" else 202)

    async def _stream(self, request: Request) -> Response:
        self.asked["stream"] += 1
        job = self._found(request)
        if isinstance(job, Response):
            return job
        # A studio that must ask, and not only listen, is one whose stream does not work.
        if job.faults & {"no_stream", "status_500", "status_429"}:
            return JSONResponse({"detail": "Not Found"}, 404)
        if "early_result" in job.faults:
            return JSONResponse({"detail": "Not Found"}, 404)
        logs = request.query_params.get("logs")
        return StreamingResponse(self._events(job, logs), media_type="text/event-stream")

    async def _events(self, job: Job, logs: str | None) -> AsyncIterator[str]:
        while True:
            changed = job.changed
            yield f"data: {json.dumps(self._state(job, logs))}\n\n"
            if job.status == "COMPLETED":
                return
            if "broken_stream" in job.faults:
                raise ConnectionResetError("broken on purpose")
            if "silent_stream" in job.faults:
                await asyncio.sleep(3600)
            await changed.wait()

    async def _result(self, request: Request) -> Response:
        self.asked["result"] += 1
        job = self._found(request)
        if isinstance(job, Response):
            return job
        if job.answer is None:
            return JSONResponse({"detail": "Request is still in progress"}, 400)
        if "result_500" in job.faults:
            job.faults.discard("result_500")
            return JSONResponse({"detail": "Internal Server Error"}, 500)
        status, body, headers = job.answer
        return JSONResponse(body, status, headers={**headers, "x-fal-request-id": job.id})

    async def _cancel(self, request: Request) -> Response:
        self.asked["cancel"] += 1
        job = self._found(request)
        if isinstance(job, Response):
            return job
        if job.status == "COMPLETED":
            return JSONResponse({"status": "ALREADY_COMPLETED"}, 400)
        if not job.cancelled:
            self.cancelled.append(job.id)
        job.cancelled = True
        return JSONResponse({"status": "CANCELLATION_REQUESTED"}, 202)

    async def _token(self, request: Request) -> Response:
        self.asked["token"] += 1
        if (refused := _unauthorised(request)) is not None:
            return refused
        ends = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        base = str(request.base_url).rstrip("/")
        body = {"token": "cdn-token", "token_type": "Bearer", "base_url": base, "expires_at": ends}
        return JSONResponse(body)

    async def _upload(self, request: Request) -> Response:
        self.asked["upload"] += 1
        if request.headers.get("authorization") != "Bearer cdn-token":
            return JSONResponse({"detail": "Unauthorized"}, 401)
        return JSONResponse({"access_url": await self._store(request)})

    async def _initiate(self, request: Request) -> Response:
        if (refused := _unauthorised(request)) is not None:
            return refused
        base, name = str(request.base_url).rstrip("/"), uuid4().hex
        return JSONResponse({"upload_url": f"{base}/files/put/{name}", "file_url": f"{base}/files/b/{name}"})

    async def _put(self, request: Request) -> Response:
        await self._store(request, request.path_params["name"])
        return Response()

    async def _store(self, request: Request, name: str | None = None) -> str:
        name = name or uuid4().hex
        data = b"".join([piece async for piece in request.stream()])
        self.stored[name] = (data, request.headers.get("content-type", ""), set())
        self.uploads.append(name)
        return f"{str(request.base_url).rstrip('/')}/files/b/{name}"

    async def _file(self, request: Request) -> Response:
        self.asked["file"] += 1
        found = self.stored.get(request.path_params["name"])
        if found is None or "file_gone" in found[2]:
            return Response(status_code=404)
        data, media_type, wrong = found
        if "file_503" in wrong:
            wrong.discard("file_503")
            return Response(status_code=503)
        if "redirected" in wrong:
            return Response(status_code=302, headers={"Location": "http://169.254.169.254/latest/meta-data/"})
        if "html" in wrong:
            return Response("<html>not here</html>", media_type="text/html")
        if "no_picture" in wrong:
            return Response(b"no picture at all, whatever the head says of it", media_type=media_type)
        if "truncated" in wrong:
            wrong.discard("truncated")
            return cut_off(data[: len(data) // 2], media_type=media_type, length=len(data))
        if "drip" in wrong:
            return dripping(data, media_type=media_type)
        return Response(data, media_type=media_type)

    async def _jwks(self, request: Request) -> Response:
        self.asked["jwks"] += 1
        return JSONResponse(self.signer.jwks())

    async def _tell(self, job: Job, url: str) -> None:
        assert job.answer is not None
        status, body, _ = job.answer
        told: dict[str, Any] = {"request_id": job.id, "gateway_request_id": job.id}
        told |= {"status": "OK", "payload": body} if status == 200 else {
            "status": "ERROR", "error": f"Invalid status code: {status}", "payload": body}  # fmt: skip
        data = json.dumps(told).encode()
        for origin, place in self.places.items():
            url = url.replace(origin, place, 1)
        headers = self.signer.headers(job.id, data)
        if "webhook_forged" in job.faults:
            headers["X-Fal-Webhook-Signature"] = "00" * 64
        if "webhook_old" in job.faults:
            headers = self.signer.headers(job.id, data, at=0)
        async with httpx.AsyncClient(trust_env=False, timeout=15) as client:
            for _ in range(2 if "webhook_twice" in job.faults else 1):
                try:
                    answered = (await client.post(url, content=data, headers=headers)).status_code
                except httpx.HTTPError:
                    answered = 0
                self.deliveries.append((job.id, answered))


def _unauthorised(request: Request) -> Response | None:
    if request.headers.get("authorization") == f"Key {KEY}":
        return None
    return JSONResponse({"detail": "invalid key credentials"}, 401)
