"""What can go wrong with exports."""

from __future__ import annotations

from easel.base.errors import EaselError


class NothingToExport(EaselError):
    """There are no pictures in it, so there is nothing to export."""

    status = 422
    code = "nothing_to_export"


class ExportNotFound(EaselError):
    """There is no such export; it may have expired. Make a new one."""

    status = 404
    code = "export_not_found"


class ExportOutdated(EaselError):
    """Pictures of this export were deleted since it was made. Make a new one."""

    status = 410
    code = "export_outdated"


class ExportFailed(EaselError):
    """This export could not be prepared. Make a new one."""

    status = 410
    code = "export_failed"


class ExportPreparing(EaselError):
    """The export is still being prepared, and a part of it can be had only afterwards. Try again soon."""

    status = 503
    code = "export_preparing"
