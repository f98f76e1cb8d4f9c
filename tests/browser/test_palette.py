"""Commands by their names: from a picture to what is made of it, to pages and to what words find, by keys alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

WAIT = {"Prefer": "wait=60"}
LONG = 60_000


def test_everything_is_reached_by_its_name(page: Page) -> None:
    person = {"email": "palette-ada@example.com", "password": "a fine long password", "name": "Ada"}
    assert page.request.post("/api/auth/register", data=person).ok
    for prompt in ("a red fox in the snow", "a blue whale at sea"):
        wanted = {"prompt": prompt, "size": "256x128", "steps": 2}
        assert page.request.post("/api/images/generate", data=wanted, headers=WAIT).status == 200
    project = page.request.post("/api/projects", data={"name": "Foxes of the north"})
    assert project.status == 201

    page.goto("/app/images")
    pictures = page.get_by_role("list", name="Pictures")
    fox = pictures.get_by_role("link", name=re.compile("red fox"))
    field = page.get_by_role("combobox", name="Search and commands")
    options = page.get_by_role("option")

    # Two keys: what can be done with the picture that has the focus comes first, another one like it before all.
    fox.focus()
    page.keyboard.press("Control+k")
    expect(field).to_be_focused(timeout=LONG)
    expect(options.first).to_have_text(re.compile("Vary"))
    expect(options.first).to_have_attribute("data-highlighted", "")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Vary: it is being made")).to_be_visible()
    expect(fox.last).to_be_focused()  # The new one comes before it.
    expect(pictures.get_by_role("listitem")).to_have_count(3, timeout=LONG)

    # What words find.
    page.keyboard.press("Control+k")
    field.fill("foxes of the no")
    found = page.get_by_role("option", name=re.compile("Foxes of the north"))
    expect(found).to_be_visible()
    field.fill("wha")
    expect(page.get_by_role("option", name=re.compile("a blue whale at sea"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(field).to_have_count(0)

    # What is chosen is meant before what has the focus.
    pictures.get_by_role("link").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("group", name="With 2 pictures")).to_be_visible()
    field.fill("trash")
    page.get_by_role("option", name=re.compile("Move to the trash")).click()
    expect(pictures.get_by_role("listitem")).to_have_count(1)

    # Pages, and again what was lately used.
    page.get_by_role("button", name="Search and commands").click()
    field.fill("proj")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/projects$"))
    page.keyboard.press("Control+k")
    expect(page.get_by_role("group", name="Lately used").get_by_role("option").first).to_have_text(
        re.compile("Projects")
    )
    field.fill("dark")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
