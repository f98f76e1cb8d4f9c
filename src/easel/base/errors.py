"""The one base of Easel's errors.

An error is a small class: its docstring is the message a person reads, ``status`` the HTTP status and ``code``
the name a program matches. Services raise these; `core.http.problems` renders them as RFC 9457.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing wrong with one field of an input; `field` is a dotted path (``parameters.steps``)."""

    field: str
    message: str
    code: str


class EaselError(Exception):
    """Something went wrong."""

    status: ClassVar[int]
    code: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "abstract" in cls.__dict__:
            return
        for name in ("status", "code"):
            if not hasattr(cls, name):
                raise TypeError(f"{cls.__qualname__} declares no {name}")
        if not cls.__doc__:
            raise TypeError(f"{cls.__qualname__} has no docstring; it is the message people read")

    def __init__(
        self,
        detail: str | None = None,
        *,
        errors: tuple[FieldProblem, ...] = (),
        headers: dict[str, str] | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        self.detail = detail or self.title()
        self.errors = errors
        self.headers = headers or {}
        self.extra = extra or {}
        super().__init__(self.detail)

    @classmethod
    def title(cls) -> str:
        """The first line of the docstring: what a person reads when there is nothing more exact to say."""
        return (cls.__doc__ or "").strip().splitlines()[0]


class InvalidInput(EaselError):
    """The input is not valid."""

    status = 422
    code = "invalid_input"

    @classmethod
    def of(cls, field: str, message: str, code: str = "value_error") -> InvalidInput:
        """One field's problem, as an error; `field` is a dotted path."""
        return cls(f"{field}: {message}", errors=(FieldProblem(field, message, code),))


class FileTooLarge(EaselError):
    """The file is larger than this studio takes."""

    status = 413
    code = "file_too_large"

    @classmethod
    def than(cls, limit: int) -> FileTooLarge:
        """The refusal of a file of more than `limit` bytes."""
        return cls(f"The file is larger than the {limit:,} bytes that this studio takes.")


class Unavailable(EaselError):
    """A part that Easel needs does not answer at the moment. Nothing was changed; try again soon."""

    status = 503
    code = "unavailable"
