"""The jobs that take-out leaves to workers."""

from __future__ import annotations

from typing import Final

from easel.core.jobs import Job

IMPORT = Job("takeout.import", queue="background")
"""Bring a take-out in; argument `job_id`, the background job's."""

KIND: Final = "import"
"""What such a background job is called."""

STOP_WORK = Job("takeout.stop_work", queue="background")
"""Cancel what someone who has deleted their account had under way; argument `user_id`."""
