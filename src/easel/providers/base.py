"""The contract between Easel and an image model: bytes in, bytes out.

A provider is one class in one file (or folder). It declares its models as data; from a model's declaration come
the validation, the form, the command's flags, the price and the reference page. Adapters know neither the
database nor the web: what they need comes in as a `Request` and a `Call`, what they made goes out as a `Result`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, BinaryIO, ClassVar, Literal, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict

from .edits import EditStep
from .pricing import FREE
from .pricing import Price as Price

ImageFormat = Literal["png", "jpeg", "webp", "avif"]

MAX_PROMPT = 10_000
"""Characters of a prompt or negative prompt that Easel accepts; a model may declare fewer."""


MAX_SEED = 2**53 - 1
"""Largest seed: the largest whole number that every JSON reader keeps exact."""


LOCAL = "local"
"""The queue of what is made by a model on the worker's own machine."""


class Operation(StrEnum):
    """What a generation does. Every picture comes from one."""

    TEXT_TO_IMAGE = "text-to-image"
    IMAGE_TO_IMAGE = "image-to-image"
    VARIATION = "variation"
    INPAINT = "inpaint"
    OUTPAINT = "outpaint"
    UPSCALE = "upscale"
    REMOVE_BACKGROUND = "remove-background"
    EDIT = "edit"
    """After instructions in words, as some models take them."""
    ADJUST = "adjust"
    """Crop, turn, light and the like: no model's work, but the studio's own."""


class Capability(StrEnum):
    """What a model can do beyond answering; the studio shows and hides controls by these."""

    TEXT_TO_IMAGE = "text-to-image"
    IMAGE_TO_IMAGE = "image-to-image"
    VARIATION = "variation"
    INPAINT = "inpaint"
    OUTPAINT = "outpaint"
    UPSCALE = "upscale"
    REMOVE_BACKGROUND = "remove-background"
    EDIT = "edit"
    ADJUST = "adjust"
    STYLE_IMAGE = "style-image"
    NEGATIVE_PROMPT = "negative-prompt"
    PROMPT_WEIGHTS = "prompt-weights"
    SEED = "seed"
    CUSTOM_SIZE = "custom-size"
    PREVIEWS = "previews"


class Options(BaseModel):
    """Base of every model's own parameters: named as the field names them, described, bounded, defaulted.

    Standard names are ``guidance``, ``steps``, ``sampler``, ``style``, ``quality``, ``strength``. A parameter that
    the class does not have is refused by name.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclasses.dataclass(frozen=True, slots=True)
class Sizes:
    """The picture sizes a model takes, in pixels: a range in steps, or a list of its own.

    `max_ratio` bounds how many times the shorter side the longer one may be.
    """

    minimum: int = 64
    maximum: int = 2048
    step: int = 1
    min_pixels: int | None = None
    max_pixels: int | None = None
    max_ratio: float | None = None
    only: tuple[tuple[int, int], ...] = ()
    default: tuple[int, int] = (1024, 1024)

    def why_not(self, width: int, height: int) -> str | None:
        """The reason that a size is refused, in words, or None when it is allowed."""
        if self.only:
            if (width, height) in self.only:
                return None
            return "must be one of " + ", ".join(f"{w}x{h}" for w, h in self.only)
        for name, value in (("width", width), ("height", height)):
            if not self.minimum <= value <= self.maximum:
                return f"{name} must be between {self.minimum} and {self.maximum} pixels"
            if value % self.step:
                return f"{name} must be a multiple of {self.step} pixels"
        if self.max_pixels and width * height > self.max_pixels:
            return f"at most {self.max_pixels} pixels in all"
        if self.min_pixels and width * height < self.min_pixels:
            return f"at least {self.min_pixels} pixels in all"
        if self.max_ratio and max(width, height) > self.max_ratio * min(width, height):
            return f"the longer side may be at most {self.max_ratio:g} times the shorter"
        return None


@dataclasses.dataclass(frozen=True, slots=True)
class Model:
    """One model as data. `id` is ``provider/model``; `speed` and `quality` are grades from 1 to 5.

    `retired` says in words that its service has ended it: it stays in the catalogue for what it made, and makes
    nothing any more. `scales` are the factors that an upscale knows; none: any.

    `found` is what a provider that discovers its models needs to know this one again, as plain JSON; None for those
    that are declared.
    """

    id: str
    name: str
    description: str
    version: str
    capabilities: frozenset[Capability]
    options: type[Options]
    sizes: Sizes = Sizes()
    formats: tuple[ImageFormat, ...] = ("png",)
    max_images: int = 4
    max_prompt: int = MAX_PROMPT
    price: Price = FREE
    category: str = "general"
    speed: int = 3
    quality: int = 3
    best_use: str = ""
    recommended: Mapping[str, Any] = dataclasses.field(default_factory=dict, hash=False)
    licence: str = ""
    documentation_url: str | None = None
    featured: bool = False
    retired: str | None = None
    found: Mapping[str, Any] | None = dataclasses.field(default=None, hash=False)
    scales: tuple[int, ...] = ()

    @property
    def provider_id(self) -> str:
        return self.id.split("/", 1)[0]


@dataclasses.dataclass(frozen=True, slots=True)
class Secret:
    """A key that a provider needs: its name, and the environment variable it may come from."""

    name: str
    env: str


@dataclasses.dataclass(frozen=True, slots=True)
class Picture:
    """A picture handed to a model: a whole file, and its size in pixels."""

    data: bytes = dataclasses.field(repr=False)
    format: str
    width: int
    height: int


@dataclasses.dataclass(frozen=True, slots=True)
class Margins:
    """How far an outpainted picture grows at each side, in pixels."""

    left: int = 0
    top: int = 0
    right: int = 0
    bottom: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Inputs:
    """What an operation starts from, beside the prompt; each is None where the operation has no use for it.

    `mask` is a PNG of the picture's size, white where it is to change and black where it stays.
    `scale` is the factor of an upscale; `margins` those of an outpaint; `edits` the steps of an edit.
    """

    image: Picture | None = None
    mask: Picture | None = None
    style_image: Picture | None = None
    scale: int | None = None
    margins: Margins | None = None
    edits: tuple[EditStep, ...] = ()


NO_INPUTS = Inputs()


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    """One thing to make. `seed` is always set: picture i of several uses ``seed + i``.

    `width` and `height` are those of the result.
    """

    model: Model
    operation: Operation
    prompt: str
    negative_prompt: str
    width: int
    height: int
    seed: int
    num_images: int
    output_format: ImageFormat
    options: Options
    inputs: Inputs = NO_INPUTS


@dataclasses.dataclass(frozen=True, slots=True)
class Produced:
    """One finished picture: the file's bytes as they came, and what made it.

    A large one is never whole in memory: it lies in `file`, which is open, and `data` is empty.
    """

    data: bytes
    seed: int | None
    metadata: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    file: BinaryIO | None = None

    @property
    def content(self) -> bytes | BinaryIO:
        """The picture, wherever it is."""
        return self.data if self.file is None else self.file

    def close(self) -> None:
        """Let the file go, if there is one."""
        if self.file is not None:
            self.file.close()


@dataclasses.dataclass(frozen=True, slots=True)
class Result:
    images: tuple[Produced, ...]
    provider_cost_usd: Decimal | None = None


class Call(Protocol):
    """What an adapter may tell the pipeline while it works, and what it is handed."""

    secrets: Mapping[str, str]
    webhook_url: str | None
    """Where the service may tell that the request has news; None where it would not reach this studio."""

    async def accepted(self, request_id: str) -> None:
        """The provider took the request under this id. Returns when the id is stored durably."""

    async def progress(self, step: int, steps: int) -> None:
        """Step `step` of `steps` is done. Cheap: call it as often as there is news."""

    async def preview(self, data: bytes) -> None:
        """A picture of the state so far: a small WebP, JPEG or PNG, at most 512 pixels wide."""

    async def news(self, seconds: float) -> None:
        """Wait until the service told of news at `webhook_url`, at most so long. It may never tell: ask it too."""


class Provider(Protocol):
    """An adapter to one service or engine.

    `repeatable` says that the same request may safely run again after a crash: it costs nothing and answers by
    seed. For all others a call whose outcome is unknown is failed, never repeated, unless `resume` can pick it
    up by the provider's own request id.

    `seats` says how many calls may be in flight at once over all workers, as the service allows;
    `seats_per_worker` how many in one worker, as an engine on the worker's own machine does. None: no limit of
    its own.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    description: ClassVar[str]
    secrets: ClassVar[tuple[Secret, ...]]
    models: ClassVar[tuple[Model, ...]]
    repeatable: ClassVar[bool]
    seats: int | None
    seats_per_worker: int | None

    async def generate(self, request: Request, call: Call) -> Result:
        """Make the pictures.

        Cancellation of the task is the cancel signal: clean up and let `asyncio.CancelledError` pass.
        Raises a `ProviderError`.
        """
        ...

    async def resume(self, request_id: str, request: Request, call: Call) -> Result:
        """Follow a request that an earlier process submitted.

        Raises a `ProviderError`; `OutcomeUnknown` where the provider keeps no requests.
        """
        ...

    async def cancel(self, request_id: str, secrets: Mapping[str, str]) -> None:
        """Ask the provider to stop a request, with the keys it was made with; quiet when it ended already."""
        ...

    async def close(self) -> None:
        """Release connections and threads."""
        ...


@runtime_checkable
class TellsByItself(Provider, Protocol):
    """A provider whose service can tell of news at an address that it is given with the request."""

    async def heard(self, headers: Mapping[str, str], body: bytes) -> str:
        """The service's own id of the request that a webhook is about, once its signature is found good.

        Raises `WebhookRefused`, or another `ProviderError` where it cannot be checked at the moment.
        """
        ...


@runtime_checkable
class Checks(Provider, Protocol):
    """A provider that can be asked, at no cost, whether it would work."""

    async def check(self, secrets: Mapping[str, str]) -> str:
        """Make a call that costs nothing; answers what it told, in a sentence.

        Raises a `ProviderError`: `NotConfigured` for a key that is refused or missing.
        """
        ...


@runtime_checkable
class Discovers(Provider, Protocol):
    """A provider whose models are those of a server of the operator's own; it declares none itself.

    `setting` is the environment variable that holds the server's address.
    """

    setting: ClassVar[str]

    @property
    def configured(self) -> bool:
        """Whether the operator has named a server."""
        ...

    async def discover(self) -> tuple[Model, ...]:
        """Ask the server for its models; none where no server is named. Raises a `ProviderError`."""
        ...

    def known(self, model_id: str, found: Mapping[str, Any]) -> Model:
        """The model again, from what was kept of it (`Model.found`), without asking the server."""
        ...


@runtime_checkable
class OwnQueue(Provider, Protocol):
    """A provider whose calls only some machines can make: they wait in a queue of its own for a worker there."""

    queue: ClassVar[str]
    nobody: ClassVar[str]
    """What to do when no worker takes its queue, in words."""

    @property
    def runs_here(self) -> bool:
        """Whether this process could make its calls."""
        ...

    @property
    def missing_here(self) -> str:
        """What this machine lacks for it, in words."""
        ...
