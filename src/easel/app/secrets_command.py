"""`easel secrets`: a new secret for the studio, and everything sealed with it."""

from __future__ import annotations

import secrets

import typer

from easel import migrations
from easel.app import processes
from easel.app.embedded import database
from easel.app.file_lock import FileLock
from easel.app.open import open_studio
from easel.app.secret_file import SecretFile, ensure_secret
from easel.base.errors import EaselError
from easel.base.logging import configure_logging
from easel.base.settings import Settings, load
from easel.core.rotation import Resealed, reseal

app = typer.Typer(help="The secret that signs tokens and seals stored keys.", no_args_is_help=True)


class SecretMissing(EaselError):
    """Some stored values cannot be opened with any secret that was given."""

    status = 500
    code = "secret_missing"


@app.callback()
def _group() -> None:
    """Keeps `rotate` a command of its own name."""


@app.command()
def rotate() -> None:
    """Make a new secret and seal every stored key anew; Easel may run meanwhile.

    With EASEL_SECRET set, that one is taken as the new one and EASEL_PREVIOUS_SECRETS as those before it. Running it
    again goes on where it was cut off. Access tokens end; programs fetch new ones with their refresh token.
    """
    settings = load()
    configure_logging(settings.model_copy(update={"log_level": "error"}), "command")
    with database(settings) as url:
        migrations.ensure_current(url)

        async def main() -> None:
            _tell(await _rotated(settings, url))

        processes.run(main)


async def _rotated(settings: Settings, url: str) -> Resealed:
    if settings.security.secret is not None:
        return await _resealed(settings, url)
    ensure_secret(settings)
    file = SecretFile(settings.data)
    with FileLock(settings.data / "secret.lock"):
        current, *previous = file.read()
        if not previous:  # else an earlier rotation was cut off, and its new secret is in use already
            current, previous = secrets.token_hex(32), [current]
            file.replace(current, *previous)
        report = await _resealed(settings, url)
        file.replace(current)
    return report


async def _resealed(settings: Settings, url: str) -> Resealed:
    async with open_studio(settings, url) as studio:
        report = await reseal(studio)
    if report.unreadable:
        lost = ", ".join(f"{count} in {name}" for name, count in sorted(report.unreadable.items()))
        raise SecretMissing(
            f"No known secret opens {lost}. Add the one that was in use when they were stored to "
            "EASEL_PREVIOUS_SECRETS and run this again; nothing was lost, earlier secrets are kept."
        )
    return report


def _tell(report: Resealed) -> None:
    for name, count in sorted(report.done.items()):
        typer.echo(f"{name}: {count} sealed anew")
    typer.echo("Everything is sealed with the current secret; earlier ones open nothing more.")
