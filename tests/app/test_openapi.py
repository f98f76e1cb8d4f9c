"""The OpenAPI document says all there is to say, and the page at /docs shows all of it."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest

from easel.app.api import build
from easel.base.errors import EaselError
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return build().openapi()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        assert set(item) <= METHODS, path
        for method, operation in item.items():
            yield method, path, operation


def undescribed(schema: Any, where: str) -> Iterator[str]:
    """Every property below `schema` that has no description, of its own or of the record it refers to."""
    if isinstance(schema, list):
        for n, part in enumerate(schema):
            yield from undescribed(part, f"{where}[{n}]")
    if not isinstance(schema, dict):
        return
    for name, part in schema.get("properties", {}).items():
        if not part.get("description") and "$ref" not in part:
            yield f"{where}.{name}"
    for name, part in schema.items():
        if name not in ("examples", "example", "default", "enum", "const"):
            yield from undescribed(part, f"{where}.{name}")


def test_every_operation_is_named_grouped_and_described(document: dict[str, Any]) -> None:
    names = set()
    for method, path, operation in operations(document):
        where = f"{method} {path}"
        assert operation["operationId"].isidentifier(), where
        names.add(operation["operationId"])
        assert operation["summary"], where
        assert operation["description"].strip().endswith("."), where
        assert len(operation["tags"]) == 1, where
        for parameter in operation.get("parameters", []):
            assert parameter.get("description"), f"{where}: {parameter['name']}"
            assert parameter["in"] != "path" or f"{{{parameter['name']}}}" in path
        for status, answer in operation["responses"].items():
            assert answer["description"], f"{where}: {status}"
    assert len(names) == len(list(operations(document)))


def test_every_record_and_field_is_described(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for name, schema in schemas.items():
        assert schema.get("description") or "enum" in schema, name
    assert list(undescribed(schemas, "schemas")) == []
    for method, path, operation in operations(document):
        assert list(undescribed(operation, f"{method} {path}")) == []


def test_every_error_is_the_one_shape_and_has_its_name(document: dict[str, Any]) -> None:
    known = {kind.code for kind in _kinds(EaselError)}
    for method, path, operation in operations(document):
        where = f"{method} {path}"
        answers = operation["responses"]
        expected = {"default", "503"}
        if {} not in operation.get("security", [{}]):
            expected |= {"401", "403"}
        if method != "get":
            expected |= {"400", "403", "413"}
        if operation.get("parameters") or operation.get("requestBody"):
            expected.add("422")
        if "{id}" in path:
            expected.add("404")
        assert expected <= set(answers), where
        for status, answer in answers.items():
            if status.startswith(("4", "5")) and path != "/readyz":
                assert set(answer["content"]) == {"application/problem+json"}, f"{where}: {status}"
                schema = answer["content"]["application/problem+json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Problem"}
                named = {part.strip("`:") for part in answer["description"].split() if part.startswith("`")}
                assert named & known, f"{where}: {status} names no error"


def test_every_reference_leads_somewhere_and_nothing_lies_about(document: dict[str, Any]) -> None:
    found = set(_references(document))
    schemas = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert found == schemas
    used = {name for _, _, o in operations(document) for need in o.get("security", []) for name in need}
    assert used == set(document["components"]["securitySchemes"])
    for scheme in document["components"]["securitySchemes"].values():
        assert scheme["description"]


class Page(HTMLParser):
    """Checks that tags close as they opened and that links inside the page lead somewhere."""

    VOID = frozenset({"meta", "br", "img", "link", "hr", "input"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.ids += [found for found in [named.get("id")] if found]
        self.links += [found for found in [named.get("href")] if found]
        assert not any(name.startswith("on") for name in named)
        assert tag != "script"
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


async def test_the_page_shows_every_operation_and_record(server: Server, document: dict[str, Any]) -> None:
    client = server.client()
    answer = await client.get("/docs")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    page = Page(answer.text)
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert {operation["operationId"] for _, _, operation in operations(document)} <= set(page.ids)
    assert {f"schema-{name}" for name in document["components"]["schemas"]} <= set(page.ids)
    assert {link.removeprefix("#") for link in page.links if link.startswith("#")} <= set(page.ids)
    for _, path, _ in operations(document):
        assert path in answer.text


async def test_the_page_of_errors_has_a_place_for_every_code(server: Server) -> None:
    page = Page((await server.client().get("/docs/errors")).text)
    assert page.open == []
    assert set(page.ids) == {kind.code for kind in _kinds(EaselError)}


async def test_the_document_is_served_as_it_is(server: Server, document: dict[str, Any]) -> None:
    answer = await server.client().get("/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == document
    assert document["openapi"].startswith("3.1")


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "$ref":
                yield value
            else:
                yield from _references(value)
    elif isinstance(part, list):
        for value in part:
            yield from _references(value)


def _kinds(base: type[EaselError]) -> Iterator[type[EaselError]]:
    for kind in base.__subclasses__():
        if kind.__module__.startswith("easel."):
            yield kind
        yield from _kinds(kind)
