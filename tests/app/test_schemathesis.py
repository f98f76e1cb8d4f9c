"""Thousands of requests made from the OpenAPI document, valid and not, find nothing that it does not say."""

from __future__ import annotations

import asyncio
import json
import os
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
ROOT = Path(__file__).parents[2]
DOCUMENT = json.loads((ROOT / "web" / "openapi.json").read_text())
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
@pytest.mark.timeout(600)
async def test_the_api_does_what_its_document_says(server: Server, shelf: Shelf) -> None:
    """The whole document: boundaries of every shape, some random requests, and chains of operations by its links."""
    said = await _asked(server, shelf, "--max-examples=3", hooks="tests.app.repeated_shapes")
    for phase in ("Coverage", "Fuzzing", "Stateful"):
        assert f"✅ {phase}" in said, said


@pytest.mark.faults
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("tag", TAGS)
async def test_each_part_of_the_api_does_it_at_length(server: Server, shelf: Shelf, tag: str) -> None:
    """Every boundary of every operation, and more random requests and chains."""
    await _asked(server, shelf, "--max-examples=25", f"--include-tag={tag}")


async def _asked(server: Server, shelf: Shelf, *options: str, hooks: str | None = None) -> str:
    """One run of the tool, which finds nothing; what it said."""
    for seed in range(3):
        await shelf.add(seed=seed)
    given = [
        *options,
        f"--header=Authorization: {shelf.client.headers['Authorization']}",
        f"--header=X-Workspace: {shelf.actor.workspace}",
        *(f"--exclude-operation-id={name}" for name in LEFT_OUT),
        f"--exclude-checks={','.join(CHECKS_LEFT_OUT)}",
    ]
    code, said = await _ask(server, given, seed=1, hooks=hooks)
    if code and "🚫" in said and "hypothesis/internal" in said:
        # The tool broke, not the API (an index that Hypothesis' shrinker gets wrong now and then).
        code, said = await _ask(server, given, seed=2, hooks=hooks)
    assert code == 0, said
    return said


async def _ask(server: Server, options: list[str], *, seed: int, hooks: str | None) -> tuple[int | None, str]:
    """The tool's exit code, and what it said."""
    environment = dict(os.environ)
    if hooks:
        environment["SCHEMATHESIS_HOOKS"] = hooks
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()", "run"),
        *(f"{server.url}/openapi.json", f"--seed={seed}", "--workers=1", "--no-color"),
        *("--request-timeout=20", "--warnings=off", "--suppress-health-check=all", "--continue-on-failure"),
        *options,
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    spoken, _ = await process.communicate()
    return process.returncode, spoken.decode()
