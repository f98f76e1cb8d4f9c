"""What can go wrong with comparisons."""

from __future__ import annotations

from easel.base.errors import EaselError


class ComparisonNotFound(EaselError):
    """There is no such comparison; it may have been deleted."""

    status = 404
    code = "comparison_not_found"


class NotYetMade(EaselError):
    """The two pictures are not there yet; vote when both are."""

    status = 409
    code = "not_yet_made"


class NothingToJudge(EaselError):
    """One of the two pictures is missing, so there is nothing to choose from."""

    status = 409
    code = "nothing_to_judge"


class AlreadyJudged(EaselError):
    """A blind vote is final: it showed which side was which."""

    status = 409
    code = "already_judged"
