"""Whether what is generated is what is committed; ``--write`` writes it anew.

Generated are: the OpenAPI document (`web/openapi.json`), the studio's client made from it (`web/src/api`), and
the reference pages under `docs/reference`.
"""

from __future__ import annotations

import filecmp
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from easel.app.api import build
from scripts import reference

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "web"
DOCUMENT = WEB / "openapi.json"
CLIENT = WEB / "src" / "api"


def document() -> str:
    """The OpenAPI document as it is committed."""
    return json.dumps(build().openapi(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def pages() -> Mapping[Path, str]:
    """Every generated text by its place."""
    return {DOCUMENT: document(), **reference.pages()}


def generate_client(folder: Path) -> None:
    """Make the studio's client from the committed document."""
    subprocess.run(
        ["npx", "--no-install", "openapi-ts", "-o", str(folder)],
        cwd=WEB,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def drifted() -> list[str]:
    """What differs, by name."""
    found = [
        str(path.relative_to(ROOT))
        for path, text in pages().items()
        if not path.is_file() or path.read_text() != text
    ]
    with tempfile.TemporaryDirectory(dir=WEB) as temporary:
        fresh = Path(temporary) / "api"
        generate_client(fresh)
        if not _same(filecmp.dircmp(CLIENT, fresh)):
            found.append(str(CLIENT.relative_to(ROOT)))
    return found


def write() -> None:
    """Write everything anew."""
    for path, text in pages().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    generate_client(CLIENT)


def _same(compared: filecmp.dircmp[str]) -> bool:
    if compared.left_only or compared.right_only or compared.diff_files or compared.funny_files:
        return False
    return all(_same(part) for part in compared.subdirs.values())


def main() -> int:
    if sys.argv[1:] == ["--write"]:
        write()
        return 0
    found = drifted()
    for name in found:
        print(f"{name} is out of date; run: make client")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
