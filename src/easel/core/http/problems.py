"""Errors as RFC 9457 problem documents: one shape for all that can go wrong."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy.exc import DBAPIError, OperationalError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from easel.base.errors import EaselError, FieldProblem, InvalidInput, Unavailable

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"


class BrokenJson(EaselError):
    """The body is not JSON."""

    status = 400
    code = "broken_json"


class BadRequest(EaselError):
    """The request could not be read."""

    status = 400
    code = "bad_request"


class NotFound(EaselError):
    """There is nothing here."""

    status = 404
    code = "not_found"


class MethodNotAllowed(EaselError):
    """This address does not take this method."""

    status = 405
    code = "method_not_allowed"


class InternalError(EaselError):
    """Something went wrong inside Easel."""

    status = 500
    code = "internal_error"


class ProblemField(BaseModel):
    """One thing wrong with one field."""

    field: str = Field(description="Dotted path of the field, for example `parameters.steps`.")
    message: str = Field(description="What is wrong, in words.")
    code: str = Field(description="What is wrong, for programs.")


class Problem(BaseModel):
    """An error, after RFC 9457."""

    type: str = Field(
        description="Name of the error type, as a relative URI such as `/docs/errors#not_signed_in`."
    )
    title: str = Field(description="What this type of error means.")
    status: int = Field(description="The HTTP status code.")
    detail: str = Field(description="What happened this time, and what to do.")
    code: str = Field(description="The name of the error type alone, for programs.")
    errors: list[ProblemField] = Field(description="Field by field, for invalid input; else empty.")
    request_id: str | None = Field(description="The request's id, as in `X-Request-ID` and in the log.")


def problem(
    request: Request,
    *,
    status: int,
    code: str,
    title: str,
    detail: str,
    errors: Sequence[FieldProblem] = (),
    headers: dict[str, str] | None = None,
    extra: dict[str, Any] | None = None,
) -> Response:
    """A problem document as a response."""
    body: dict[str, Any] = {
        **(extra or {}),
        "type": f"/docs/errors#{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "errors": [{"field": e.field, "message": e.message, "code": e.code} for e in errors],
        "request_id": request.scope.get("request_id"),
    }
    return Response(json.dumps(body), status, media_type=MEDIA_TYPE, headers=headers)


def responses(*errors: type[EaselError]) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI entries of the errors that a route may answer besides those that every route may."""
    by_status: dict[int, list[type[EaselError]]] = {}
    for error in errors:
        by_status.setdefault(error.status, []).append(error)
    return {
        status: {
            "description": " ".join(f"`{error.code}`: {error.title()}" for error in group),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, group in by_status.items()
    }


def install(app: FastAPI) -> None:
    """Make `app` answer every error as a problem document."""
    app.add_exception_handler(EaselError, _easel_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(DBAPIError, _database_error)
    app.add_exception_handler(Exception, _unexpected)


async def _easel_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, EaselError)
    if error.status >= 500:
        log.warning("http.error", code=error.code, detail=error.detail)
    return problem(
        request,
        status=error.status,
        code=error.code,
        title=error.title(),
        detail=error.detail,
        errors=error.errors,
        headers=error.headers,
        extra=error.extra,
    )


async def _validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if any(item["type"] == "json_invalid" for item in error.errors()):
        reason = error.errors()[0].get("ctx", {}).get("error", "")
        return await _easel_error(request, BrokenJson(f"The body could not be read as JSON: {reason}"))
    problems = field_problems(error.errors())
    return await _easel_error(
        request,
        InvalidInput("; ".join(f"{p.field}: {p.message}" for p in problems[:5]), errors=tuple(problems)),
    )


def field_problems(items: Sequence[Any], prefix: str = "") -> list[FieldProblem]:
    """Pydantic's errors as field problems; the place (body, query, …) is left out of the path."""
    problems = []
    for item in items:
        path = [str(part) for part in item["loc"]]
        if path and path[0] in ("body", "query", "path", "header", "cookie"):
            path = path[1:] or path[:1]
        message = str(item["msg"]).removeprefix("Value error, ")
        if item["type"] == "extra_forbidden":
            message = "is not known here"
        problems.append(FieldProblem(".".join([prefix, *path] if prefix else path), message, item["type"]))
    return problems


_OF_STATUS: dict[int, type[EaselError]] = {404: NotFound, 405: MethodNotAllowed}
"""What the framework's own refusals are called; any other of them is a bad request."""


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code >= 500:
        return await _unexpected(request, error)
    kind = _OF_STATUS.get(error.status_code, BadRequest)
    path, method = request.scope["path"], request.scope["method"]
    detail = {
        404: f"There is nothing at {path}.",
        405: f"{path} does not take {method}; see the header Allow.",
    }.get(error.status_code, f"{error.detail}.")
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(_methods(request))
    return await _easel_error(request, kind(detail, headers=headers))


def _methods(request: Request) -> list[str]:
    """The methods that the request's address takes; the framework names those of its first route only."""
    scope = {"type": "http", "path": request.scope["path"], "root_path": "", "headers": []}
    return [
        method
        for method in ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
        if any(route.matches({**scope, "method": method})[0] is Match.FULL for route in request.app.routes)
    ]


async def _database_error(request: Request, error: Exception) -> Response:
    if isinstance(error, OperationalError) or getattr(error, "connection_invalidated", False):
        return await _easel_error(
            request, Unavailable("The database does not answer at the moment. Try again soon.")
        )
    return await _unexpected(request, error)


async def _unexpected(request: Request, error: Exception) -> Response:
    log.exception("http.unexpected", exc_info=error)
    return problem(
        request,
        status=InternalError.status,
        code=InternalError.code,
        title=InternalError.title(),
        detail="This is a fault of ours. The log has it under this request id.",
    )
