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


IN_WORDS = {
    "header": "GET / with Authorization: Bearer {secret} failed",
    "scheme": "sent 'bearer {secret}'",
    "cookie": "Cookie: easel_session={secret}; theme=dark",
    "query": "GET https://api.example.com/v1?size=1&api_key={secret}&n=2",
    "user in an address": "cannot reach postgresql://easel:{secret}@db.example.com/easel",
    "password in redis": "redis://:{secret}@cache:6379/0 refused",
    "json": '{{"refresh_token": "{secret}", "n": 1}}',
    "python": "{{'new_password': '{secret}'}}",
    "keyword": "login(email='a@example.com', password='{secret}')",
    "setting": "EASEL_SECRET={secret} is too short",
}


@pytest.mark.usefixtures("restored")
@pytest.mark.parametrize("form", ["json", "console"])
@pytest.mark.parametrize("sentence", IN_WORDS.values(), ids=IN_WORDS)
def test_secrets_in_the_middle_of_words_are_hidden(
    settings: Settings, capsys: Any, form: str, sentence: str
) -> None:
    secret = "Zq7-kT0_vXb2LmN9sW4e"
    text = sentence.format(secret=secret)
    log = configured(settings, form)
    log.info(text)
    log.info("happened", reason=text, all=[text, {"deep": (text,)}])
    logging.getLogger("a.library").warning("it said %s", text)
    try:
        raise ValueError(text)
    except ValueError:
        log.exception("it.broke")
    said = capsys.readouterr().err
    assert secret not in said
    assert said.count("[hidden]") >= 5
    if form == "json":
        assert len([json.loads(line) for line in said.splitlines()]) == 4


@pytest.mark.usefixtures("restored")
@pytest.mark.parametrize(
    "secret",
    [
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "sk-proj-abcdefghijklmnop1234",
        "r8_0123456789abcdef01",
    ],
)
def test_what_looks_like_a_token_is_hidden_anywhere(settings: Settings, capsys: Any, secret: str) -> None:
    configured(settings, "json").info("happened", words=f"got {secret} back")
    assert secret not in capsys.readouterr().err


@pytest.mark.usefixtures("restored")
def test_ordinary_words_are_left_alone(settings: Settings, capsys: Any) -> None:
    log = configured(settings, "json")
    log.info(
        "http.error",
        code="not_found",
        detail="The token is missing. Take a key: any will do.",
        path="/api/images",
    )
    (line,) = lines(capsys)
    assert line["code"] == "not_found"
    assert line["detail"].startswith("The token is missing. Take a key")
    assert line["path"] == "/api/images"
