"""OpenAI's image models, and those of other servers that speak its images API, through the official client.

The client is loaded at the first call: it costs a second and some sixty megabytes. Its own repeats are off, because a
call that was cut off may have been paid; what may be tried again is the pipeline's decision.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import structlog

from ..base import Call, Model, Produced, Request, Result, Secret
from ..download import Downloads
from ..errors import NotConfigured, OutcomeUnknown, ProviderError
from ..transport import side_by_side
from .kinds import BY_NAME, COMPATIBLE, KINDS, Kind, declared
from .wording import Asked, asked

if TYPE_CHECKING:
    from openai import AsyncOpenAI

    from easel.base.service_settings import CompatibleServer

log = structlog.get_logger(__name__)

__all__ = ["OpenAI"]

_SECONDS = 600.0
"""How long a call may take: a large picture in the best quality takes minutes."""
_MILLION = 1_000_000


class OpenAI:
    """OpenAI itself at `url`; `compatible` makes the same for another server."""

    id: ClassVar[str] = "openai"
    title: ClassVar[str] = "OpenAI"
    description: ClassVar[str] = "GPT Image models by OpenAI; needs a key."
    secrets: ClassVar[tuple[Secret, ...]] = (Secret("api_key", "OPENAI_API_KEY"),)
    kinds: ClassVar[Mapping[str, Kind]] = BY_NAME
    """What each model is, by its name at the server."""
    models: ClassVar[tuple[Model, ...]] = tuple(declared(kind, "openai") for kind in KINDS)
    repeatable: ClassVar[bool] = False
    hosted: ClassVar[bool] = True
    """Whether OpenAI itself serves the models, and so takes its prices."""
    seats: int | None = None
    seats_per_worker: int | None = None

    def __init__(self, url: str) -> None:
        self._url = url
        self._http: Any = None
        self._downloads = Downloads(url)

    @staticmethod
    def compatible(server: CompatibleServer) -> OpenAI:
        """The provider for another server. Raises `ValueError` for a model like one that is not known."""
        kinds, models = {}, []
        for model in server.models:
            if model.like is not None and model.like not in BY_NAME:
                known = ", ".join(BY_NAME)
                raise ValueError(f"{server.id}: there is no model {model.like} to be like; known: {known}")
            kinds[model.id] = kind = BY_NAME.get(model.like or model.id, COMPATIBLE)
            models.append(declared(kind, server.id, name=model.id, title=model.title, hosted=False))

        class Compatible(OpenAI):
            id = server.id
            title = server.title
            description = "A server that speaks OpenAI's images API."
            secrets = (Secret("api_key", server.key_variable),) if server.key_variable else ()
            hosted = False

        Compatible.kinds, Compatible.models = kinds, tuple(models)
        return Compatible(server.base_url)

    async def check(self, secrets: Mapping[str, str]) -> str:
        """List the models, which costs nothing."""
        key = secrets.get("api_key", "")
        if self.secrets and not key:
            raise NotConfigured
        client = await self._client(key)
        import openai

        from .failures import understood

        try:
            listed = {model.id async for model in client.models.list()}
        except openai.OpenAIError as error:
            raise understood(error, key) from error
        known = len(listed & self.kinds.keys())
        return f"{'The key' if key else 'The server'} works; {known} of these models are open to it."

    async def generate(self, request: Request, call: Call) -> Result:
        """Make the pictures; several with previews are as many calls at once, of which each may fail by itself."""
        key = call.secrets.get("api_key", "")
        if self.secrets and not key:
            raise NotConfigured
        wanted = await asyncio.to_thread(asked, self._kind(request), self._name(request), request)
        client = await self._client(key)
        if not wanted.previews:
            return await self._result(request, [await self._whole(client, wanted, request.num_images, key)])
        told = _Told(call, request.num_images * (wanted.previews + 1))
        calls = [self._streamed(client, wanted, told, key) for _ in range(request.num_images)]
        return await self._result(request, await side_by_side(calls))

    async def resume(self, request_id: str, request: Request, call: Call) -> Result:
        """OpenAI keeps no requests: always raises `OutcomeUnknown`."""
        raise OutcomeUnknown

    async def cancel(self, request_id: str, secrets: Mapping[str, str]) -> None:
        """Nothing to do: a call that is dropped is all there is."""

    async def close(self) -> None:
        """Close the connections, where there are any."""
        if self._http is not None:
            await self._http.aclose()
            self._http = None
        await self._downloads.close()

    async def _client(self, key: str) -> AsyncOpenAI:
        """The official client with this key; all keys share the connections."""
        openai = await asyncio.to_thread(__import__, "openai")
        if self._http is None:
            self._http = openai.DefaultAsyncHttpxClient(timeout=openai.Timeout(_SECONDS, connect=10.0))
        # Another server is not to learn of OpenAI's organization from the environment.
        own = {} if self.hosted else {"OpenAI-Organization": openai.omit, "OpenAI-Project": openai.omit}
        client: AsyncOpenAI = openai.AsyncOpenAI(
            api_key=key or "none",
            base_url=self._url,
            max_retries=0,
            http_client=self._http,
            default_headers=own,
        )
        return client

    async def _whole(self, client: AsyncOpenAI, wanted: Asked, num_images: int, key: str) -> Any:
        import openai

        from .failures import understood

        fields = {**wanted.fields, "n": num_images} if num_images > 1 else wanted.fields
        try:
            return await getattr(client.images, wanted.method)(**fields)
        except openai.OpenAIError as error:
            raise understood(error, key) from error

    async def _streamed(self, client: AsyncOpenAI, wanted: Asked, told: _Told, key: str) -> Any:
        """One picture, with the states on the way told. Answers the last event."""
        import openai

        from .failures import understood

        done = None
        try:
            events = await getattr(client.images, wanted.method)(
                **wanted.fields, stream=True, partial_images=wanted.previews
            )
            async for event in events:
                if event.type.endswith(".partial_image"):
                    await told.state(_bytes(event.b64_json))
                elif event.type.endswith(".completed"):
                    await told.state(None)
                    done = event
        except openai.OpenAIError as error:
            raise understood(error, key) from error
        except Exception as error:
            # The transport's own: a stream that breaks off after its beginning.
            if type(error).__module__.startswith("httpx"):
                raise OutcomeUnknown from error
            raise
        if done is None:
            raise OutcomeUnknown
        return done

    async def _result(self, request: Request, answers: list[Any]) -> Result:
        kind = self._kind(request)
        produced, cost, told = [], Decimal(0), False
        for answer in answers:
            for image in _images(answer):
                facts = {"revised_prompt": words} if (words := _field(image, "revised_prompt")) else {}
                produced.append(await self._picture(image, facts))
            usage = _field(answer, "usage")
            if self.hosted and kind.tokens is not None and usage is not None:
                cost, told = cost + _cost(kind, usage), True
        return Result(tuple(produced), cost if told else None)

    async def _picture(self, image: Any, facts: Mapping[str, Any]) -> Produced:
        """A picture; some compatible servers answer with its address, whatever was asked for."""
        if _field(image, "b64_json") is None and (url := _field(image, "url")):
            return await self._downloads.fetch(str(url), facts=facts)
        return Produced(_bytes(_field(image, "b64_json")), None, facts)

    def _name(self, request: Request) -> str:
        return request.model.id.partition("/")[2]

    def _kind(self, request: Request) -> Kind:
        return self.kinds[self._name(request)]


class _Told:
    """What is told of pictures that are streamed side by side: one count of states over all of them."""

    def __init__(self, call: Call, states: int) -> None:
        self._call, self._states, self._done = call, states, 0

    async def state(self, picture: bytes | None) -> None:
        """One more state has come, to be shown if it is given."""
        self._done += 1
        await self._call.progress(self._done, self._states)
        if picture is None:
            return
        from ..pixels import shrunk

        try:
            await self._call.preview(await asyncio.to_thread(shrunk, picture))
        except ValueError:
            log.info("openai.preview_unreadable", bytes=len(picture))


def _images(answer: Any) -> list[Any]:
    """The pictures of an answer: of a stream's last event it is itself."""
    if _field(answer, "b64_json") is not None:
        return [answer]
    found = _field(answer, "data")
    if not isinstance(found, list):
        raise ProviderError("The service answered with something else than pictures.")
    return found


def _field(answer: Any, name: str) -> Any:
    return getattr(answer, name, None)


def _bytes(encoded: str | None) -> bytes:
    if not encoded:
        raise ProviderError("The service answered without a picture.")
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ProviderError("The service answered with a picture that cannot be read.") from error


def _cost(kind: Kind, usage: Any) -> Decimal:
    """What the tokens of an answer cost, in US dollars."""
    assert kind.tokens is not None
    details = _field(usage, "input_tokens_details")
    pictures = int(_field(details, "image_tokens") or 0)
    text = int(_field(usage, "input_tokens") or 0) - pictures
    output = int(_field(usage, "output_tokens") or 0)
    tokens = kind.tokens
    return (max(text, 0) * tokens.text + pictures * tokens.image + output * tokens.output) / _MILLION
