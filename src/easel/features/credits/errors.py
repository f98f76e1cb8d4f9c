"""What can go wrong with credits."""

from __future__ import annotations

from decimal import Decimal

from easel.base.errors import EaselError


class InsufficientCredits(EaselError):
    """There are not enough credits for this."""

    status = 402
    code = "insufficient_credits"

    def __init__(self, *, need: Decimal, have: Decimal) -> None:
        super().__init__(
            f"This takes {in_words(need)}; {in_words(have)} can be spent.",
            extra={"need": float(need), "have": float(have)},
        )


class MonthlyLimitReached(EaselError):
    """This would go beyond the workspace's own limit for the month."""

    status = 402
    code = "monthly_limit_reached"

    def __init__(self, *, need: Decimal, used: Decimal, limit: Decimal) -> None:
        super().__init__(
            f"This takes {in_words(need)}; {in_words(used)} of this month's limit of {in_words(limit)} "
            "are spent or reserved.",
            extra={"need": float(need), "have": float(max(limit - used, Decimal(0))), "limit": float(limit)},
        )


class PurseNotFound(EaselError):
    """There is no such workspace, so it has no credits."""

    status = 404
    code = "purse_not_found"


class BillingOff(EaselError):
    """Billing is off in this studio: nobody needs credits."""

    status = 409
    code = "billing_off"


def in_words(credits: Decimal) -> str:
    """A number of credits as people read it: ``1 credit``, ``0.25 credits``."""
    number = f"{credits.normalize():,f}" if credits else "0"
    return f"{number} {'credit' if credits == 1 else 'credits'}"
