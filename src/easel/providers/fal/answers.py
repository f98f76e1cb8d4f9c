"""Reading what fal answers: errors into the one vocabulary, results into pictures' addresses.

There are two families of errors, of models (a list under ``detail``) and of the queue (text, and a type beside it);
see https://docs.fal.ai/errors. Besides them a proxy may answer anything.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import httpx

from ..errors import (
    BadRequest,
    Cancelled,
    ContentRefused,
    NotConfigured,
    OutcomeUnknown,
    OutOfCredit,
    ProviderError,
    RateLimited,
    TimedOut,
    Unavailable,
)

LONGEST = 500
"""Characters of fal's own words that are kept."""
_TIMEOUTS = (408, 504)


@dataclasses.dataclass(frozen=True, slots=True)
class Trouble:
    """An answer that is an error, taken apart."""

    status: int
    types: frozenset[str]
    words: str
    retryable: bool | None
    retry_after: float | None

    @property
    def from_fal(self) -> bool:
        """Whether fal says it of the request itself, and not something on the way to it."""
        return bool(self.types)


@dataclasses.dataclass(frozen=True, slots=True)
class Made:
    """A result: the addresses of its pictures, without those that fal's checker blackened."""

    urls: tuple[str, ...]
    refused: int
    seed: int | None
    units: Decimal | None


def trouble_of(response: httpx.Response) -> Trouble:
    """What an error answer says."""
    try:
        body = response.json()
    except ValueError:
        body = None
    detail = body.get("detail") if isinstance(body, dict) else None
    types: set[str] = set()
    words = ""
    if isinstance(detail, list):
        items = [item for item in detail if isinstance(item, dict)]
        types = {str(item["type"]) for item in items if item.get("type")}
        words = "; ".join(_sentence(item) for item in items)
    elif isinstance(detail, str):
        words = detail
    named = (body.get("error_type") if isinstance(body, dict) else None) or response.headers.get(
        "x-fal-error-type"
    )
    if named:
        types.add(str(named))
    said = response.headers.get("x-fal-retryable", "").lower()
    return Trouble(
        response.status_code,
        frozenset(types),
        words[:LONGEST],
        {"true": True, "false": False}.get(said),
        _seconds(response.headers.get("retry-after", "")),
    )


def error_at_submission(found: Trouble) -> ProviderError:
    """The error of a submission that fal did not confirm."""
    if (refused := _refused_account(found)) is not None:
        return refused
    words = f"fal: {found.words}" if found.words else f"fal answered {found.status}."
    if found.status == 429:
        return RateLimited(words, retry_after=found.retry_after)
    if found.status == 404:
        return ProviderError(f"fal has no such model any more. {found.words}".strip())
    if found.status == 503:
        # Said before anything was taken, by the meaning of the status.
        return Unavailable(words, retry_after=found.retry_after, taken=False)
    if found.status in _TIMEOUTS:
        return TimedOut(words)
    if found.status >= 500:
        return Unavailable(words)
    return _of_the_request(found)


def error_on_the_way(found: Trouble) -> ProviderError | None:
    """The error of a question about a request; None where asking again may help."""
    if (refused := _refused_account(found)) is not None:
        return refused
    if found.status == 404:
        return OutcomeUnknown("fal does not know this request any more, or not with this key.")
    if found.status == 429 or found.status in _TIMEOUTS or found.status >= 500:
        return None
    return _of_the_request(found)


def error_as_result(found: Trouble) -> ProviderError | None:
    """The error that a request ended with; None where it was the answer alone that failed.

    fal takes nothing for what ended so on its side, and it is over: another try makes a new request.
    """
    if found.status < 500 or not found.from_fal:
        return error_on_the_way(found)
    words = f"fal: {found.words or ', '.join(sorted(found.types))}"
    if found.retryable is False:
        return ProviderError(words)
    kind = TimedOut if found.status == 504 else Unavailable
    return kind(words, retry_after=found.retry_after, taken=False)


def read_result(response: httpx.Response) -> Made:
    """A result's pictures. Raises `ContentRefused` where fal blackened all, `ProviderError` for no result."""
    try:
        body = response.json()
        pictures = body["images"] if "images" in body else [body["image"]]
        urls = [str(picture["url"]) for picture in pictures]
        flags = body.get("has_nsfw_concepts") or []
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ProviderError("fal answered with something else than a result.") from error
    good = tuple(url for index, url in enumerate(urls) if not (index < len(flags) and flags[index] is True))
    if urls and not good:
        raise ContentRefused("fal's safety checker refused the result.")
    seed = body.get("seed")
    return Made(
        good,
        len(urls) - len(good),
        seed if isinstance(seed, int) and not isinstance(seed, bool) else None,
        _units(response.headers.get("x-fal-billable-units")),
    )


def _refused_account(found: Trouble) -> ProviderError | None:
    if found.status == 402 or (found.status == 403 and _about_money(found.words)):
        return OutOfCredit(f"fal: {found.words or 'the account has no credit left.'}")
    if found.status in (401, 403):
        # Not in fal's words, which may repeat the key.
        return NotConfigured("fal does not accept the key. Check it in the settings.")
    return None


def _about_money(words: str) -> bool:
    return any(word in words.lower() for word in ("locked", "balance", "billing", "credit"))


def _of_the_request(found: Trouble) -> ProviderError:
    words = f"fal: {found.words}" if found.words else f"fal answered {found.status}."
    if "content_policy_violation" in found.types:
        return ContentRefused(words)
    if found.status == 499:
        return Cancelled(words)
    if "no_media_generated" in found.types or "downstream_service_error" in found.types:
        return ProviderError(words)
    return BadRequest(words) if found.status in (400, 422) else ProviderError(words)


def _sentence(item: Mapping[str, Any]) -> str:
    where = ".".join(str(part) for part in item.get("loc") or () if part != "body")
    message = str(item.get("msg") or item.get("type") or "")
    return f"{where}: {message}" if where else message


def _seconds(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if 0 <= seconds < 86_400 else None


def _units(text: str | None) -> Decimal | None:
    try:
        units = Decimal(text) if text else None
    except InvalidOperation:
        return None
    return units if units is not None and units.is_finite() and units >= 0 else None
