"""A studio in which pictures cost credits."""

from __future__ import annotations

from pathlib import Path

import pytest

from easel.base.settings import Settings, load
from tests.features.credits.purse import PricedPainter


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Settings:
    """Settings with billing on; a test says by an indirect parameter what else is different."""
    monkeypatch.setenv("EASEL_DATA", str(tmp_path))
    monkeypatch.setenv("STORAGE_URL", "memory://")
    monkeypatch.setenv("EASEL_DEFAULT_MODEL", "painter/fast")
    monkeypatch.setenv("EASEL_LOG_LEVEL", "warning")
    monkeypatch.setenv("EASEL_BILLING", "on")
    for name, value in getattr(request, "param", {}).items():
        monkeypatch.setenv(name, value)
    return load()


@pytest.fixture
def painter() -> PricedPainter:
    """The provider behind the studio's models, whose pictures have a price."""
    return PricedPainter()
