"""The soak of `bench.soak`, for the time of a test: no request fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "minutes", ["0.12", pytest.param("1", marks=pytest.mark.faults)], ids=["seven seconds", "a minute"]
)
def test_mixed_traffic_has_no_failure(minutes: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.soak"],
        cwd=ROOT,
        env={**os.environ, "SOAK_MINUTES": minutes},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
