"""What all tests share; each room's own fixtures lie beside its tests, larger parts under ``plugins``."""

from __future__ import annotations

import pytest

pytest_plugins = [
    "tests.plugins.postgres",
    "tests.plugins.studio",
    "tests.plugins.shelf",
    "tests.plugins.mail",
    "tests.plugins.counter_store",
    "tests.servers.oidc",
]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the many kills of ``make test-faults``, unless they are asked for: ``-m faults``."""
    if "faults" in config.getoption("markexpr"):
        return
    left_out = [item for item in items if item.get_closest_marker("faults")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]
