"""The command line: `easel serve | web | worker | db … ` and each feature's commands."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated

import typer

from easel import __version__, migrations
from easel.app import processes
from easel.app.backup import commands as backup_commands
from easel.app.connect import connect
from easel.app.embedded import database
from easel.app.secrets_command import app as secrets_app
from easel.base.errors import EaselError
from easel.base.settings import Settings, load
from easel.core.commands import Commands
from easel.features.generation import commands as generation_commands
from easel.features.intake import commands as intake_commands
from easel.features.takeout import commands as takeout_commands

app = typer.Typer(
    name="easel",
    help="Easel, a self-hosted AI image design studio.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
db = typer.Typer(help="The database's schema.", no_args_is_help=True)
app.add_typer(db, name="db")
app.add_typer(secrets_app, name="secrets")

Supervised = Annotated[bool, typer.Option("--supervised", hidden=True)]


def main() -> None:
    """Run the command line; known errors end it with one line and exit code 1 (2 for bad settings)."""
    try:
        app()
    except EaselError as error:
        print(f"easel: {error.detail}", file=sys.stderr)  # noqa: T201 - this is the command line's voice
        sys.exit(2 if error.code in ("bad_settings", "invalid_input") else 1)


@app.callback(invoke_without_command=True)
def _top(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    context.obj = Commands(connect=connect, run=processes.run)
    if version:
        typer.echo(f"easel {__version__}")
        raise typer.Exit


@app.command()
def serve() -> None:
    """Start the studio: database, web server and worker. Ctrl-C ends all of it."""
    from easel.app.serve import command

    raise typer.Exit(command([]))


@app.command(help=processes.WEB)
def web(supervised: Supervised = False) -> None:
    processes.web(supervised=supervised)


@app.command(help=processes.WORKER)
def worker(
    queues: Annotated[str, typer.Option(help="Only these queues, separated by commas.")] = "",
    supervised: Supervised = False,
) -> None:
    processes.worker(queues=queues, supervised=supervised)


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


@db.command("check-ledger")
def db_check_ledger() -> None:
    """Check that all credits add up; exit code 1 where some do not."""
    from easel.app.ledger import drift_at

    settings: Settings = load()
    with database(settings) as url:
        found = processes.run(lambda: drift_at(url))
    for one in found:
        typer.echo(f"{one.what} {one.subject}: kept as {one.kept:f}, adds up to {one.summed:f}")
    typer.echo(f"The ledger drifts in {len(found)} places." if found else "The ledger adds up.")
    if found:
        raise typer.Exit(1)


for _commands in (backup_commands.app, generation_commands.app, intake_commands.app, takeout_commands.app):
    app.add_typer(_commands)
