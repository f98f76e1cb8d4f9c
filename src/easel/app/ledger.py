"""The ledger's own check, for the command line."""

from __future__ import annotations

from easel.base.db import create_engine, create_sessions
from easel.features.credits.queries.ledger import Drift, drift


async def drift_at(database_url: str) -> list[Drift]:
    """Where the ledger of a database does not agree with itself."""
    engine = create_engine(database_url, pool_size=1)
    try:
        async with create_sessions(engine)() as session:
            return await drift(session)
    finally:
        await engine.dispose()
