"""`easel library import`: a folder of pictures into the library."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Final
from uuid import UUID

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from easel.core.commands import CommandFailed, answer, commands_of

app = typer.Typer()
library = typer.Typer(help="Your pictures.", no_args_is_help=True)
app.add_typer(library, name="library")

_SUFFIXES: Final = frozenset({".png", ".jpg", ".jpeg", ".jfif", ".webp", ".avif", ".gif"})
_BATCH: Final = 200
_TRIES: Final = 6
_LONGEST_TAG: Final = 64


@dataclass
class Outcome:
    """What an import did; `failed` names each file that did not come in, with the reason."""

    files: int = 0
    added: int = 0
    already_there: int = 0
    failed: list[dict[str, str]] = field(default_factory=list)
    seconds: float = 0.0
    dry_run: bool = False


@library.command("import")
def import_(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="The folder, with all in it.")],
    project: Annotated[
        str | None, typer.Option("--project", help="Put them into this project: its name or id.")
    ] = None,
    tags_from_folders: Annotated[
        bool, typer.Option("--tags-from-folders", help="Tag each with the names of its folders.")
    ] = False,
    tag: Annotated[list[str] | None, typer.Option("--tag", help="Tag all of them with this.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would come in; bring nothing.")
    ] = False,
    at_once: Annotated[int, typer.Option("--at-once", min=1, max=32, help="Files at the same time.")] = 4,
    as_json: Annotated[bool, typer.Option("--json", help="Print what came of it as JSON.")] = False,
    url: Annotated[str | None, typer.Option("--url", envvar="EASEL_URL", help="A studio elsewhere.")] = None,
    token: Annotated[
        str | None, typer.Option("--token", envvar="EASEL_TOKEN", help="The token for --url.")
    ] = None,
    user: Annotated[
        str | None, typer.Option("--user", help="The account to act for on this machine.")
    ] = None,
) -> None:
    """Bring a folder of pictures into your library, with the prompts that are in their files.

    What is in the library already, by its bytes, is passed over: an import that broke off goes on where it was.
    Works on this machine's data folder, whether or not the studio runs, or on a studio elsewhere with --url.
    """
    commands = commands_of(context)
    outcome = Outcome(dry_run=dry_run)

    async def main() -> None:
        async with commands.connect(url=url, token=token, user=user) as client:
            wishes: dict[str, Any] = {"duplicates": "skip", "tag": list(tag or ())}
            if project is not None:
                wishes["project_id"] = await _project(client, project)
            job = _Import(
                client, folder, wishes, outcome, tags_from_folders=tags_from_folders, at_once=at_once
            )
            await job.run(quiet=as_json)

    began = time.monotonic()
    try:
        commands.run(main)
    finally:
        outcome.seconds = round(time.monotonic() - began, 1)
        _tell(outcome, as_json=as_json)
    if outcome.failed:
        raise typer.Exit(1)


def _tell(outcome: Outcome, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(asdict(outcome), indent=2))
        return
    for failed in outcome.failed:
        typer.echo(f"{failed['file']}: {failed['message']}", err=True)
    verb = "would come in" if outcome.dry_run else "came in"
    told = f"{outcome.added} pictures {verb}, {outcome.already_there} were there already"
    typer.echo(f"{told}, {len(outcome.failed)} failed.")


async def _project(client: httpx.AsyncClient, wanted: str) -> str:
    """The id of the project with this id or name. Raises `CommandFailed` where there is none, or more than one."""
    try:
        return str(answer(await client.get(f"/api/projects/{UUID(wanted)}"))["id"])
    except ValueError:
        found = answer(await client.get("/api/projects", params={"q": wanted, "limit": 100}))["items"]
    same = [one for one in found if one["name"].casefold() == wanted.casefold()]
    if len(same) != 1:
        raise CommandFailed(f"There is {'more than one' if same else 'no'} project of the name {wanted}.")
    return str(same[0]["id"])


class _Import:
    """One run: files are hashed by batches, and those that the library lacks are sent, some at a time."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        folder: Path,
        wishes: dict[str, Any],
        outcome: Outcome,
        *,
        tags_from_folders: bool,
        at_once: int,
    ) -> None:
        self._client = client
        self._folder = folder
        self._wishes = wishes
        self._outcome = outcome
        self._by_folder = tags_from_folders
        self._slots = asyncio.Semaphore(at_once)

    async def run(self, *, quiet: bool) -> None:
        files = await asyncio.to_thread(lambda: sorted(pictures_in(self._folder)))
        self._outcome.files = len(files)
        bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=quiet or not sys.stderr.isatty(),
        )
        rest = iter(files)
        with bar:
            task = bar.add_task("importing", total=len(files))
            while batch := list(islice(rest, _BATCH)):
                await self._batch(batch, lambda: bar.advance(task))

    async def _batch(self, files: list[Path], moved: Any) -> None:
        hashes: dict[Path, str] = {}
        for file in files:
            try:
                hashes[file] = await asyncio.to_thread(_hash, file)
            except OSError as error:
                self._fail(file, "unreadable", f"The file cannot be read: {error.strerror}.")
                moved()
        if not hashes:
            return
        known = set(await self._known(sorted(set(hashes.values()))))

        async def one(file: Path) -> None:
            async with self._slots:
                if hashes[file] in known:
                    self._outcome.already_there += 1
                elif self._outcome.dry_run:
                    known.add(hashes[file])
                    self._outcome.added += 1
                else:
                    await self._send(file)
            moved()

        await asyncio.gather(*(one(file) for file in hashes))

    async def _known(self, hashes: list[str]) -> list[str]:
        sent = await self._patiently(
            lambda: self._client.post("/api/images/upload/known", json={"hashes": hashes})
        )
        found: list[str] = answer(sent)["known"]
        return found

    async def _send(self, file: Path) -> None:
        tags = list(self._wishes["tag"])
        if self._by_folder:
            parents = file.relative_to(self._folder).parts[:-1]
            tags += [" ".join(name.split())[:_LONGEST_TAG] for name in parents if name.strip()]
        try:
            data = await asyncio.to_thread(file.read_bytes)
        except OSError as error:
            self._fail(file, "unreadable", f"The file cannot be read: {error.strerror}.")
            return
        sent = await self._patiently(
            lambda: self._client.post(
                "/api/images/upload",
                params={**self._wishes, "tag": tags},
                files={"file": (file.name, data, "application/octet-stream")},
                timeout=600,
            )
        )
        if sent.is_success:
            there = bool(sent.json()["already_there"])
            self._outcome.already_there += there
            self._outcome.added += not there
        elif sent.status_code in (401, 403, 404, 507):
            answer(sent)  # it would be so for every file
        else:
            problem = sent.json()
            self._fail(file, problem.get("code", "failed"), problem.get("detail", sent.reason_phrase))

    async def _patiently(self, send: Any) -> httpx.Response:
        """The answer to a request, tried again while the studio is busy or out of order."""
        for attempt in range(_TRIES):
            sent: httpx.Response = await send()
            if sent.status_code not in (429, 502, 503, 504) or attempt == _TRIES - 1:
                break
            after = sent.headers.get("retry-after", "")
            await asyncio.sleep(min(60.0, float(after) if after.isdecimal() else 2.0**attempt))
        return sent

    def _fail(self, file: Path, code: str, message: str) -> None:
        self._outcome.failed.append({"file": str(file), "code": code, "message": message})


def pictures_in(folder: Path) -> Iterator[Path]:
    """The files in `folder` and below that are named like pictures; hidden ones are left out, links not followed."""
    for path in folder.iterdir():
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            yield from pictures_in(path)
        elif path.suffix.lower() in _SUFFIXES:
            yield path


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
