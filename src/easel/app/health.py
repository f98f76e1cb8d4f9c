"""Whether this process lives and is ready, for supervisors and load balancers."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field
from sqlalchemy import text

from easel import migrations
from easel.base.errors import EaselError
from easel.core import jobs
from easel.core.actor import Actor
from easel.core.http.deps import StudioDep

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"] = Field(description="Always `ok`.")


class Readiness(BaseModel):
    """Whether everything that requests need is there."""

    ready: bool = Field(description="Whether all checks passed.")
    checks: dict[str, str] = Field(description="Each part and `ok`, or what is wrong with it.")
    workers: int | None = Field(
        description="How many workers live; null where the database does not say. None of them does not make "
        "a web server unready."
    )


@router.get("/healthz", operation_id="healthz")
async def healthz() -> Health:
    """Whether the process answers at all."""
    return Health(status="ok")


@router.get(
    "/readyz",
    operation_id="readyz",
    responses={503: {"model": Readiness, "description": "Something is not ready."}},
)
async def readyz(studio: StudioDep, response: Response) -> Readiness:
    """Whether the database, its schema, the store and the event listener are there; 503 names what is not."""
    checks = {"database": "ok", "schema": "ok", "storage": "ok", "events": "ok"}
    workers = None
    try:
        async with studio.work(Actor.anonymous()) as work:
            revision = await work.session.scalar(text("SELECT version_num FROM alembic_version"))
            workers = (await jobs.standing(work.session)).workers
        # A newer one is what an upgrade looks like from this side: the old program works on it.
        if revision is None or revision < migrations.head():
            checks["schema"] = f"the database is at {revision}, this program needs {migrations.head()}"
    except EaselError as error:
        checks["database"] = error.detail
    except Exception as error:
        checks["database"] = type(error).__name__
    try:
        await studio.storage.check()
    except EaselError as error:
        checks["storage"] = error.detail
    if not studio.hub.listening.is_set():
        checks["events"] = "not listening to the database yet"
    ready = all(state == "ok" for state in checks.values())
    if not ready:
        response.status_code = 503
    return Readiness(ready=ready, checks=checks, workers=workers)
