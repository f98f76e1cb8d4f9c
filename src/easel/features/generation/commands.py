"""`easel generate`: pictures from the command line."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from easel.core.commands import CommandFailed, answer, commands_of

app = typer.Typer()

_POLL_SECONDS = 0.15


@app.command()
def generate(
    context: typer.Context,
    prompt: Annotated[str, typer.Argument(help="What the picture should show.")],
    model: Annotated[
        str | None, typer.Option("--model", "-m", help="The model's id; the default's if absent.")
    ] = None,
    num_images: Annotated[int, typer.Option("--num-images", "-n", help="How many pictures.")] = 1,
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder for the files.")] = Path(),
    negative: Annotated[str, typer.Option("--negative", help="What it should not show.")] = "",
    aspect_ratio: Annotated[str | None, typer.Option("--aspect-ratio", "-a", help="Such as 16:9.")] = None,
    size: Annotated[str | None, typer.Option("--size", "-s", help="Such as 1024x768.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Same seed, same picture.")] = None,
    steps: Annotated[int | None, typer.Option("--steps", help="How many steps.")] = None,
    guidance: Annotated[
        float | None, typer.Option("--guidance", help="How literally to take the prompt.")
    ] = None,
    style: Annotated[str | None, typer.Option("--style", help="A style preset.")] = None,
    output_format: Annotated[str | None, typer.Option("--format", help="png, jpeg, webp or avif.")] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option("--parameter", "-p", help="A parameter of the model's own, name=value."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the generation as JSON.")] = False,
    url: Annotated[str | None, typer.Option("--url", envvar="EASEL_URL", help="A studio elsewhere.")] = None,
    token: Annotated[
        str | None, typer.Option("--token", envvar="EASEL_TOKEN", help="The token for --url.")
    ] = None,
    user: Annotated[
        str | None, typer.Option("--user", help="The account to act for on this machine.")
    ] = None,
) -> None:
    """Make pictures and save them as files.

    Works on this machine's data folder, whether or not the studio runs, or on a studio elsewhere with --url.
    """
    given = {
        "model": model,
        "aspect_ratio": aspect_ratio,
        "size": size,
        "seed": seed,
        "steps": steps,
        "guidance": guidance,
        "style": style,
        "output_format": output_format,
    }
    body: dict[str, Any] = {
        "prompt": prompt,
        "negative_prompt": negative,
        "num_images": num_images,
        **{name: value for name, value in given.items() if value is not None},
        "parameters": dict(_parameter(text) for text in parameter or ()),
    }
    commands = commands_of(context)

    output.mkdir(parents=True, exist_ok=True)

    async def main() -> None:
        async with commands.connect(url=url, token=token, user=user) as client:
            ended, files = await _generate(client, body, output, quiet=as_json or not sys.stderr.isatty())
        if as_json:
            typer.echo(json.dumps({**ended, "files": [str(file) for file in files]}, indent=2))
        else:
            for file in files:
                typer.echo(str(file))

    commands.run(main)


async def _generate(
    client: httpx.AsyncClient, body: dict[str, Any], output: Path, *, quiet: bool
) -> tuple[dict[str, Any], list[Path]]:
    state = answer(await client.post("/api/images/generate", json=body))
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=quiet,
        transient=True,
    )
    with bar:
        task = bar.add_task("waiting", total=100)
        while state["status"] in ("pending", "processing"):
            await asyncio.sleep(_POLL_SECONDS)
            state = answer(await client.get(state["links"]["self"]))
            progress = state["progress"]
            step = f"step {progress['step']} of {progress['steps']}" if progress["steps"] else state["status"]
            bar.update(task, description=step, completed=progress["percent"])
    if state["status"] != "completed":
        error = state["error"] or {"message": f"The generation was {state['status']}."}
        raise CommandFailed(error["message"])
    files = []
    for image in state["images"]:
        original = await client.get(image["download_url"])
        if not original.is_success:
            answer(original)
        file = output / _file_name(original, image)
        file.write_bytes(original.content)
        files.append(file)
    return state, files


def _file_name(response: httpx.Response, image: dict[str, Any]) -> str:
    disposition = response.headers.get("content-disposition", "")
    if 'filename="' in disposition:
        return Path(disposition.split('filename="', 1)[1].split('"', 1)[0]).name
    return f"{image['id']}.{image['format']}"


def _parameter(text: str) -> tuple[str, Any]:
    name, found, value = text.partition("=")
    if not found or not name:
        raise typer.BadParameter(f"{text}: write name=value", param_hint="--parameter")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
