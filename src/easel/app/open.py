"""Opening the studio: settings in, `Studio` out, everything closed at the end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from easel.app.features import subscribers
from easel.app.secret_file import ensure_secret
from easel.base.db import create_engine, create_sessions
from easel.base.settings import BadSettings, Settings
from easel.core.events import Hub
from easel.core.federation.parts import Federation
from easel.core.jobs import Jobs
from easel.core.news import News
from easel.core.work import Studio
from easel.media.isolated import Isolated
from easel.providers.base import Discovers
from easel.providers.registry import Providers, load_providers
from easel.storage.base import open_storage


def ready_providers(settings: Settings) -> Providers:
    """The providers of this process. Raises `BadSettings` when the default model is not among theirs."""
    providers = load_providers(settings)
    wanted = settings.default_model
    # What a server has is known only once it was asked.
    if providers.model(wanted) is None and not isinstance(providers.serving(wanted), Discovers):
        known = ", ".join(model.id for model in providers.models)
        raise BadSettings(f"EASEL_DEFAULT_MODEL: there is no model {wanted}; known: {known}")
    return providers


@asynccontextmanager
async def open_studio(
    settings: Settings, database_url: str, *, providers: Providers | None = None
) -> AsyncIterator[Studio]:
    """The studio of this process, on the database at `database_url`. Raises `BadSettings`."""
    engine = create_engine(database_url, pool_size=settings.database.pool_size)
    providers = providers or ready_providers(settings)
    storage = open_storage(settings.storage_url)
    sessions = create_sessions(engine)
    uploads = settings.uploads
    isolated = Isolated(
        processes=uploads.decoders,
        memory=uploads.decoder_memory_mb << 20,
        seconds=uploads.decoder_seconds,
    )
    try:
        yield Studio(
            settings=settings,
            sessions=sessions,
            storage=storage,
            providers=providers,
            jobs=Jobs(database_url),
            hub=Hub(database_url, sessions),
            news=News(database_url),
            secret=ensure_secret(settings),
            federation=Federation.of(settings.sign_in),
            isolated=isolated,
            subscribers=subscribers(),
        )
    finally:
        await isolated.close()
        await providers.close()
        await storage.close()
        await engine.dispose()
