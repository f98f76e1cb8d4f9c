"""Google under the contract; a call that is dropped is all the service can be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from starlette.responses import Response

from easel.providers.base import Provider
from easel.providers.google import Google
from tests.servers import google as server
from tests.servers.google import GoogleService
from tests.servers.serving import KEY, cut_off, serving

from .stage import Fault, Stage, Subject

FAULTS: Mapping[Fault, server.Answer] = {
    Fault.REFUSES_INPUT: server.answers(400, "Invalid image config.", "INVALID_ARGUMENT"),
    Fault.NO_CREDIT: server.answers(
        429, "You exceeded your quota, please check your plan and billing details.", "RESOURCE_EXHAUSTED"
    ),
    Fault.RATE_LIMIT: server.answers(429, "Resource has been exhausted.", "RESOURCE_EXHAUSTED"),
    Fault.BROKEN: server.answers(500, "An internal error has occurred.", "INTERNAL"),
    Fault.CUT_OFF: lambda request: cut_off(),
    Fault.NO_PICTURE: lambda request: Response("<html>Welcome</html>", media_type="text/html"),
}


@dataclass
class Service:
    """The server, and the adapter's way to it."""

    url: str
    server: GoogleService
    secrets: Mapping[str, str] = field(default_factory=lambda: {"api_key": KEY})

    def provider(self) -> Provider:
        return Google(self.url)

    def provoke(self, fault: Fault) -> None:
        if fault is Fault.REFUSES_CONTENT:
            self.server.finish = "IMAGE_SAFETY"
        elif fault is Fault.FAILS:
            self.server.finish = "NO_IMAGE"
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


@contextmanager
def _open() -> Iterator[Stage]:
    service = GoogleService()
    with serving(service.app()) as url:
        yield Service(url, service)


SUBJECT = Subject("google", Google, _open)
