"""The providers of a process: those built in, and those of other packages (entry points ``easel.providers``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import entry_points
from typing import Any

import structlog

from easel.base.settings import BadSettings, Settings
from easel.providers.a1111 import A1111
from easel.providers.base import Discovers, Model, Provider
from easel.providers.comfyui import ComfyUI
from easel.providers.diffusers import Diffusers
from easel.providers.fal import Fal
from easel.providers.google import Google
from easel.providers.openai import OpenAI
from easel.providers.replicate import Replicate
from easel.providers.sketch import Sketch
from easel.providers.stability import Stability

log = structlog.get_logger(__name__)

BUILTIN: tuple[Callable[[Settings], Provider], ...] = (
    lambda settings: Sketch(threads=settings.worker.cpu),
    lambda settings: Fal(url=settings.services.fal_url),
    lambda settings: OpenAI(settings.services.openai_url),
    lambda settings: ComfyUI(settings.own_servers.comfyui),
    lambda settings: A1111(settings.own_servers.a1111),
    lambda settings: Diffusers(settings.local),
    lambda settings: Stability(settings.services.stability_url),
    lambda settings: Replicate(settings.services.replicate_url),
    lambda settings: Google(settings.services.google_url),
)
"""How each built-in provider is made. A third party's entry point names such a callable, or a class without
constructor arguments."""


class Providers:
    """All providers by id, and their declared models by id; those of their servers are made again by `recall`."""

    def __init__(self, providers: Iterable[Provider]) -> None:
        self._providers: dict[str, Provider] = {}
        self._models: dict[str, Model] = {}
        self._recalled: dict[str, Model] = {}
        for provider in providers:
            if provider.id in self._providers:
                raise ValueError(f"two providers are called {provider.id}")
            self._providers[provider.id] = provider
            for model in provider.models:
                if model.provider_id != provider.id:
                    raise ValueError(f"model {model.id} must begin with {provider.id}/")
                self._models[model.id] = model

    def __iter__(self) -> Iterator[Provider]:
        return iter(self._providers.values())

    @property
    def models(self) -> tuple[Model, ...]:
        return tuple(self._models.values())

    def model(self, model_id: str) -> Model | None:
        return self._models.get(model_id)

    def get(self, provider_id: str) -> Provider | None:
        return self._providers.get(provider_id)

    def of(self, model: Model) -> Provider:
        """The provider that serves a model."""
        return self._providers[model.provider_id]

    def serving(self, model_id: str) -> Provider | None:
        """The provider whose model this is by its name, whether or not it has it now."""
        return self._providers.get(model_id.partition("/")[0])

    def name_of(self, model_id: str) -> str:
        """A model under the name that people know, where this process has met it; else its id."""
        model = self._models.get(model_id) or self._recalled.get(model_id)
        return model.name if model else model_id

    def recall(self, model_id: str, found: Mapping[str, Any]) -> Model | None:
        """A discovered model from what was kept of it; None where its provider is gone or reads it no more."""
        known = self._recalled.get(model_id)
        if known is not None and known.found == found:
            return known
        provider = self.serving(model_id)
        if not isinstance(provider, Discovers):
            return None
        try:
            model = provider.known(model_id, found)
        except (KeyError, TypeError, ValueError) as error:
            # Kept by another version of Easel; the next discovery writes it anew.
            log.warning("providers.model_not_recalled", model=model_id, error=str(error))
            return None
        self._recalled[model_id] = model
        return model

    async def close(self) -> None:
        for provider in self:
            await provider.close()


def load_providers(settings: Settings) -> Providers:
    """Built-in, configured and installed providers; a third party's that fails to load is logged and left out.

    Raises `BadSettings`.
    """
    found = [make(settings) for make in BUILTIN]
    try:
        found += [OpenAI.compatible(server) for server in settings.services.openai_servers]
    except ValueError as error:
        raise BadSettings(f"EASEL_OPENAI_SERVERS: {error}") from error
    for entry in entry_points(group="easel.providers"):
        try:
            loaded = entry.load()
            found.append(loaded() if isinstance(loaded, type) else loaded(settings))
        except Exception:
            log.exception("providers.load_failed", provider=entry.name)
    return Providers(found)
