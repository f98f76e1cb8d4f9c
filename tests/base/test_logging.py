"""Logs: one line an event, as JSON where machines read them, and never a secret."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from easel.base.logging import configure_logging
from easel.base.settings import Settings


@pytest.fixture
def restored() -> Iterator[None]:
    """Puts logging back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {
        name: logging.getLogger(name).level for name in ("procrastinate", "httpx", "httpcore", "asyncio")
    }
    levels |= {name: logging.getLogger(name).level for name in ("pyvips", "alembic", "uvicorn.access")}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, was in levels.items():
        logging.getLogger(name).setLevel(was)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    out, err = capsys.readouterr()
    assert out == ""
    return [json.loads(line) for line in err.splitlines()]


def configured(settings: Settings, form: str, level: str = "info") -> structlog.stdlib.BoundLogger:
    configure_logging(settings.model_copy(update={"log_format": form, "log_level": level}), "web")
    made: structlog.stdlib.BoundLogger = structlog.get_logger("easel.test")
    return made


@pytest.mark.usefixtures("restored")
def test_a_line_has_its_event_time_process_and_context(settings: Settings, capsys: Any) -> None:
    log = configured(settings, "json")
    with structlog.contextvars.bound_contextvars(request_id="r1"):
        log.info("picture.made", width=64)
        logging.getLogger("some.library").warning("it said %s", "this")
    log.debug("not.wanted")
    first, second = lines(capsys)
    assert first["event"] == "picture.made"
    assert (first["level"], first["process"], first["request_id"], first["width"]) == (
        "info",
        "web",
        "r1",
        64,
    )
    assert first["timestamp"].endswith("Z")
    assert (second["event"], second["logger"], second["request_id"]) == ("it said this", "some.library", "r1")


@pytest.mark.usefixtures("restored")
@pytest.mark.parametrize("form", ["json", "console"])
def test_secrets_are_hidden_at_any_depth(settings: Settings, capsys: Any, form: str) -> None:
    log = configured(settings, form)
    log.info(
        "sign_in",
        password="hunter2",
        access_token="hunter2",
        api_key="hunter2",
        headers={"Authorization": "hunter2", "X-API-Key": "hunter2", "set": {"Cookie": "hunter2"}},
        client_secret="hunter2",
        monkey="shown",
    )
    said = capsys.readouterr().err
    assert "hunter2" not in said
    assert said.count("[hidden]") == 7
    assert "shown" in said


@pytest.mark.usefixtures("restored")
@pytest.mark.parametrize("form", ["json", "console"])
def test_a_traceback_shows_lines_and_no_values(settings: Settings, capsys: Any, form: str) -> None:
    log = configured(settings, form)

    def breaks(password: str) -> None:
        raise ValueError("it broke")

    try:
        breaks("hunter2")
    except ValueError:
        log.exception("it.broke")
    said = capsys.readouterr().err
    assert "ValueError: it broke" in said
    assert "in breaks" in said
    assert "password = " not in said
    assert "hunter2" not in said.replace("\\", "").replace('breaks("hunter2")', "")
