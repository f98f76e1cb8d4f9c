"""Stability AI under the contract: what answers at once, and the creative upscaler, which keeps its requests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from starlette.responses import Response

from easel.providers.base import Operation, Provider
from easel.providers.stability import Stability
from tests.servers import stability as server
from tests.servers.serving import KEY, cut_off, serving
from tests.servers.stability import StabilityService

from .stage import Fault, Stage, Subject

FAULTS: Mapping[Fault, server.Answer] = {
    Fault.REFUSES_CONTENT: server.answers(
        403, "content_moderation", "Your request was flagged by our content moderation system."
    ),
    Fault.REFUSES_INPUT: server.answers(400, "bad_request", "prompt: is required"),
    Fault.NO_CREDIT: server.answers(402, "payment_required", "You lack sufficient credits."),
    Fault.RATE_LIMIT: server.answers(429, "rate_limit_exceeded", "Too many requests."),
    Fault.BROKEN: server.answers(500, "internal_error", "Something went wrong."),
    Fault.CUT_OFF: lambda request: cut_off(b"\x89PNG", media_type="image/png"),
    Fault.NO_PICTURE: lambda request: Response("<html>Welcome</html>", media_type="text/html"),
}


VARIANTS = (
    "core",
    "sd3.5-large-turbo",
    "sd3.5-medium",
    "sd3.5-flash",
    "search-and-recolor",
    "upscale-creative",
)


class AtOnce(Stability):
    """The services that answer with the picture, one of each kind."""

    models = tuple(model for model in Stability.models if model.id.rpartition("/")[2] not in VARIANTS)


class Kept(Stability):
    """The service that answers with an id."""

    models = tuple(model for model in Stability.models if model.id == "stability/upscale-creative")


@dataclass
class Service:
    """The server, and the adapter's way to it."""

    url: str
    server: StabilityService
    kind: type[Stability]
    secrets: Mapping[str, str] = field(default_factory=lambda: {"api_key": KEY})

    def provider(self) -> Provider:
        return self.kind(self.url, interval=0.02)

    def provoke(self, fault: Fault) -> None:
        if fault is Fault.FAILS:
            self.server.filters = True
        else:
            self.server.faults.append(FAULTS[fault])

    def hold(self) -> None:
        self.server.held.set()

    def release(self) -> None:
        self.server.held.clear()

    @property
    def submissions(self) -> int:
        return self.server.submissions

    @property
    def cancelled(self) -> int:
        return self.server.cancelled


def _open(kind: type[Stability]) -> Iterator[Stage]:
    service = StabilityService()
    with serving(service.app()) as url:
        yield Service(url, service, kind)


SIZES = frozenset(
    {Operation.TEXT_TO_IMAGE, Operation.INPAINT, Operation.OUTPAINT, Operation.REMOVE_BACKGROUND}
)
AT_ONCE = Subject("stability", AtOnce, contextmanager(lambda: _open(AtOnce)), sizes_exact=SIZES)
KEPT = Subject(
    "stability-kept",
    Kept,
    contextmanager(lambda: _open(Kept)),
    keeps_requests=True,
    holds=False,
    sizes_exact=SIZES,
)
