"""The jobs that exports leave to workers."""

from __future__ import annotations

from typing import Final

from easel.core.jobs import Job

PREPARE = Job("exports.prepare", queue="background")
"""Write what is known of an export's pictures; argument `job_id`, which is also the export's."""

KIND: Final = "export"
"""What such a background job is called."""
