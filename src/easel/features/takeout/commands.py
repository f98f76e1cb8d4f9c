"""`easel export` and `easel import`: everything of one's own as a ZIP, and in again."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from easel.core.commands import CommandFailed, answer, commands_of

app = typer.Typer()

_POLL_SECONDS = 0.3

Url = Annotated[str | None, typer.Option("--url", envvar="EASEL_URL", help="A studio elsewhere.")]
Token = Annotated[str | None, typer.Option("--token", envvar="EASEL_TOKEN", help="The token for --url.")]
User = Annotated[str | None, typer.Option("--user", help="The account to act for on this machine.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print what came of it as JSON.")]


@app.command("export")
def export_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The ZIP to write; it must not be there yet.")],
    as_json: AsJson = False,
    url: Url = None,
    token: Token = None,
    user: User = None,
) -> None:
    """Take everything of yours out as one ZIP.

    Works on this machine's data folder, whether or not the studio runs, or on a studio elsewhere with --url.
    """
    if file.exists():
        raise CommandFailed(f"{file} is there already.")
    commands = commands_of(context)
    part = file.with_name(f"{file.name}.part")

    async def main() -> None:
        async with commands.connect(url=url, token=token, user=user) as client:
            await _export(client, written, _bar(quiet=as_json))

    # The file has its name only once all of it is there.
    try:
        with part.open("wb") as written:
            commands.run(main)
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
    told = {"file": str(file), "bytes": file.stat().st_size}
    typer.echo(json.dumps(told, indent=2) if as_json else str(file))


@app.command("import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The take-out.")],
    as_json: AsJson = False,
    url: Url = None,
    token: Token = None,
    user: User = None,
) -> None:
    """Bring a take-out into your library. Doing it twice adds nothing.

    Works on this machine's data folder, whether or not the studio runs, or on a studio elsewhere with --url.
    """
    commands = commands_of(context)
    size = file.stat().st_size

    async def main() -> None:
        async with commands.connect(url=url, token=token, user=user) as client:
            result = await _import(client, opened, size, _bar(quiet=as_json))
        told = "{images} pictures came in, {already_there} were there already, {missing} were not in the ZIP."
        typer.echo(json.dumps(result, indent=2) if as_json else told.format(**result))

    with file.open("rb") as opened:
        commands.run(main)


async def _export(client: httpx.AsyncClient, written: BinaryIO, bar: Progress) -> None:
    async with client.stream("POST", "/api/users/export") as response:
        if not response.is_success:
            await response.aread()
            answer(response)
        with bar:
            task = bar.add_task("exporting", total=None)
            async for piece in response.aiter_bytes():
                await asyncio.to_thread(written.write, piece)
                bar.advance(task, len(piece))


async def _import(client: httpx.AsyncClient, opened: BinaryIO, size: int, bar: Progress) -> dict[str, Any]:
    """Upload the take-out and follow its job; answers the job's result."""
    with bar:
        task = bar.add_task("uploading", total=size)
        read = bar.wrap_file(opened, total=size, task_id=task)
        sent = await client.post(
            "/api/users/import", files={"file": ("take-out.zip", read, "application/zip")}
        )
        address = answer(sent)["links"]["self"]
        while (job := answer(await client.get(address)))["status"] in ("pending", "running"):
            bar.update(task, description=job["stage"], completed=size * job["percent"] / 100)
            await asyncio.sleep(_POLL_SECONDS)
    if job["status"] == "failed":
        raise CommandFailed(job["error"]["message"])
    result: dict[str, Any] = job["result"]
    return result


def _bar(*, quiet: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=quiet or not sys.stderr.isatty(),
        transient=True,
    )
