"""What can go wrong with what people bring."""

from __future__ import annotations

from easel.base.errors import EaselError


class NothingCameIn(EaselError):
    """None of the files was taken."""

    status = 422
    code = "nothing_came_in"


class UploadNotFound(EaselError):
    """There is no such upload: it has ended, or nobody went on with it for too long."""

    status = 404
    code = "upload_not_found"


class OffsetConflict(EaselError):
    """The upload stands at another offset: ask for it, and go on from there."""

    status = 409
    code = "offset_conflict"


class TusVersionRefused(EaselError):
    """The version of tus spoken here is 1.0.0: `Tus-Resumable: 1.0.0`."""

    status = 412
    code = "tus_version_refused"

    def __init__(self) -> None:
        super().__init__(headers={"Tus-Version": "1.0.0"})


class NotAPatch(EaselError):
    """Send the bytes as application/offset+octet-stream."""

    status = 415
    code = "not_a_patch"


class TooManyUploads(EaselError):
    """Too many of your uploads are unfinished: finish or remove some first."""

    status = 429
    code = "too_many_uploads"
