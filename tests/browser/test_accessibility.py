"""The pages under axe (WCAG 2.1 AA), in both themes, on a phone and on a desk; and nothing overflows sideways."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import RunningStudio

pytestmark = pytest.mark.browser

PUBLIC = ("/", "/app/log-in", "/app/sign-up")
STUDIO = (
    *("/app/generate", "/app/images", "/app/history", "/app/usage", "/app/trash"),
    *("/app/settings", "/app/settings?tab=security", "/app/settings?tab=devices"),
)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1440])
def test_no_violations(chromium: Browser, running_studio: RunningStudio, scheme: str, width: int) -> None:
    context = chromium.new_context(
        base_url=running_studio.url,
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    account = {"email": f"axe-{scheme}-{width}@example.com", "password": "a fine long password"}
    found = []
    for path in PUBLIC:
        found += violations(context.new_page(), path)
    made = context.request.post("/api/auth/register", data={**account, "name": "Axe"})
    assert made.ok
    context.request.post(
        "/api/images/generate",
        data={"prompt": "a sailboat at sunset", "size": "512x512"},
        headers={"Prefer": "wait=20"},
    )
    team = context.request.post("/api/teams", data={"name": "Posters"}).json()
    invited = context.request.post(
        f"/api/teams/{team['id']}/invitations", data={"email": "someone@example.com", "level": "edit"}
    ).json()
    token = invited["link"].partition("?")[2]
    for path in (*STUDIO, f"/app/w/{team['id']}/team", f"/app/join?{token}"):
        found += violations(context.new_page(), path)
    context.close()
    assert not found, "\n".join(found)


def violations(page: Page, path: str) -> list[str]:
    page.goto(path)
    expect(page.get_by_role("main")).to_be_visible()
    page.wait_for_timeout(700)
    page_width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    wide = [f"{path}: {page_width[0]} px wide in {page_width[1]}"] if page_width[0] > page_width[1] else []
    result = Axe().run(page, options=RULES)
    page.close()
    return wide + [
        f"{path}: {item['id']}: {item['help']}: {item['nodes'][0]['html'][:200]}"
        for item in result.response["violations"]
    ]
