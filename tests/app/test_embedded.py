"""The embedded PostgreSQL: started, found, taken over, recovered, refused. All with real servers."""

from __future__ import annotations

import os
import signal
import stat
import time
from pathlib import Path

import psycopg
import pytest

from easel.app.embedded import EmbeddedPostgres, PostgresVersion, embedded_postgres
from easel.app.postgres_home import DataFolderClosed, PostgresHome

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="what root may do wrong, others cannot")


def answer(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


def postmaster(data: Path) -> int:
    return int((data / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def modes(path: Path) -> dict[str, tuple[int, int]]:
    """Mode and owner of a folder and of everything above it."""
    return {str(each): (each.stat().st_mode, each.stat().st_uid) for each in (path, *path.parents)}


def test_a_new_server_is_private_and_sorts_alike_everywhere(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "data")
    url = server.start()
    assert answer(url, "SHOW listen_addresses") == ""
    assert answer(url, "SHOW fsync") == "on"
    assert answer(url, "SHOW server_encoding") == "UTF8"
    assert answer(url, "SELECT datlocale FROM pg_database WHERE datname = current_database()") == "C.UTF-8"
    assert answer(url, "SELECT upper('ä')") == "Ä"
    socket = folder / "data" / "postgres" / "socket"
    assert stat.S_IMODE(socket.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "data").stat().st_mode) == (0o711 if os.geteuid() == 0 else 0o700)
    pid = postmaster(folder / "data")
    server.stop()
    assert not server.running()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_server_that_was_killed_starts_again_at_the_same_address(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "data")
    url = server.start()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
    held = psycopg.connect(url)
    os.kill(postmaster(folder / "data"), signal.SIGKILL)
    while server.running():
        time.sleep(0.01)
    assert server.start() == url
    assert answer(url, "SELECT number FROM kept") == 42
    held.close()
    server.stop()


def test_a_server_left_running_is_taken_over(folder: Path) -> None:
    first, second = EmbeddedPostgres(folder / "data"), EmbeddedPostgres(folder / "data")
    url = first.start()
    pid = postmaster(folder / "data")
    assert second.start() == url
    assert postmaster(folder / "data") == pid
    second.stop()
    assert not first.running()


def test_the_last_user_stops_a_shared_server(folder: Path) -> None:
    data = folder / "data"
    watch = EmbeddedPostgres(data)
    with embedded_postgres(data) as url:
        with embedded_postgres(data) as again:
            assert again == url
        assert watch.running()
        assert answer(url, "SELECT 1") == 1
    assert not watch.running()


def test_a_number_left_behind_that_is_now_another_program_does_not_matter(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "data", durable=False)
    server.start()
    left_over = (folder / "data" / "postgres" / "data" / "postmaster.pid").read_text().splitlines()
    server.stop()
    left_over[0] = str(os.getpid())
    (folder / "data" / "postgres" / "data" / "postmaster.pid").write_text("\n".join(left_over) + "\n")
    assert answer(server.start(), "SELECT 1") == 1
    server.stop()


def test_a_first_start_that_was_killed_midway_is_begun_anew(folder: Path) -> None:
    half = folder / "data" / "postgres" / "new-1234"
    PostgresHome(folder / "data").prepare()
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    server = EmbeddedPostgres(folder / "data", durable=False)
    assert answer(server.start(), "SELECT 1") == 1
    assert not half.exists()
    server.stop()


def test_a_long_path_gets_a_short_socket(folder: Path) -> None:
    data = folder / "data" / ("long" * 30)
    if os.geteuid() == 0:
        (folder / "data").mkdir(0o755)
    server = EmbeddedPostgres(data, durable=False)
    url = server.start()
    assert answer(url, "SELECT 1") == 1
    server.stop()
    assert server.start() == url
    short = Path((data / "postgres" / "socket-folder").read_text())
    assert stat.S_IMODE(short.stat().st_mode) == 0o700
    server.stop()
    short.rmdir()


def test_another_major_version_is_refused(folder: Path) -> None:
    PostgresHome(folder / "data").prepare()
    cluster = folder / "data" / "postgres" / "data"
    cluster.mkdir(0o700)
    (cluster / "PG_VERSION").write_text("17\n")
    with pytest.raises(PostgresVersion, match=r"PostgreSQL 17.*brings 18"):
        EmbeddedPostgres(folder / "data").start()


def test_a_large_log_begins_afresh(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "data")
    PostgresHome(folder / "data").prepare()
    log = folder / "data" / "postgres" / "log" / "postgres.log"
    log.write_bytes(b"x" * 10_000_001)
    server.trim_log()
    assert log.stat().st_size == 0
    assert log.with_suffix(".log.1").stat().st_size == 10_000_001


@root_only
def test_root_changes_no_folder_that_was_there(folder: Path) -> None:
    above = folder / "above"
    above.mkdir(0o751)
    programs = PostgresHome(folder).programs()
    before = {**modes(above), **modes(programs)}
    with embedded_postgres(above / "made" / "data", durable=False) as url:
        assert answer(url, "SELECT 1") == 1
        assert answer(url, "SELECT current_setting('data_directory')") == f"{above}/made/data/postgres/data"
        assert (above / "made" / "data" / "postgres" / "data").stat().st_uid != 0
    assert {**modes(above), **modes(programs)} == before


@root_only
def test_root_is_refused_a_closed_folder_by_name(folder: Path) -> None:
    closed = folder / "home"
    closed.mkdir(0o700)
    before = modes(closed)
    with pytest.raises(DataFolderClosed, match=rf"EASEL_DATA: {closed} is closed .*0700.*/var/lib/easel"):
        EmbeddedPostgres(closed / "easel").start()
    assert modes(closed) == before
    assert list(closed.iterdir()) == []
