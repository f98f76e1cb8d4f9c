"""What can go wrong with projects."""

from __future__ import annotations

from easel.base.errors import EaselError


class ProjectNotFound(EaselError):
    """There is no such project; it may have been deleted."""

    status = 404
    code = "project_not_found"


class ProjectArchived(EaselError):
    """The project is archived: take it out of the archive first."""

    status = 409
    code = "project_archived"

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name and f"The project “{name}” is archived: take it out of the archive first.")


class ProjectIsTemplate(EaselError):
    """This is a template, which holds no pictures: start a project from it."""

    status = 409
    code = "project_is_template"
