"""The page that says what breaks names tests that exist, and marks those that `make test-faults` runs."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reliability.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`( †)?", PAGE)))


def test_every_row_names_a_test() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("|")][2:]
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(cells) == 4, row
        assert cells[0].startswith("**") or "`tests/" in cells[3], row
    assert len(NAMED) >= 40


@pytest.mark.parametrize(("path", "name", "mark"), NAMED)
def test_a_named_test_exists(path: str, name: str, mark: str) -> None:
    tree = ast.parse((ROOT / path).read_text())
    found = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name
    ]
    assert found, f"{path} has no {name}; docs/reliability.md says it does"
    if mark:
        assert "faults" in (ROOT / path).read_text(), f"{name} does not run by make test-faults alone"
