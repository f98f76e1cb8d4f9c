"""The reference pages that are made from the code: every error, every setting, every model.

`pages` makes them; `scripts/drift.py` writes them and holds them against what is committed.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic_core import PydanticUndefined

import easel
from easel.base.errors import EaselError
from easel.base.settings import Settings
from easel.providers.base import Discovers, Model
from easel.providers.errors import ProviderError
from easel.providers.registry import BUILTIN

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"
_MADE = "<!-- Made by scripts/reference.py; change the code and run `make client`. -->\n\n"


def pages() -> Mapping[Path, str]:
    """Every reference page by its place."""
    return {
        REFERENCE / "errors.md": errors(),
        REFERENCE / "settings.md": settings(),
        REFERENCE / "models.md": models(),
    }


def errors() -> str:
    """The page of errors: what each `code` of a problem document means."""
    # What runs models itself declares no error, and loads PyTorch, which takes half a minute where it is installed.
    passed_over = (".versions.", ".providers.diffusers.")
    for module in pkgutil.walk_packages(easel.__path__, "easel."):
        apart = any(part in module.name for part in passed_over)
        if not apart and not module.name.endswith(("__main__", "migrations.env")):
            importlib.import_module(module.name)
    rows = sorted({(kind.code, kind.status, kind.title()) for kind in _kinds(EaselError)})
    lines = [f"| `{code}` | {status} | {title} |" for code, status, title in rows]
    refusals: list[type[ProviderError]] = [ProviderError, *_kinds(ProviderError)]
    provider = sorted({(kind.code, _first_line(kind)) for kind in refusals})
    outcomes = [f"| `{code}` | {title} |" for code, title in provider]
    return "\n".join(
        [
            "# Errors",
            "",
            _MADE
            + "Every error is a problem document (RFC 9457, `application/problem+json`). Its `code` is one of"
            " these, its `type` is `/docs/errors#` and the code; for invalid input `errors` names each field.",
            "",
            "| code | status | meaning |",
            "| --- | --- | --- |",
            *lines,
            "",
            "## Why a generation failed",
            "",
            "A failed generation says in `error.code` one of these, and in `error.message` the provider's own words.",
            "",
            "| code | meaning |",
            "| --- | --- |",
            *outcomes,
            "",
        ]
    )


def settings() -> str:
    """The page of settings: every environment variable, its default and meaning."""
    sections = [("Studio", Settings), *_sections()]
    parts = [
        "# Settings",
        "",
        _MADE + "Values come from the environment, then from `.env` in the working folder (or the file that"
        " `EASEL_CONFIG` names). A bad value stops the start with the variable's name.",
    ]
    for title, section in sections:
        parts += ["", f"## {title}", "", "| variable | default | meaning |", "| --- | --- | --- |"]
        for name, field in section.model_fields.items():
            if field.alias:
                meaning = field.description or name.replace("_", " ").capitalize() + "."
                parts.append(f"| `{field.alias}` | {_default(field)} | {meaning} |")
    return "\n".join([*parts, ""])


def models() -> str:
    """The page of models: what every built-in provider declares."""
    parts = [
        "# Models",
        "",
        _MADE + "What the built-in providers declare, with their own prices; `GET /api/models` tells every"
        " parameter's schema, and the prices that your administrators set.",
    ]
    for provider in [make(Settings.model_construct()) for make in BUILTIN]:
        parts += ["", f"## {provider.title}", "", provider.description]
        if provider.secrets:
            needed = " and ".join(f"`{secret.env}`" for secret in provider.secrets)
            parts += ["", f"Needs {needed}, or a key of your own under Settings → Providers."]
        if isinstance(provider, Discovers):
            parts += ["", f"Its models are those of the server at `{provider.setting}`."]
        if provider.models:
            parts += [
                "",
                "| model | can do | parameters | sizes | price |",
                "| --- | --- | --- | --- | --- |",
                *(_model(model) for model in provider.models),
            ]
    return "\n".join([*parts, ""])


def _model(model: Model) -> str:
    sizes = model.sizes
    if sizes.only:
        pixels = ", ".join(f"{width}×{height}" for width, height in sizes.only)
    else:
        pixels = f"{sizes.minimum} to {sizes.maximum}" + (
            f", steps of {sizes.step}" if sizes.step > 1 else ""
        )
    name = f"`{model.id}`<br>{model.name}" + (f"<br>{model.retired}" if model.retired else "")
    options = ", ".join(f"`{option}`" for option in model.options.model_fields) or "—"
    can = ", ".join(sorted(model.capabilities))
    return f"| {name} | {can} | {options} | {pixels} | {model.price.explanation.replace('|', '/')} |"


def _sections() -> Iterator[tuple[str, Any]]:
    for field in Settings.model_fields.values():
        if not field.alias and hasattr(field.annotation, "model_fields"):
            yield (field.annotation.__doc__ or "").strip().splitlines()[0].rstrip("."), field.annotation


def _default(field: Any) -> str:
    if field.alias == "EASEL_DATA":
        return "`/var/lib/easel` for root, else the platform's folder for application data"
    if field.alias == "EASEL_WORKER_CPU":
        return "cores less one"
    if field.default in (None, PydanticUndefined, "", ()):
        return "—"
    value = str(field.default).lower() if isinstance(field.default, bool) else field.default
    return f"`{value}`"


def _kinds(base: type[Any]) -> Iterator[type[Any]]:
    for kind in base.__subclasses__():
        if kind.__module__.startswith("easel."):
            yield kind
        yield from _kinds(kind)


def _first_line(kind: type[Any]) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0]
