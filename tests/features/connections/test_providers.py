"""What stands outside of Easel: what each provider needs, the test that costs nothing, and models without a key."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

import pytest
from pydantic import SecretStr

from easel.core.work import Studio
from easel.features.connections import service
from easel.providers import errors
from easel.providers.base import Secret
from easel.providers.comfyui import ComfyUI
from easel.providers.registry import Providers
from tests.plugins.painter import Painter
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server, serving

pytestmark = pytest.mark.anyio

PATH = "/api/settings/providers"
KEYS = "/api/settings/provider-keys"
KEY = "pk-live-51fe6a0b9c2d4711"


class PaidPainter(Painter):
    """A painter that wants a key, and tells of it when it is asked."""

    secrets: ClassVar[tuple[Secret, ...]] = (Secret("key", "PAINTER_KEY"),)

    def __init__(self) -> None:
        super().__init__()
        self.asleep = False

    async def check(self, secrets: Mapping[str, str]) -> str:
        if self.asleep:
            await asyncio.Event().wait()
        if secrets.get("key") != KEY:
            raise errors.NotConfigured("The painter does not know this key.")
        return "The painter knows this key."


@pytest.fixture
def painter() -> Painter:
    return PaidPainter()


async def test_a_key_is_tested_by_a_call_that_costs_nothing(server: Server, painter: PaidPainter) -> None:
    ada = await server.member()
    (before,) = (await ada.get(PATH)).json()["items"]
    assert (before["provider"], before["ready"], before["checkable"]) == ("painter", False, True)
    assert (before["setting"], before["key"]["environment_variable"]) == (None, "PAINTER_KEY")

    async def checked() -> tuple[bool, str | None, str]:
        answer = await ada.post(f"{PATH}/painter/check")
        assert answer.status_code == 200, answer.text
        assert KEY not in answer.text
        said = answer.json()
        return said["ok"], said["code"], said["message"]

    assert await checked() == (False, "not_configured", "The painter does not know this key.")
    await ada.put(KEYS, json={"provider": "painter", "key": KEY})
    (after,) = (await ada.get(PATH)).json()["items"]
    assert (after["ready"], after["key"]["last_four"]) == (True, "4711")
    assert await checked() == (True, None, "The painter knows this key.")
    # With nobody else's key.
    bob = await server.member("bob@example.com")
    assert (await bob.post(f"{PATH}/painter/check")).json()["ok"] is False
    assert painter.calls.total() == 0


async def test_one_that_never_answers_and_those_that_cannot_be_asked(
    server: Server, painter: PaidPainter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "_CHECK_SECONDS", 0.2)
    painter.asleep = True
    ada = await server.member()
    said = (await ada.post(f"{PATH}/painter/check")).json()
    assert (said["ok"], said["code"]) == (False, "timeout")
    problem_of(await ada.post(f"{PATH}/nobody/check"), 404, "provider_not_found")
    problem_of(await server.client().post(f"{PATH}/painter/check"), 401, "not_signed_in")


async def test_a_model_without_a_key_says_where_to_enter_it(server: Server, painter: PaidPainter) -> None:
    ada = await server.member()
    model = (await ada.get("/api/models/painter/fast")).json()
    assert (model["available"], model["needs_key"]) == (False, True)
    assert "PAINTER_KEY" in model["unavailable_reason"]
    for path in ("/api/images/generate", "/api/generate/estimate"):
        answer = await ada.post(path, json={"prompt": "a fox"})
        problem = problem_of(answer, 409, "provider_key_missing")
        assert "PAINTER_KEY" in problem.detail
        assert answer.json()["settings_url"] == "/app/settings?tab=providers#painter"
    many = await ada.post("/api/generate/batch", json={"requests": [{"prompt": "a fox"}]})
    assert problem_of(many, 422, "invalid_input").errors[0].field == "requests.0.model"
    await ada.put(KEYS, json={"provider": "painter", "key": KEY})
    model = (await ada.get("/api/models/painter/fast")).json()
    assert (model["available"], model["needs_key"]) == (True, False)
    assert (await ada.post("/api/images/generate", json={"prompt": "a fox"})).status_code == 202


async def test_servers_of_ones_own_are_named_by_their_setting(studio: Studio) -> None:
    away = ComfyUI(SecretStr("http://ada:hush@127.0.0.1:9"))
    for number, (comfyui, ready, words) in enumerate(
        ((ComfyUI(), False, "Set COMFYUI_URL"), (away, True, "cannot be reached"))
    ):
        # The plain painter needs nothing, and is not listed.
        with_server = replace(studio, providers=Providers([Painter(), comfyui]))
        async with serving(studio.settings, with_server) as server:
            member = await server.member(f"member{number}@example.com")
            (item,) = (await member.get(PATH)).json()["items"]
            assert (item["ready"], item["checkable"], item["key"]) == (ready, True, None)
            assert item["setting"] == "COMFYUI_URL"
            said = await member.post(f"{PATH}/comfyui/check")
            assert said.json()["ok"] is False
            assert words in said.json()["message"]
            assert "hush" not in said.text
    await away.close()
