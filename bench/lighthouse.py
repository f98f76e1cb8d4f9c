"""Lighthouse's scores of the landing page and the gallery. Run: ``python -m bench.lighthouse [runs]``.

`easel serve` with the built studio and 24 pictures by Sketch; Chromium (``EASEL_TEST_BROWSER`` or the one that is
installed) through ``web/tools/lighthouse``, which is installed when it is missing. Phone and network of the phone are
Lighthouse's simulation.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from bench.report import Report
from bench.studio import own_folder, start, stop

TOOL = Path(__file__).parent.parent / "web" / "tools" / "lighthouse"
_SUBJECTS = (
    "a red fox in the snow",
    "a lighthouse at dusk",
    "mountains and a lake at dawn",
    "a boat on the sea",
)
_PICTURES = 24
_PAGES = {"landing": "/", "gallery": "/app/w/personal/images"}


def fill(url: str) -> str:
    """A new account with pictures; answers the cookies of its browser."""
    account = {"email": "bench@example.com", "password": secrets.token_urlsafe(), "name": "Bench"}
    with httpx.Client(base_url=url, timeout=120, headers={"Origin": url}) as client:
        client.post("/api/auth/register", json=account).raise_for_status()
        for number in range(_PICTURES // 4):
            body = {
                "prompt": _SUBJECTS[number % len(_SUBJECTS)],
                "num_images": 4,
                "width": 512,
                "height": 512,
            }
            made = client.post("/api/images/generate", json=body, headers={"Prefer": "wait=60"})
            made.raise_for_status()
            assert made.json()["status"] == "completed", made.text
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.cookies.jar)


def measured(url: str, cookie: str, runs: int, *, desktop: bool) -> dict[str, Any]:
    """What Lighthouse says of one page."""
    command = ["node", "run.mjs", "--json", "--faults", "--runs", str(runs), "--cookie", cookie]
    found = os.environ.get("EASEL_TEST_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    environment = {**os.environ, **({"CHROME_PATH": found} if found else {})}
    done = subprocess.run(
        [*command, *(["--desktop"] if desktop else []), url],
        cwd=TOOL,
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    scores: dict[str, Any] = json.loads(done.stdout)
    return scores


def main(runs: int) -> None:
    if not (TOOL / "node_modules").is_dir():
        subprocess.run(["npm", "ci", "--silent"], cwd=TOOL, check=True)
    report = Report("lighthouse", f"Median of {runs}; the phone and its network are Lighthouse's simulation.")
    with own_folder() as folder:
        process, url = start(folder / "data")
        try:
            cookie = fill(url)
            for page, path in _PAGES.items():
                for desktop in (False, True):
                    name = f"{page}, {'desk' if desktop else 'phone'}"
                    found = measured(url + path, cookie if page == "gallery" else "", runs, desktop=desktop)
                    assert found["landed"] == url + path, found["landed"]
                    for category, score in found["scores"].items():
                        report.add(f"{name}: {category}", score, "of 100", least=95)
                    report.add(f"{name}: largest contentful paint", found["metrics"]["lcp"], "ms")
                    for fault in found["faults"]:
                        print(f"{name}: {fault}")
        finally:
            stop(process)
    report.done()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
