"""Alembic's environment: one transaction for all steps, one migrator at a time."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine, pool, text

from easel.app.features import FEATURES
from easel.base.db import Base, driver_url

_LOCK = 0x45A5E0

assert FEATURES  # imported for its tables


def _ours(_: object, name: str | None, kind: str, *__: object) -> bool:
    return not (name or "").startswith("procrastinate_")


def run() -> None:
    engine = create_engine(driver_url(context.config.attributes["url"]), poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
        connection.commit()
        try:
            context.configure(
                connection=connection,
                target_metadata=Base.metadata,
                include_object=_ours,
                compare_server_default=False,
                transaction_per_migration=True,
            )
            with context.begin_transaction():
                context.run_migrations()
        finally:
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
            connection.commit()
    engine.dispose()


run()
