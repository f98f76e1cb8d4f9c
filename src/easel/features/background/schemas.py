"""Background work as the API shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from easel.core.http.paging import Page


class JobError(BaseModel):
    """Why a job failed."""

    code: str = Field(description="The name of the error, for programs.")
    message: str = Field(description="What went wrong, in words.")


class JobOut(BaseModel):
    """A background job and how it stands."""

    id: UUID = Field(description="The job's id.")
    kind: str = Field(description="What it does, such as `import`.")
    status: Literal["pending", "running", "completed", "failed"] = Field(description="How it stands.")
    stage: str = Field(description="What it is at, in one word.")
    done: int = Field(description="How much of the stage is done.")
    total: int = Field(description="How much the stage has in all; 0 while nobody knows.")
    percent: float = Field(description="How much of the stage is done, 0 to 100.")
    result: dict[str, Any] = Field(description="What came of it; empty until it is completed.")
    error: JobError | None = Field(description="Why it failed.")
    created_at: datetime = Field(description="When it was asked for.")
    started_at: datetime | None = Field(description="When a worker began.")
    finished_at: datetime | None = Field(description="When it ended.")


class JobPage(Page[JobOut]):
    """Your background jobs, the newest first."""
