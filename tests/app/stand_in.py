"""``easel serve`` with stand-ins for the web server and the worker, as a process: ``stand_in.py serve``.

The stand-ins are real processes that behave towards the supervisor as the real ones do, and load little.
"""

from __future__ import annotations

import http.server
import os
import signal
import sys
import time
from collections.abc import Mapping

from easel.app.plan import Plan
from easel.app.secret_file import ensure_secret
from easel.app.serve import serve
from easel.app.supervised import exit_when_parent_dies, wait_for_word
from easel.app.supervisor import Part, Signals
from easel.base.errors import EaselError
from easel.base.settings import load


class _Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


def _web() -> None:
    assert wait_for_word().startswith("postgresql://")
    exit_when_parent_dies()
    assert len(ensure_secret(load()).current) == 64
    http.server.HTTPServer((os.environ["EASEL_HOST"], int(os.environ["EASEL_PORT"])), _Ready).serve_forever()


def _worker(temper: str) -> None:
    exit_when_parent_dies()
    if temper == "failing":
        sys.exit(7)
    if temper == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print("deaf from here on", flush=True)
    while True:
        time.sleep(60)


def _no_migrations(environment: Mapping[str, str], signals: Signals) -> bool:
    return True


def main() -> int:
    role, *rest = sys.argv[1:]
    if role == "web":
        _web()
    elif role == "worker":
        _worker(*rest)
    elif role == "serve":
        here = (sys.executable, __file__)
        parts = (Part("web server", (*here, "web")), Part("worker", (*here, "worker", *(rest or ["calm"]))))
        try:
            return serve(Plan.of(load()), parts=parts, migrate=_no_migrations, pause=0.1)
        except EaselError as error:
            print(f"{error.code}: {error.detail}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
