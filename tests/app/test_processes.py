"""The processes that serve, once they have loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_ASKED = """
import gc, sys
import uvicorn
from easel.__main__ import main
from easel.app import processes

def said(*_, **__):
    print("looks for garbage:", gc.isenabled(), gc.get_freeze_count() > 10_000)

uvicorn.run = processes.run = said
sys.argv = ["easel", sys.argv[1]]
main()
"""


@pytest.mark.parametrize("part", ["web", "worker"])
def test_garbage_is_looked_for_but_not_in_what_stays(part: str, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "EASEL_DATA": str(tmp_path),
        "DATABASE_URL": "postgresql://nowhere.invalid/easel",
    }
    done = subprocess.run(
        [sys.executable, "-c", _ASKED, part], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.splitlines()[-1:] == ["looks for garbage: True True"], done.stdout + done.stderr
