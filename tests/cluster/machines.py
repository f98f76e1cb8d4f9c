"""Easel on many machines, each an address of loopback: PostgreSQL over TCP, S3, Redis, nginx, web and worker processes.

The layout of ``deploy/compose.yaml``. Everything is a real process but S3, which is `tests.servers.s3`.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psycopg
import valkey

from easel.app.embedded import EmbeddedPostgres
from easel.app.postgres_home import PostgresHome
from tests.servers.s3 import S3, serving_s3

ROOT = Path(__file__).parents[2]
DATABASE, COUNTERS, PROXY = "127.0.0.2", "127.0.0.3", "127.0.0.4"
WEB = ("127.0.0.11", "127.0.0.12")
WORKERS = 3
PASSWORD = "a-database-password"
PATIENCE = 180.0

_NGINX = """\
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_max_body_size 30m;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  upstream easel {{
    {servers}
    keepalive 32;
  }}
  server {{
    listen {listen};
    location / {{
      proxy_pass http://easel;
      proxy_bind {proxy};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_connect_timeout 2s;
      proxy_read_timeout 1h;
    }}
  }}
}}
"""


class Postgres:
    """A database server of its own that asks for a password: PostgreSQL from the wheel, on TCP alone."""

    def __init__(self, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self.home = PostgresHome(folder)
        self._environment = environment
        self.port = free_port(DATABASE)
        self.url = f"postgresql://easel:{PASSWORD}@{DATABASE}:{self.port}/easel"
        self._process: subprocess.Popen[bytes] | None = None
        own = EmbeddedPostgres(folder)
        with psycopg.connect(own.start(), autocommit=True) as connection:
            connection.execute(f"CREATE ROLE easel LOGIN PASSWORD '{PASSWORD}'".encode())
            connection.execute("ALTER DATABASE easel OWNER TO easel")
        own.stop()
        self.home.prepare()
        access = "host all all 127.0.0.0/8 scram-sha-256\n"
        (self.home.cluster / "pg_hba.conf").write_text(access)

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        command = [str(self.home.programs() / "postgres"), "-D", str(self.home.cluster), "-h", DATABASE]
        command += ["-p", str(self.port), "-c", "unix_socket_directories="]
        account = self.home.account.process() if self.home.account else {}
        with self.home.log.open("ab") as log:
            process = subprocess.Popen(
                command, stdout=log, stderr=log, cwd="/", env=self._environment, **account
            )
        self._process = process
        deadline = time.monotonic() + PATIENCE
        while True:
            with suppress(psycopg.OperationalError), psycopg.connect(self.url, connect_timeout=5):
                return
            assert process.poll() is None, self.home.log.read_text()[-2000:]
            assert time.monotonic() < deadline, "PostgreSQL is not ready"
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop it as a crash does, without a word to its clients: the next start recovers."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(60)
            self._process = None

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """The rows of a query."""
        with psycopg.connect(self.url) as connection:
            return connection.execute(statement.encode()).fetchall()


class Machines:
    """The machines; `web` and `workers` are the processes of Easel itself."""

    def __init__(self, folder: Path, postgres: Postgres, s3: S3) -> None:
        self.folder = folder
        self.postgres = postgres
        self.s3 = s3
        self.counters = valkey.Valkey(host=COUNTERS, port=free_port(COUNTERS))
        self.port = free_port(*WEB)
        self.url = f"http://{PROXY}:{free_port(PROXY)}"
        self.started: list[subprocess.Popen[bytes]] = []
        self.web: list[subprocess.Popen[bytes]] = []
        self.workers: list[subprocess.Popen[bytes]] = []

    @property
    def environment(self) -> dict[str, str]:
        """What each process of Easel is told."""
        own = {name: value for name, value in os.environ.items() if not name.startswith(("EASEL_", "AWS_"))}
        port = self.counters.connection_pool.connection_kwargs["port"]
        return own | self.s3.environment | {
            "EASEL_DATA": str(self.folder / "unused"),
            "DATABASE_URL": self.postgres.url,
            "EASEL_SECRET": "0123456789abcdef" * 4,
            "EASEL_LIMITS_URL": f"redis://{COUNTERS}:{port}/0",
            "EASEL_TRUSTED_PROXIES": PROXY,
            "EASEL_PORT": str(self.port),
            "EASEL_BILLING": "on",
            "EASEL_GRANT_CREDITS": "10000",
            "EASEL_USER_SEATS": "6",
            "EASEL_WORKER_CPU": "1",
            "EASEL_ACCESS_TOKEN_MINUTES": "120",
            "EASEL_LOG_LEVEL": "warning",
        }  # fmt: skip

    def easel(self, *words: str, **more: str) -> subprocess.Popen[bytes]:
        """A process of Easel."""
        return self._run("easel", sys.executable, "-m", "easel", *words, env=self.environment | more)

    def start(self) -> None:
        """Start all, and wait until the last web process is ready."""
        redis = shutil.which("valkey-server") or shutil.which("redis-server")
        nginx = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
        assert redis, "install the package redis-server or valkey-server"
        assert nginx, "install the package nginx-light or nginx"
        port = str(self.counters.connection_pool.connection_kwargs["port"])
        self._run("redis", redis, "--bind", COUNTERS, "--port", port, "--save", "", "--protected-mode", "no")
        assert self.easel("db", "upgrade").wait(PATIENCE) == 0, self.logs()
        self.web = [self.easel("web", EASEL_HOST=host) for host in WEB]
        self.workers = [self.easel("worker") for _ in range(WORKERS)]
        configuration = self.folder / "nginx.conf"
        servers = "\n    ".join(f"server {host}:{self.port} max_fails=1 fail_timeout=1s;" for host in WEB)
        configuration.write_text(
            _NGINX.format(
                folder=self.folder,
                servers=servers,
                listen=self.url.removeprefix("http://"),
                proxy=PROXY,
                user="user root;" if os.geteuid() == 0 else "",
            )
        )
        self._run("nginx", nginx, "-p", str(self.folder), "-e", "stderr", "-c", str(configuration))
        for host in WEB:
            self._await(f"http://{host}:{self.port}/readyz")
        self._await(f"{self.url}/readyz")

    def stop(self) -> None:
        """Kill all that is left."""
        for process in self.started:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGKILL if process not in self.started[:1] else signal.SIGTERM)
        for process in self.started:
            process.wait(60)
        self.counters.close()  # type: ignore[no-untyped-call]

    def logs(self) -> str:
        """The last words of all processes."""
        return "\n".join(f"{log.name}: {log.read_text()[-3000:]}" for log in self.folder.glob("*.log"))

    def _run(self, name: str, *command: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}-{len(self.started)}.log").open("wb") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        self.started.append(process)
        return process

    def _await(self, url: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            with suppress(httpx.TransportError):
                if httpx.get(url, timeout=5).status_code == 200:
                    return
            assert time.monotonic() < deadline, f"{url} is not ready: {self.logs()}"
            time.sleep(0.2)


@contextmanager
def machines(folder: Path) -> Iterator[Machines]:
    """All machines at work, for as long as the block runs. `folder` must be open to PostgreSQL's user."""
    with serving_s3() as s3:
        postgres = Postgres(folder / "database")
        postgres.start()
        running = Machines(folder, postgres, s3)
        try:
            running.start()
            yield running
        finally:
            running.stop()
            postgres.stop()


def free_port(*hosts: str) -> int:
    """A port that is free at all of these addresses."""
    while True:
        with socket.create_server((hosts[0], 0)) as first:
            port = int(first.getsockname()[1])
            try:
                for host in hosts[1:]:
                    socket.create_server((host, port)).close()
            except OSError:
                continue
            return port
