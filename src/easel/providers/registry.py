"""The providers of a process: those built in, and those of other packages (entry points ``easel.providers``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import entry_points

import structlog

from easel.base.settings import BadSettings, Settings
from easel.providers.base import Model, Provider
from easel.providers.openai import OpenAI
from easel.providers.sketch import Sketch

log = structlog.get_logger(__name__)

BUILTIN: tuple[Callable[[Settings], Provider], ...] = (
    lambda settings: Sketch(threads=settings.worker.cpu),
    lambda settings: OpenAI(settings.services.openai_url),
)
"""How each built-in provider is made. A third party's entry point names such a callable, or a class without
constructor arguments."""


class Providers:
    """All providers by id, and their models by id."""

    def __init__(self, providers: Iterable[Provider]) -> None:
        self._providers: dict[str, Provider] = {}
        self._models: dict[str, Model] = {}
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
