"""The OpenAPI document and the page that shows it."""

from __future__ import annotations

import json
from functools import cache
from threading import Lock
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, Response

from easel.app.reference import STYLE, errors_page, reference_page
from easel.base.errors import EaselError, InvalidInput
from easel.core.actor import NotAllowed, NotSignedIn, WorkspaceNotFound
from easel.core.http.limits import TooManyRequests
from easel.core.http.middleware import ForeignOrigin, TooLarge, content_security_policy
from easel.core.http.problems import MEDIA_TYPE, BrokenJson, Problem
from easel.core.work import DatabaseUnavailable

_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}

EVERYWHERE: dict[int | str, dict[str, Any]] = {
    "default": {"description": "Any other error, in the same shape.", "content": _PROBLEM},
}
"""What every route may answer besides its own."""

_SIGNED_IN = (NotSignedIn, NotAllowed, WorkspaceNotFound)
_ALWAYS = (DatabaseUnavailable,)
_API = (TooManyRequests,)
_WITH_BODY = (TooLarge, ForeignOrigin, BrokenJson)


def install(app: FastAPI) -> None:
    """Serve the document with our error shape in place of the framework's, and `/docs`."""

    making = Lock()  # the framework's own function breaks when two threads are in it

    def document() -> dict[str, Any]:
        with making:
            if app.openapi_schema is None:
                app.openapi_schema = _complete(
                    get_openapi(
                        title=app.title, version=app.version, description=app.description, routes=app.routes
                    )
                )
            return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's documented way to change the document
    # Making the document takes a tenth of a second: these are not coroutines, so that threads run them.
    as_json = cache(lambda: json.dumps(document(), ensure_ascii=False).encode())
    page = cache(lambda: reference_page(document()))

    @app.get("/openapi.json", include_in_schema=False)
    def openapi_document() -> Response:
        return Response(as_json(), media_type="application/json")

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(page(), headers=_OWN_STYLE)

    @app.get("/docs/errors", include_in_schema=False)
    def docs_of_errors() -> HTMLResponse:
        return HTMLResponse(errors_page(), headers=_OWN_STYLE)


_OWN_STYLE = {"Content-Security-Policy": content_security_policy(STYLE)}


def _complete(schema: dict[str, Any]) -> dict[str, Any]:
    """Puts in our shape of errors, and the errors that follow from what an operation takes and needs."""
    components = schema.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        components.pop(name, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    components.update(problem.pop("$defs", {}))
    components["Problem"] = problem
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            answers = operation["responses"]
            generated = answers.get("422", {}).get("content", {})
            if "application/json" in generated:
                del answers["422"]
            more: list[type[EaselError]] = [*_ALWAYS]
            if path.startswith("/api/"):
                more += _API
            if operation.get("security"):
                more += _SIGNED_IN
            if method != "get":
                more += _WITH_BODY
            if operation.get("parameters") or operation.get("requestBody"):
                more.append(InvalidInput)
            for error in more:
                _list(answers, error)
            operation["responses"] = dict(sorted(answers.items()))
    return schema


def _list(answers: dict[str, Any], error: type[EaselError]) -> None:
    words = f"`{error.code}`: {error.title()}"
    answer = answers.setdefault(str(error.status), {"description": "", "content": _PROBLEM})
    if f"`{error.code}`" not in answer["description"]:
        answer["description"] = f"{answer['description']} {words}".strip()
