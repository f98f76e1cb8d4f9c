"""OpenAI under the contract, with a model of each family; a call that is dropped is all the service can be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from easel.providers.base import Provider
from easel.providers.openai import OpenAI
from easel.providers.openai.kinds import BY_NAME, declared
from tests.servers import openai as server
from tests.servers.openai import OpenAIService
from tests.servers.serving import KEY, serving

from .stage import Fault, Stage, Subject

SERVES = ("gpt-image-2", "gpt-image-1-mini", "dall-e-2", "dall-e-3")


class Few(OpenAI):
    """OpenAI with one model of each family, those included that only other servers have still."""

    models = tuple(replace(declared(BY_NAME[name], "openai"), retired=None) for name in SERVES)


FAULTS: Mapping[Fault, server.Answer] = {
    Fault.REFUSES_CONTENT: server.answers(
        400,
        "Your request was rejected by the safety system.",
        "moderation_blocked",
        "image_generation_user_error",
        moderation_details={"moderation_stage": "input", "categories": ["violence"]},
    ),
    Fault.REFUSES_INPUT: server.answers(400, "Invalid value: 'x'.", "invalid_value", param="size"),
    Fault.NO_CREDIT: server.answers(
        400,
        "Billing hard limit has been reached",
        "billing_hard_limit_reached",
        "image_generation_user_error",
    ),
    Fault.RATE_LIMIT: server.answers(
        429, "Rate limit reached for images.", "rate_limit_exceeded", "requests", headers={"retry-after": "7"}
    ),
    Fault.BROKEN: server.answers(500, "The server had an error.", None, "server_error"),
    Fault.CUT_OFF: server.cuts_off,
    Fault.NO_PICTURE: server.no_picture,
}


@dataclass
class Service:
    """The server, and the adapter's way to it."""

    url: str
    server: OpenAIService
    secrets: Mapping[str, str] = field(default_factory=lambda: {"api_key": KEY})

    def provider(self) -> Provider:
        return Few(f"{self.url}/v1")

    def provoke(self, fault: Fault) -> None:
        if fault is Fault.FAILS:
            self.server.stream_error = {"message": "The picture came out wrong.", "code": None}
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
    service = OpenAIService(models=SERVES)
    with serving(service.app()) as url:
        yield Service(url, service)


SUBJECT = Subject("openai", Few, _open)
