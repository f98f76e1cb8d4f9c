"""How commands reach the studio: an HTTP client, to this machine's data folder or to a server elsewhere.

Commands speak the API in both cases, so there is one way to do each thing. `app` composes the client.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import httpx
import typer

from easel.base.errors import EaselError


class CommandFailed(EaselError):
    """The studio refused the command."""

    status = 500
    code = "command_failed"


class Connect(Protocol):
    """Opens the API: of the studio at `url` with `token`, or of this machine's data folder as `user`."""

    def __call__(
        self, *, url: str | None, token: str | None, user: str | None
    ) -> AbstractAsyncContextManager[httpx.AsyncClient]: ...


@dataclass(frozen=True, slots=True)
class Commands:
    """What commands are handed as their context's object."""

    connect: Connect
    run: Callable[[Callable[[], Coroutine[Any, Any, None]]], None]


def commands_of(context: typer.Context) -> Commands:
    """The object that `app` put into the context."""
    found = context.find_object(Commands)
    assert found is not None
    return found


def answer(response: httpx.Response) -> Any:
    """The JSON of an answer. Raises `CommandFailed` with the problem's own words."""
    if response.is_success:
        return response.json()
    try:
        problem = response.json()
    except ValueError:
        raise CommandFailed(
            f"{response.request.url}: {response.status_code} {response.reason_phrase}"
        ) from None
    lines = [f"{error['field']}: {error['message']}" for error in problem.get("errors", [])]
    raise CommandFailed("\n".join(lines) or problem.get("detail", response.reason_phrase))
