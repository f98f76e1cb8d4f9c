"""``make demo-providers``: the protocol servers, for trying the studio without accounts anywhere.

`SERVERS` is the list: a line for each, with the environment in which the studio uses it.
"""

from __future__ import annotations

import shlex
import signal
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

from starlette.types import ASGIApp

from .a1111 import A1111Server
from .comfyui import ComfyServer
from .fal import Fal
from .google import GoogleService
from .openai import OpenAIService
from .replicate import ReplicateService
from .serving import KEY, serving
from .stability import StabilityService

FIRST_PORT = 8901


@dataclass(frozen=True)
class Demo:
    """A server: how its application is made, and what tells the studio of it at its address."""

    name: str
    app: Callable[[], ASGIApp]
    environment: Callable[[str], Mapping[str, str]]


SERVERS: tuple[Demo, ...] = (
    Demo("fal.ai", lambda: Fal(pace=0.4).app(), lambda url: {"EASEL_FAL_URL": url, "FAL_KEY": KEY}),
    Demo(
        "OpenAI",
        lambda: OpenAIService().app(),
        lambda url: {"OPENAI_BASE_URL": f"{url}/v1", "OPENAI_API_KEY": KEY},
    ),
    Demo("ComfyUI", lambda: ComfyServer().app(), lambda url: {"COMFYUI_URL": url}),
    Demo("AUTOMATIC1111", lambda: A1111Server().app(), lambda url: {"A1111_URL": url}),
    Demo(
        "Stability AI",
        lambda: StabilityService().app(),
        lambda url: {"STABILITY_BASE_URL": url, "STABILITY_API_KEY": KEY},
    ),
    Demo(
        "Replicate",
        lambda: ReplicateService().app(),
        lambda url: {"REPLICATE_BASE_URL": url, "REPLICATE_API_TOKEN": KEY},
    ),
    Demo(
        "Google",
        lambda: GoogleService().app(),
        lambda url: {"GEMINI_BASE_URL": url, "GEMINI_API_KEY": KEY},
    ),
)


def main() -> None:
    """Serve all of them, each at its own port from `FIRST_PORT` on, until interrupted."""
    variables: dict[str, str] = {}
    with ExitStack() as stack:
        for number, server in enumerate(SERVERS):
            url = stack.enter_context(serving(server.app(), port=FIRST_PORT + number))
            variables |= server.environment(url)
            print(f"{server.name} at {url}", flush=True)
        words = " ".join(f"{name}={shlex.quote(value)}" for name, value in variables.items())
        print(f"\nIn another terminal:\n\n  {words} make serve\n", flush=True)
        print("Ctrl+C ends them.", flush=True)
        stop = threading.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: stop.set())
        stop.wait()


if __name__ == "__main__":
    main()
