"""The provider: submit, note the id, follow, fetch the pictures at once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

import httpx
import structlog

from easel.base.open_internet import tls

from ..base import Call, Model, Operation, Picture, Request, Result, Secret
from ..download import Downloads
from ..errors import BadRequest, NotConfigured, OutcomeUnknown, Unavailable
from .answers import Made, error_at_submission, read_result, trouble_of
from .client import REST, close_client, http_error, open_client
from .endpoints import Endpoint, Uploaded, arguments, check
from .flux import FLUX
from .follow import SILENCE, Following
from .others import OTHERS
from .webhooks import Signatures

if TYPE_CHECKING:
    from fal_client import AsyncClient, AsyncRequestHandle

log = structlog.get_logger(__name__)

ENDPOINTS: Mapping[str, Mapping[Operation, Endpoint]] = {
    model.id: endpoints for model, endpoints in {**FLUX, **OTHERS}.items()
}
_HEADERS = {
    # Repeating is ours: fal would not tell of its own tries, and each of ours is safe.
    "x-fal-no-retry": "1",
    # What is made is fetched at once; at fal it lies openly at its address, so not for long.
    "X-Fal-Object-Lifecycle-Preference": '{"expiration_duration_seconds": 86400}',
}
_MOST_CLIENTS = 64
_LAST_WORD = 2.0
"""Seconds that a submission gets to tell its id when its task is cancelled."""


class Fal:
    """fal.ai through its own client; `url` is another address for all of it."""

    id: ClassVar[str] = "fal"
    title: ClassVar[str] = "fal.ai"
    description: ClassVar[str] = "FLUX, Stable Diffusion and tools for pictures, in fal.ai's cloud."
    secrets: ClassVar[tuple[Secret, ...]] = (Secret("api_key", "FAL_KEY"),)
    models: ClassVar[tuple[Model, ...]] = (*FLUX, *OTHERS)
    repeatable: ClassVar[bool] = False
    seats: int | None = 40
    seats_per_worker: int | None = None

    def __init__(self, *, url: str | None = None, silence: float = SILENCE) -> None:
        self._url = url
        self._silence = silence
        self._downloads = Downloads(url)
        self._signatures = Signatures(url or REST)
        self._clients: dict[str, AsyncClient] = {}
        self._streams: dict[str, httpx.AsyncClient] = {}

    async def generate(self, request: Request, call: Call) -> Result:
        """Submit the request, and follow it to its end. Raises a `ProviderError`."""
        endpoint = ENDPOINTS[request.model.id].get(request.operation)
        if endpoint is None:
            raise BadRequest(f"{request.model.name} cannot do {request.operation}.")
        check(endpoint, request.inputs)
        client = await self._client(call.secrets)
        files = await self._uploaded(client, endpoint, request)
        handle = await self._submitted(client, endpoint, arguments(endpoint, request, files), call)
        return await self._followed(handle, endpoint, request, call)

    async def resume(self, request_id: str, request: Request, call: Call) -> Result:
        """Follow a request that was submitted before. Raises a `ProviderError`."""
        endpoint = ENDPOINTS[request.model.id].get(request.operation)
        if endpoint is None:
            raise BadRequest(f"{request.model.name} cannot do {request.operation}.")
        app, _, id = request_id.rpartition("/")
        handle = await (await self._client(call.secrets)).get_handle(app, id)
        return await self._followed(handle, endpoint, request, call)

    async def cancel(self, request_id: str, secrets: Mapping[str, str]) -> None:
        """Ask fal to stop a request; quiet when it has ended, or fal does not know it."""
        app, _, id = request_id.rpartition("/")
        handle = await (await self._client(secrets)).get_handle(app, id)
        try:
            await handle.cancel()
        except http_error() as error:
            if error.status_code not in (400, 404):
                raise error_at_submission(trouble_of(error.response)) from error
        except httpx.HTTPError as error:
            raise Unavailable(f"fal could not be reached ({type(error).__name__}).") from error

    async def heard(self, headers: Mapping[str, str], body: bytes) -> str:
        """The id of the request that a webhook tells of, if fal signed it."""
        return await self._signatures.request_of(headers, body)

    async def check(self, secrets: Mapping[str, str]) -> str:
        """Ask about a request that there never was: fal tells so to a good key alone."""
        handle = await (await self._client(secrets)).get_handle("fal-ai/flux", str(UUID(int=0)))
        try:
            await handle.status()
        except http_error() as error:
            if error.status_code != 404:
                raise error_at_submission(trouble_of(error.response)) from error
        except httpx.HTTPError as error:
            raise Unavailable(f"fal could not be reached ({type(error).__name__}).") from error
        return "fal.ai accepts the key."

    async def close(self) -> None:
        """Let the connections go."""
        await self._downloads.close()
        for client in self._clients.values():
            await close_client(client)
        for streams in self._streams.values():
            await streams.aclose()
        self._clients.clear()
        self._streams.clear()

    async def _client(self, secrets: Mapping[str, str]) -> AsyncClient:
        key = secrets.get("api_key")
        if not key:
            raise NotConfigured("fal.ai needs a key: enter yours in the settings, or set FAL_KEY.")
        if key not in self._clients:
            if len(self._clients) >= _MOST_CLIENTS:
                oldest = next(iter(self._clients))
                # Left to finish what it has under way; nothing new begins with it.
                self._clients.pop(oldest)
                self._streams.pop(oldest, None)
            self._clients[key] = open_client(key, self._url)
        return self._clients[key]

    def _streams_of(self, secrets: Mapping[str, str]) -> httpx.AsyncClient:
        """The client for streams, which hold a connection each: its own, so that they leave others some."""
        key = secrets["api_key"]
        if key not in self._streams:
            self._streams[key] = httpx.AsyncClient(
                headers={"Authorization": f"Key {key}"},
                verify=tls(),
                limits=httpx.Limits(max_connections=None, max_keepalive_connections=20),
                timeout=httpx.Timeout(30.0, read=None),
            )
        return self._streams[key]

    async def _uploaded(self, client: AsyncClient, endpoint: Endpoint, request: Request) -> Uploaded:
        inputs = request.inputs
        wanted = (
            inputs.image if endpoint.image else None,
            inputs.mask if endpoint.mask else None,
            inputs.style_image if endpoint.style_image else None,
        )
        return Uploaded(*[await _upload(client, picture) if picture else None for picture in wanted])

    async def _submitted(
        self, client: AsyncClient, endpoint: Endpoint, sent: dict[str, Any], call: Call
    ) -> AsyncRequestHandle:
        """The request at fal, its id stored. Raises a `ProviderError`."""
        submitting = asyncio.create_task(
            client.submit(endpoint.app, sent, headers=_HEADERS, webhook_url=call.webhook_url)
        )
        try:
            handle = await asyncio.shield(submitting)
        except asyncio.CancelledError:
            # It may have arrived: whoever cancels must be able to stop it there.
            await asyncio.wait({submitting}, timeout=_LAST_WORD)
            if submitting.done() and not submitting.cancelled() and submitting.exception() is None:
                await call.accepted(_name(submitting.result(), endpoint))
            submitting.cancel()
            raise
        except http_error() as error:
            raise error_at_submission(trouble_of(error.response)) from error
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            words = f"fal could not be reached ({type(error).__name__})."
            raise Unavailable(words, taken=False) from error
        except (httpx.HTTPError, ValueError, KeyError) as error:
            raise OutcomeUnknown from error
        await call.accepted(_name(handle, endpoint))
        return handle

    async def _followed(
        self, handle: AsyncRequestHandle, endpoint: Endpoint, request: Request, call: Call
    ) -> Result:
        following = Following(handle, call, self._streams_of(call.secrets), silence=self._silence)
        made = read_result(await following.result())
        return await self._fetched(made, endpoint, request, handle.request_id)

    async def _fetched(self, made: Made, endpoint: Endpoint, request: Request, request_id: str) -> Result:
        if made.refused:
            log.info("fal.some_refused", request_id=request_id, refused=made.refused)
        # One seed is for all of them, in their order: with it alone only the first can be made again.
        seed = made.seed if made.seed is not None or not endpoint.seed else request.seed
        first = seed if not made.refused else None
        facts = {"app": endpoint.app, "request_id": request_id, **({} if seed is None else {"seed": seed})}
        images = await asyncio.gather(
            *(
                self._downloads.fetch(url, seed=None if index else first, facts=facts)
                for index, url in enumerate(made.urls)
            )
        )
        cost = made.units * endpoint.usd if made.units is not None and endpoint.usd is not None else None
        return Result(tuple(images), cost)


async def _upload(client: AsyncClient, picture: Picture) -> str:
    """A picture's address in fal's storage, where it stays for a day. Raises a `ProviderError`."""
    from fal_client.client import StorageSettings

    form = "jpeg" if picture.format == "jpg" else picture.format
    try:
        return await client.upload(
            picture.data, f"image/{form}", f"picture.{form}", lifecycle=StorageSettings(expires_in="1d")
        )
    except http_error() as error:
        failed = error_at_submission(trouble_of(error.response))
        raise type(failed)(failed.detail, retry_after=failed.retry_after, taken=False) from error
    except (httpx.HTTPError, ValueError, KeyError) as error:
        words = f"The picture could not be handed to fal ({type(error).__name__})."
        raise Unavailable(words, taken=False) from error


def _name(handle: AsyncRequestHandle, endpoint: Endpoint) -> str:
    """What is stored of a request: where it is asked about, as fal's queue has it, with its id at the end."""
    return f"{'/'.join(endpoint.app.split('/')[:2])}/{handle.request_id}"
