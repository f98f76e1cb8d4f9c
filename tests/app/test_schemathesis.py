"""Thousands of requests made from the OpenAPI document, valid and not, find nothing that it does not say."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from tests.plugins.shelf import Shelf
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio

LEFT_OUT = {
    "stream_events": "its answer does not end; it has tests of its own",
    "logout": "it would end the session that all other requests are made with",
    "begin_upload": "the tool wants unknown headers refused where one is required, which HTTP forbids",
    "continue_upload": "the tool cannot make a body of tus' type; it has tests of its own",
    "end_session": "so would it, once it is given the id that the list of sessions shows",
}
CHECKS_LEFT_OUT = {
    "use_after_free": "what is deleted lies in the trash, where it can be looked at and taken back",
    "positive_data_acceptance": "no schema can say which cursors a list gave, what a model takes, which "
    "password is common: input of the right form may still be refused by name",
}
DOCUMENT = json.loads((Path(__file__).parents[2] / "web" / "openapi.json").read_text())
METHODS = {"get", "put", "post", "delete", "patch", "head"}
OPERATIONS = [
    operation
    for path in DOCUMENT["paths"].values()
    for method, operation in path.items()
    if method in METHODS
]
ASKED = [operation for operation in OPERATIONS if operation["operationId"] not in LEFT_OUT]
TAGS = sorted({tag for operation in ASKED for tag in operation["tags"]})


def test_every_operation_is_asked() -> None:
    assert all(operation["tags"] for operation in OPERATIONS)
    assert {operation["operationId"] for operation in OPERATIONS} >= LEFT_OUT.keys()


# One worker: with two, Python 3.11's parser counts its depth wrong now and then ("recursion depth mismatch").
@pytest.mark.timeout(300)
@pytest.mark.parametrize("tag", TAGS)
async def test_the_api_does_what_its_document_says(server: Server, shelf: Shelf, tag: str) -> None:
    for seed in range(3):
        await shelf.add(seed=seed)
    options = [
        f"--header=Authorization: {shelf.client.headers['Authorization']}",
        f"--header=X-Workspace: {shelf.actor.workspace}",
    ]
    options += [f"--exclude-operation-id={name}" for name in LEFT_OUT]
    if CHECKS_LEFT_OUT:
        options.append(f"--exclude-checks={','.join(CHECKS_LEFT_OUT)}")
    code, said = await _ask(server, tag, options, seed=1)
    if code and "🚫" in said and "hypothesis/internal" in said:
        # The tool broke, not the API (an index that Hypothesis' shrinker gets wrong now and then).
        code, said = await _ask(server, tag, options, seed=2)
    assert code == 0, said


async def _ask(server: Server, tag: str, options: list[str], *, seed: int) -> tuple[int | None, str]:
    """One run of the tool: its exit code, and what it said."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()", "run"),
        *(f"{server.url}/openapi.json", f"--seed={seed}", "--max-examples=25", "--workers=1", "--no-color"),
        *(
            f"--include-tag={tag}",
            "--request-timeout=20",
            "--warnings=off",
            "--suppress-health-check=all",
            "--continue-on-failure",
            *options,
        ),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode, said.decode()
