"""fal under the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from easel.providers.base import Provider
from easel.providers.fal import Fal
from tests.servers.fal import Fal as Service
from tests.servers.fal import serving_fal
from tests.servers.serving import KEY

from .stage import Fault, Stage, Subject

_FAULTS = {
    Fault.REFUSES_CONTENT: "content_policy_violation",
    Fault.REFUSES_INPUT: "image_too_small",
    Fault.NO_CREDIT: "locked",
    Fault.RATE_LIMIT: "limit",
    Fault.BROKEN: "broken",
    Fault.FAILS: "runner_disconnected",
    Fault.CUT_OFF: "cut_off",
    Fault.NO_PICTURE: "no_picture",
}


class FalStage:
    """fal's protocol server."""

    secrets: Mapping[str, str] = {"api_key": KEY}

    def __init__(self, service: Service) -> None:
        self.service = service

    def provider(self) -> Provider:
        return Fal(url=self.service.url)

    def provoke(self, fault: Fault) -> None:
        self.service.faults.add(_FAULTS[fault])

    def hold(self) -> None:
        self.service.held = True

    def release(self) -> None:
        self.service.held = False

    @property
    def submissions(self) -> int:
        return self.service.submissions

    @property
    def cancelled(self) -> int:
        return len(self.service.cancelled)


@contextmanager
def _open() -> Iterator[Stage]:
    with serving_fal() as service:
        yield FalStage(service)


SUBJECT = Subject("fal", Fal, _open, keeps_requests=True)
