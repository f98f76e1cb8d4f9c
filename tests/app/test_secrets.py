"""The studio's secret as an operator handles it: made once, rotated while processes run, taken up again."""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg
import pytest

from easel.app.open import open_studio
from easel.app.secret_file import SecretFile, ensure_secret
from easel.base.crypto import seal, seal_prefix, unseal
from easel.base.db import conninfo
from easel.base.settings import BadSettings, Settings, load
from easel.core.actor import Actor
from easel.features.accounts.models import User
from easel.features.connections.models import PURPOSE, ProviderKey


def easel(*words: str, database_url: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("EASEL_")}
    environment |= {"DATABASE_URL": database_url, "STORAGE_URL": "memory://", **variables}
    command = (sys.executable, "-m", "easel", *words)
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100)


async def add_key(settings: Settings, database_url: str) -> None:
    """A stored key `pk-1`, sealed with the secret of `settings`."""
    async with (
        open_studio(settings, database_url) as studio,
        studio.work(Actor.system()) as work,
    ):
        user = User(email="ada@example.com", name="Ada")
        work.session.add(user)
        await work.session.flush()
        sealed = seal(studio.secret, b"pk-1", PURPOSE)
        work.session.add(ProviderKey(user_id=user.id, provider="a", sealed_key=sealed, last_four="pk-1"))


def stored(database_url: str) -> bytes:
    with psycopg.connect(conninfo(database_url)) as connection:
        row = connection.execute("SELECT sealed_key FROM provider_keys").fetchone()
    assert row is not None
    return bytes(row[0])


@pytest.fixture
def own(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("EASEL_DEFAULT_MODEL", "sketch/sketch-1")
    return load()


def test_the_file_is_its_owners_and_stays(own: Settings) -> None:
    first = ensure_secret(own).current
    path = own.data / "secret"
    assert path.stat().st_mode & 0o777 == 0o600
    assert ensure_secret(own).current == first == path.read_text().strip()
    path.write_text("short\n")
    with pytest.raises(BadSettings, match="at least 32 characters"):
        ensure_secret(own)


@pytest.mark.anyio
async def test_rotating_while_a_process_runs(own: Settings, database_url: str) -> None:
    await add_key(own, database_url)
    running = ensure_secret(own)
    old = running.current
    for _ in range(2):
        before = running.current
        done = easel("secrets", "rotate", database_url=database_url, EASEL_DATA=str(own.data))
        assert done.returncode == 0, done.stderr
        assert "provider_keys.sealed_key: 1 sealed anew" in done.stdout
        assert running.current != before
        assert running.known == SecretFile(own.data).read()
        assert before not in running.known
        assert unseal(running, stored(database_url), PURPOSE) == b"pk-1"
    assert running.current not in done.stdout + done.stderr
    assert (own.data / "secret").stat().st_mode & 0o777 == 0o600
    assert not stored(database_url).startswith(seal_prefix(old))


@pytest.mark.anyio
async def test_a_rotation_that_was_cut_off_goes_on(own: Settings, database_url: str) -> None:
    await add_key(own, database_url)
    (old,) = SecretFile(own.data).read()
    SecretFile(own.data).replace("n" * 40, old)
    assert unseal(ensure_secret(own), stored(database_url), PURPOSE) == b"pk-1"
    done = easel("secrets", "rotate", database_url=database_url, EASEL_DATA=str(own.data))
    assert done.returncode == 0, done.stderr
    assert SecretFile(own.data).read() == ("n" * 40,)
    assert unseal("n" * 40, stored(database_url), PURPOSE) == b"pk-1"


@pytest.mark.anyio
async def test_rotating_secrets_of_the_environment(own: Settings, database_url: str) -> None:
    await add_key(own, database_url)
    (old,) = SecretFile(own.data).read()
    new = "5d41402abc4b2a76b9719d911017c592ae2f"
    variables = {"EASEL_DATA": str(own.data), "EASEL_SECRET": new}
    refused = easel("secrets", "rotate", database_url=database_url, **variables)
    assert refused.returncode == 1
    assert "1 in provider_keys.sealed_key" in refused.stderr
    assert "EASEL_PREVIOUS_SECRETS" in refused.stderr

    done = easel("secrets", "rotate", database_url=database_url, EASEL_PREVIOUS_SECRETS=old, **variables)
    assert done.returncode == 0, done.stderr
    assert unseal(new, stored(database_url), PURPOSE) == b"pk-1"
    again = easel("secrets", "rotate", database_url=database_url, **variables)
    assert again.returncode == 0, again.stderr
    assert "sealed anew" not in again.stdout
