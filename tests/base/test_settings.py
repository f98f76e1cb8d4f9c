"""Settings: every variable, what it refuses, and that a refusal says its name and nothing secret."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import PydanticUndefined

from easel.base.settings import BadSettings, Settings, load

BAD = {
    "EASEL_ENVIRONMENT": "staging",
    "EASEL_LOG_LEVEL": "loud",
    "EASEL_LOG_FORMAT": "xml",
    "EASEL_PORT": "0",
    "EASEL_PUBLIC_URL": "studio.example.com",
    "EASEL_MAX_BODY_BYTES": "999",
    "EASEL_TRUSTED_PROXIES": "10.0.0.1/8",
    "EASEL_PROXY_HEADER": "x-real-ip",
    "EASEL_CORS_ORIGINS": "*,https://studio.example.com",
    "EASEL_LIMITS_URL": "memcached://localhost",
    "EASEL_LIMIT_SIGN_IN": "0",
    "EASEL_LIMIT_USER": "many",
    "EASEL_LIMIT_ANONYMOUS": "-1",
    "EASEL_LIMIT_FREE_TRIES": "0",
    "EASEL_AUDIT_DAYS": "0",
    "DATABASE_URL": "mysql://localhost/easel",
    "EASEL_DATABASE_POOL": "0",
    "STORAGE_URL": "ftp://somewhere",
    "EASEL_SECRET": "too-short-to-be-one",
    "EASEL_PREVIOUS_SECRETS": "8f14e45fceea167a5a36dedd4bea2543c9f0f895fb98ab91,too-short",
    "EASEL_ACCESS_TOKEN_MINUTES": "soon",
    "EASEL_SESSION_IDLE_DAYS": "0",
    "EASEL_SESSION_MAX_DAYS": "-1",
    "EASEL_REGISTRATION": "perhaps",
    "EASEL_REQUIRE_VERIFIED_EMAIL": "sometimes",
    "EASEL_HANDLE_ORIGINS": "https://app.example.com,app.example.org",
    "EASEL_SMTP_URL": "http://user:hunter2@mail.example.com",
    "EASEL_MAIL_FROM": "Easel <a@b.example>\r\nBcc: eve@evil.example",
    "EASEL_TRASH_DAYS": "-1",
    "EASEL_QUOTA_BYTES": "-1",
    "EASEL_MAX_PICTURE_BYTES": "1",
    "EASEL_MAX_UPLOAD_FILES": "0",
    "EASEL_UPLOAD_HOURS": "0",
    "EASEL_FAL_URL": "fal",
    "EASEL_OPENAI_SERVERS": "one",
    "OPENAI_BASE_URL": "openai",
    "STABILITY_BASE_URL": "stability",
    "REPLICATE_BASE_URL": "replicate",
    "GEMINI_BASE_URL": "google",
    "COMFYUI_URL": "comfyui",
    "A1111_URL": "a1111",
    "EASEL_LOCAL_HUB_MODELS": "no-owner",
    "EASEL_LOCAL_DEVICE": "gpu",
    "EASEL_LOCAL_MEMORY_GB": "0",
    "EASEL_GOOGLE_CLIENT_ID": "two words",
    "EASEL_GOOGLE_CLIENT_SECRET": "hush hush",
    "EASEL_GITHUB_CLIENT_ID": "two words",
    "EASEL_GITHUB_CLIENT_SECRET": "hush hush",
    "EASEL_GITHUB_URL": "http://github.example.com",
    "EASEL_OIDC_ISSUER": "id.example.com",
    "EASEL_OIDC_CLIENT_ID": "two words",
    "EASEL_OIDC_CLIENT_SECRET": "hush hush",
    "EASEL_OIDC_NAME": "x" * 41,
    "EASEL_OIDC_TRUST_EMAIL": "perhaps",
    "EASEL_JWT_ISSUER": "https://id.example.com/?realm=1",
    "EASEL_JWT_AUDIENCE": "two words",
    "EASEL_JWT_JWKS_URL": "file:///keys",
    "EASEL_SIGN_IN_ONLY": "password",
    "EASEL_WORKER_GENERATIONS": "0",
    "EASEL_WORKER_MEDIA": "65",
    "EASEL_WORKER_CPU": "many",
    "EASEL_CALL_SECONDS": "0",
    "EASEL_WORKER_GRACE_SECONDS": "nan",
    "EASEL_DELETE_GRACE_DAYS": "-1",
    "EASEL_MAX_IMPORT_BYTES": "0",
    "EASEL_SEATS": "fal=none",
    "EASEL_USER_SEATS": "0",
    "EASEL_BILLING": "sometimes",
    "EASEL_GRANT_CREDITS": "NaN",
    "EASEL_GRANT_DAYS": "-1",
    "EASEL_MAX_UPLOAD_BYTES": "999",
    "EASEL_DECODERS": "0",
    "EASEL_DECODER_MEMORY_MB": "63",
    "EASEL_DECODER_SECONDS": "0",
    "EASEL_CLAMAV_URL": "clamd://localhost",
    "EASEL_CLAMAV_AWAY": "shrug",
    "EASEL_METRICS_TOKEN": "short",
    "EASEL_METRICS_FROM": "10.0.0.1/8",
    "EASEL_METRICS_PORT": "0",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318",
    "OTEL_EXPORTER_OTLP_HEADERS": "Bearer hush",
    "EASEL_TRACE_SHARE": "1.5",
}
ANYTHING_GOES = {
    "EASEL_LOCAL_MODELS",
    "EASEL_METRICS_HOST",
    "EASEL_DATA",
    "EASEL_DEFAULT_MODEL",
    "EASEL_HOST",
    "EASEL_STUDIO",
}


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith("EASEL_") or name in ("DATABASE_URL", "STORAGE_URL") or name.startswith("OTEL_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def fields(section: Any = Settings) -> dict[str, Any]:
    found = {}
    for field in section.model_fields.values():
        if field.alias:
            found[field.alias] = field
        else:
            found |= fields(field.annotation)
    return found


def test_every_variable_is_described_and_known_here() -> None:
    assert set(fields()) == set(BAD) | ANYTHING_GOES
    for name, field in fields().items():
        assert field.description, name
        assert field.default is not PydanticUndefined or field.default_factory, name


@pytest.mark.parametrize("name", BAD)
def test_a_bad_value_stops_with_its_name(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, BAD[name])
    with pytest.raises(BadSettings) as caught:
        load()
    assert name in caught.value.detail
    if name in ("EASEL_SECRET", "EASEL_PREVIOUS_SECRETS", "DATABASE_URL", "OTEL_EXPORTER_OTLP_HEADERS"):
        assert BAD[name] not in caught.value.detail


def test_all_bad_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in BAD.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings) as caught:
        load()
    for name in BAD:
        assert f"{name}: " in caught.value.detail


def test_an_empty_value_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = load()
    for name in fields():
        monkeypatch.setenv(name, "")
    assert load() == expected


def test_variables_of_others_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = load()
    others = ("HOST", "PORT", "URL", "SECRET", "DATA", "STUDIO", "ENVIRONMENT", "MEDIA", "CPU", "GENERATIONS")
    for name in (*others, "WEB", "DATABASE", "STORAGE", "SECURITY", "WORKER", "LOG_LEVEL", "REGISTRATION"):
        monkeypatch.setenv(name, "not ours")
    assert load() == expected


def test_a_file_fills_in_what_the_environment_leaves_open(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("EASEL_PORT=9001\nEASEL_HOST=0.0.0.0\nEASEL_WORKER_CPU=3\nOTHER=1\n")
    monkeypatch.setenv("EASEL_PORT", "9002")
    settings = load()
    assert (settings.web.port, settings.web.host, settings.worker.cpu) == (9002, "0.0.0.0", 3)
    Path("other.env").write_text("EASEL_PORT=9003\n")
    monkeypatch.delenv("EASEL_PORT")
    monkeypatch.setenv("EASEL_CONFIG", "other.env")
    assert load().web.port == 9003
    monkeypatch.setenv("EASEL_CONFIG", "missing.env")
    with pytest.raises(BadSettings, match=r"EASEL_CONFIG.*missing\.env"):
        load()


@pytest.mark.parametrize(
    ("given", "origin"),
    [("https://studio.example.com/", "https://studio.example.com"), ("http://host:81", "http://host:81")],
)
def test_the_public_address_is_an_origin(monkeypatch: pytest.MonkeyPatch, given: str, origin: str) -> None:
    monkeypatch.setenv("EASEL_PUBLIC_URL", given)
    assert load().web.public_url == origin
    for bad in (
        f"{given.rstrip('/')}/studio",
        f"{given.rstrip('/')}/?a=b",
        "javascript:alert(1)",
        "http://[",
    ):
        monkeypatch.setenv("EASEL_PUBLIC_URL", bad)
        with pytest.raises(BadSettings, match="EASEL_PUBLIC_URL"):
            load()


def test_production_refuses_a_placeholder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EASEL_ENVIRONMENT", "production")
    for made_up in (
        "x" * 40,
        "change-me-change-me-change-me-change-me",
        "your-secret-here-0123456789abcdefgh",
    ):
        monkeypatch.setenv("EASEL_SECRET", made_up)
        with pytest.raises(BadSettings, match="EASEL_SECRET: looks like a placeholder") as caught:
            load()
        assert made_up not in caught.value.detail
    monkeypatch.setenv("EASEL_SECRET", "8f14e45fceea167a5a36dedd4bea2543c9f0f895fb98ab91")
    assert load().environment == "production"


PROVIDERS = {
    "EASEL_GOOGLE_CLIENT_ID": "google",
    "EASEL_GOOGLE_CLIENT_SECRET": "g-hush",
    "EASEL_GITHUB_CLIENT_ID": "github",
    "EASEL_GITHUB_CLIENT_SECRET": "h-hush",
    "EASEL_OIDC_ISSUER": "https://id.example.com/realms/house",
    "EASEL_OIDC_CLIENT_ID": "easel",
    "EASEL_OIDC_CLIENT_SECRET": "o-hush",
    "EASEL_JWT_ISSUER": "https://id.example.com/realms/house",
    "EASEL_JWT_AUDIENCE": "easel",
}


@pytest.mark.parametrize("missing", PROVIDERS)
def test_a_provider_is_set_as_a_whole(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    for name, value in PROVIDERS.items():
        monkeypatch.setenv(name, value)
    found = load()
    assert "hush" not in repr(found) + found.model_dump_json()
    monkeypatch.delenv(missing)
    with pytest.raises(BadSettings, match=f"{missing}: must be set with EASEL_"):
        load()


def test_the_only_door_is_one_that_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EASEL_SIGN_IN_ONLY", "external")
    with pytest.raises(BadSettings, match="EASEL_SIGN_IN_ONLY"):
        load()
    monkeypatch.setenv("EASEL_JWT_ISSUER", "http://127.0.0.1:9000")
    monkeypatch.setenv("EASEL_JWT_AUDIENCE", "easel")
    assert not load().sign_in.passwords


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EASEL_SECRET", "8f14e45fceea167a5a36dedd4bea2543c9f0f895fb98ab91")
    monkeypatch.setenv("DATABASE_URL", "postgresql://ada:hunter2@db.example.com/easel")
    settings = load()
    for shown in (repr(settings), str(settings), repr(settings.model_dump()), settings.model_dump_json()):
        assert "8f14e45f" not in shown
        assert "hunter2" not in shown


def test_files_lie_in_the_data_folder_unless_said_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EASEL_DATA", "~/studio data")
    assert load().data == Path.home() / "studio data"
    assert load().storage_url == (Path.home() / "studio data" / "files").as_uri()
    monkeypatch.setenv("STORAGE_URL", "memory://")
    assert load().storage_url == "memory://"
