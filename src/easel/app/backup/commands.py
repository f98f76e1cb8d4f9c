"""`easel backup` and `easel restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from easel import migrations
from easel.app import processes
from easel.app.embedded import database
from easel.app.postgres_home import make_data_folder
from easel.app.secret_file import SecretFile, check_secret
from easel.base.errors import EaselError
from easel.base.logging import configure_logging
from easel.base.settings import Settings, load
from easel.storage.base import open_storage

from .bring_back import Restored, bring_back, verify
from .save import Saved, save

app = typer.Typer()


class NoStudio(EaselError):
    """There is no studio here yet: the database is empty."""

    status = 404
    code = "no_studio"


def _say(words: str) -> None:
    typer.echo(words, err=True)


@app.command("backup")
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")],
    without_secret: Annotated[
        bool, typer.Option("--without-secret", help="Leave the studio's secret out; keep it elsewhere then.")
    ] = False,
    check: Annotated[bool, typer.Option("--verify", help="Only read FILE and check its hashes.")] = False,
) -> None:
    """Write the whole studio into one file: every row, every picture, the secret. Easel may run meanwhile."""
    if check:
        facts = verify(file)
        typer.echo(
            f"{file} is whole: {facts['rows']:,} rows, {facts['files']:,} files, schema {facts['revision']}, "
            f"of {facts['created_at']}."
        )
        return
    settings = _settings()
    secret = None if without_secret else _stored_secret(settings)
    with database(settings) as url:
        if migrations.current(url) is None:
            raise NoStudio

        async def main() -> Saved:
            storage = open_storage(settings.storage_url)
            try:
                return await save(file.absolute(), url, storage, secret, _say)
            finally:
                await storage.close()

        saved = processes.run(main)
    typer.echo(f"{file}: {saved.rows:,} rows, {saved.files:,} files, {saved.bytes / 1e9:.2f} GB.")
    for key in saved.missing:
        _say(f"missing in the store, though a picture names it: {key}")
    if secret is not None:
        typer.echo("The studio's secret is in it: whoever has this file can open everything that is sealed.")
    else:
        typer.echo(
            "The studio's secret is not in it. Without it, stored keys and second factors cannot be opened."
        )


@app.command("restore")
def restore(file: Annotated[Path, typer.Argument(help="A file that `easel backup` wrote.")]) -> None:
    """Make a studio of a backup, where there is none yet: an empty database, an empty file store."""
    settings = _settings()
    make_data_folder(settings.data)
    with database(settings) as url:

        async def main() -> Restored:
            storage = open_storage(settings.storage_url)
            try:
                return await bring_back(file, settings, url, storage, _say)
            finally:
                await storage.close()

        restored = processes.run(main)
    typer.echo(f"The studio of {restored.created_at} is back, with {restored.files:,} files.")
    if restored.revision != migrations.head():
        typer.echo(f"Its schema was brought from {restored.revision} to {migrations.head()}.")
    if restored.secret:
        typer.echo("Its secret is in the data folder.")
    else:
        typer.echo(
            "Its secret was not put in place: give the one that it had with EASEL_SECRET, or as the file `secret` of "
            "the data folder. With another one everybody logs in anew, and stored keys and second factors are lost."
        )


def _settings() -> Settings:
    settings = load()
    check_secret(settings)
    configure_logging(settings.model_copy(update={"log_level": "error"}), "command")
    return settings


def _stored_secret(settings: Settings) -> str | None:
    """The data folder's secret; one that comes from the environment is kept by whoever set it."""
    file = SecretFile(settings.data)
    if settings.security.secret is not None or not file.path.exists():
        return None
    return "\n".join(file.read())
