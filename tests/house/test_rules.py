"""The rules of the house that no linter knows; each failure says what to do instead."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from easel.app.features import FEATURES
from easel.base.errors import EaselError
from scripts import reference

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "easel"
PYTHON = sorted(
    path
    for folder in ("src", "tests", "scripts", "bench")
    for path in (ROOT / folder).rglob("*.py")
    if path.stat().st_size
)

DOORS = {
    *("Open", "Reading", "Generating", "Managing", "Personal", "Administering"),
    *("Reader", "Generator", "Manager", "Person", "Fetcher"),
}
"""The declared access parameters of `core.http.deps`."""

WITHOUT_A_DOOR = {
    *(
        "log_in",
        "restore_account",
        "log_in_by_code",
        "log_in_by_passkey",
        "log_in_by_passkey_factor",
        "options",
        "verify_email_by_link",
        "reset_password",
        "refresh_token",
        "list_sign_in_methods",
        "begin_provider_sign_in",
        "end_provider_sign_in",
        "list_styles",
    ),
    *("healthz", "readyz", "metrics", "openapi_document", "docs", "docs_of_errors"),
}
"""Routes that reach nobody's rows, and those of signing in, which open their own transactions."""

FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "shared"}
LONGEST = 400


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), name_of(path))


def routes() -> Iterator[tuple[str, ast.AsyncFunctionDef | ast.FunctionDef]]:
    """Every function that a router or the application serves, by its decorators or by `add_api_route`."""
    for path in SOURCE.rglob("*.py"):
        tree = parsed(path)
        added = {
            call.args[1].id
            for call in ast.walk(tree)
            if isinstance(call, ast.Call)
            and getattr(call.func, "attr", "") == "add_api_route"
            and isinstance(call.args[1], ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef):
                served = {
                    part.func.attr
                    for part in node.decorator_list
                    if isinstance(part, ast.Call)
                    and isinstance(part.func, ast.Attribute)
                    and getattr(part.func.value, "id", "") in ("router", "app")
                }
                methods = {"get", "post", "put", "patch", "delete", "head", "api_route"}
                if served & methods or node.name in added:
                    yield name_of(path), node


def test_every_route_says_who_may_call_it() -> None:
    found = set()
    for path, route in routes():
        found.add(route.name)
        arguments = [*route.args.posonlyargs, *route.args.args, *route.args.kwonlyargs]
        doors = {
            argument.annotation.id for argument in arguments if isinstance(argument.annotation, ast.Name)
        }
        if route.name in WITHOUT_A_DOOR:
            assert not doors & DOORS, f"{path}: {route.name} has a door; take it off the list"
        else:
            assert len(doors & DOORS) == 1, f"{path}: {route.name} takes none, or more than one, of {DOORS}"
    assert found > WITHOUT_A_DOOR
    assert len(found) > 25


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_a_file(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= LONGEST, f"make it a folder of the same name: more than {LONGEST} lines"
    words = set(re.split(r"[_.]", path.stem)) | set(path.relative_to(ROOT).parent.parts)
    assert not words & FORBIDDEN_NAMES, "name a file by what it holds"
    tree = parsed(path)
    if "versions" not in path.parts:
        assert ast.get_docstring(tree), "begin with a docstring that says what the file holds"
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom | ast.Import):
            names = {alias.name for alias in node.names} | {getattr(node, "module", None) or ""}
            assert not any("mock" in name.split(".") for name in names), (
                "build a Studio of other parts instead"
            )
    if "tests" in path.parts:
        marks = re.findall(r"pytest\.(?:mark\.)?(?:skip|xfail|importorskip)\b", text)
        assert not marks, "a test that does not run proves nothing (skipif is for what a platform lacks)"


def test_a_feature_has_a_place_and_nothing_else_lies_there() -> None:
    known = {feature.name for feature in FEATURES}
    there = {
        path.name for path in (SOURCE / "features").iterdir() if path.is_dir() and path.name != "__pycache__"
    }
    assert there == known
    files = {
        "routes",
        "tasks",
        "commands",
        "service",
        "queries",
        "policy",
        "models",
        "schemas",
        "errors",
        "events",
    }
    for feature in known:
        for path in (SOURCE / "features" / feature).iterdir():
            if path.suffix == ".py" or (path.is_dir() and path.name != "__pycache__"):
                assert path.stem in files | {"__init__"}, name_of(path)


def errors() -> list[type[EaselError]]:
    reference.errors()  # imports every module
    return [kind for kind in reference._kinds(EaselError) if kind.__module__.startswith("easel.")]


def test_every_error_has_a_name_of_its_own_and_a_sentence() -> None:
    counts = Counter(kind.code for kind in errors())
    assert [code for code, number in counts.items() if number > 1] == []
    for kind in errors():
        assert re.fullmatch(r"[a-z][a-z0-9_]+", kind.code), kind
        assert 400 <= kind.status < 600, kind
        assert kind.title()[0].isupper(), kind
        assert kind.title().endswith("."), kind
        assert "code" in vars(kind), f"{kind} has its parent's code"


def test_the_reference_pages_are_what_the_code_says() -> None:
    for path, text in reference.pages().items():
        assert path.read_text() == text, f"{name_of(path)} is out of date; run: make client"
    listed = (reference.REFERENCE / "errors.md").read_text()
    for kind in errors():
        assert f"| `{kind.code}` | {kind.status} |" in listed


def test_no_sql_is_newer_than_postgresql_16() -> None:
    newer = re.compile(
        r"\b(uuidv7|uuidv4|JSON_TABLE|MERGE_ACTION|casefold|array_sort|array_reverse|any_value_transfn|"
        r"io_method|WITHOUT OVERLAPS|NOT ENFORCED|VIRTUAL)\b|RETURNING\s+(?:OLD|NEW)\b|MERGE\b.*\bRETURNING",
        re.IGNORECASE,
    )
    for path in [
        *SOURCE.rglob("*.sql"),
        *(SOURCE / "migrations").rglob("*.py"),
        *SOURCE.rglob("features/**/*.py"),
    ]:
        text = path.read_text()
        if "SELECT" in text or "CREATE" in text or "op." in text or "func." in text:
            assert not newer.search(text), f"{name_of(path)}: {newer.search(text)}"
