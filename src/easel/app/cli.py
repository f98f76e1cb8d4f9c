"""The command line: `easel serve | web | worker | db … ` and each feature's commands."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Annotated, Any, TypeVar

import typer

from easel import __version__, migrations
from easel.app.connect import connect
from easel.app.embedded import database
from easel.app.features import FEATURES
from easel.app.open import open_studio
from easel.app.supervised import exit_when_parent_dies
from easel.base.errors import EaselError
from easel.base.logging import configure_logging
from easel.base.settings import Settings, load
from easel.core.commands import Commands

T = TypeVar("T")

app = typer.Typer(
    name="easel",
    help="Easel, a self-hosted AI image design studio.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
db = typer.Typer(help="The database's schema.", no_args_is_help=True)
app.add_typer(db, name="db")

Supervised = Annotated[bool, typer.Option("--supervised", hidden=True)]


def main() -> None:
    """Run the command line; known errors end it with one line and exit code 1 (2 for bad settings)."""
    try:
        app()
    except EaselError as error:
        print(f"easel: {error.detail}", file=sys.stderr)  # noqa: T201 - this is the command line's voice
        sys.exit(2 if error.code in ("bad_settings", "invalid_input") else 1)


def run(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine on uvloop where there is one."""
    try:
        import uvloop
    except ImportError:  # there is none for Windows
        return asyncio.run(main())
    return uvloop.run(main())


@app.callback(invoke_without_command=True)
def _top(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    context.obj = Commands(connect=connect, run=run)
    if version:
        typer.echo(f"easel {__version__}")
        raise typer.Exit


@app.command()
def serve() -> None:
    """Start the studio: database, web server and worker. Ctrl-C ends all of it."""
    from easel.app.serve import command

    raise typer.Exit(command([]))


@app.command()
def web(supervised: Supervised = False) -> None:
    """Start a web server alone, on an external database; `easel serve` starts everything."""
    import uvicorn

    from easel.app.api import create_app

    if supervised:
        exit_when_parent_dies()
    settings = load()
    configure_logging(settings, "web")
    with database(settings) as url:

        @asynccontextmanager
        async def opened() -> Any:
            async with open_studio(settings, url) as studio:
                yield studio

        uvicorn.run(
            create_app(settings, opened),
            host=settings.web.host,
            port=settings.web.port,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=2,
            timeout_keep_alive=65,
        )


@app.command()
def worker(
    queues: Annotated[str, typer.Option(help="Only these queues, separated by commas.")] = "",
    supervised: Supervised = False,
) -> None:
    """Start a worker: runs generations and renders thumbnails. As many as you like, on any machine."""
    from easel.app.worker import be_nice, run_worker

    if supervised:
        exit_when_parent_dies()
        be_nice()
    settings = load()
    configure_logging(settings, "worker")
    only = frozenset(name.strip() for name in queues.split(",") if name.strip()) or None

    async def work(url: str) -> None:
        async with open_studio(settings, url) as studio:
            await run_worker(studio, grace=1.5 if supervised else settings.worker.grace_seconds, only=only)

    with database(settings) as url:
        run(lambda: work(url))


def _migrated(step: Callable[[str], None]) -> None:
    settings: Settings = load()
    with database(settings) as url:
        step(url)
        typer.echo(
            f"The database is at {migrations.current(url) or 'nothing'}; newest is {migrations.head()}."
        )


@db.command("upgrade")
def db_upgrade(revision: Annotated[str, typer.Argument(help="Where to.")] = "head") -> None:
    """Bring the database's schema up to date."""
    _migrated(lambda url: migrations.upgrade(url, revision))


@db.command("downgrade")
def db_downgrade(
    revision: Annotated[str, typer.Argument(help="Where to; `base` removes everything.")],
) -> None:
    """Take the database's schema back."""
    _migrated(lambda url: migrations.downgrade(url, revision))


@db.command("status")
def db_status() -> None:
    """Show the database's revision and the newest one."""
    _migrated(lambda url: None)


for _feature in FEATURES:
    if _feature.commands is not None:
        app.add_typer(_feature.commands)
