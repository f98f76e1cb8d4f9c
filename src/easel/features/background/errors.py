"""What can go wrong with background work."""

from __future__ import annotations

from easel.base.errors import EaselError


class JobNotFound(EaselError):
    """There is no such background job."""

    status = 404
    code = "job_not_found"
