"""What Easel is for, as a person does it: sign up, write a sentence, watch, keep, download, delete."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import lose_session

pytestmark = pytest.mark.browser

_people = itertools.count(1)
PNG = b"\x89PNG\r\n\x1a\n"


def sign_up(page: Page) -> str:
    """A new account, signed in; answers its address."""
    email = f"person-{next(_people)}@example.com"
    page.goto("/")
    page.get_by_role("link", name="Sign up").first.click()
    page.get_by_label("Name").fill("Ada Lovelace")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill("a fine long password")
    page.get_by_role("button", name="Sign up").click()
    expect(page).to_have_url(re.compile("/app/w/personal/generate"))
    return email


def generate(page: Page, prompt: str) -> None:
    page.get_by_label("Prompt", exact=True).fill(prompt)
    page.keyboard.press("Control+Enter")


def test_from_a_sentence_to_a_file_and_to_the_trash(page: Page, tmp_path: Path) -> None:
    sign_up(page)
    generate(page, "a red fox in the snow at dusk")
    picture = page.get_by_role("img", name=re.compile("red fox")).first
    expect(picture).to_be_visible()

    page.get_by_role("link", name="Images").first.click()
    expect(page).to_have_url(re.compile("/app/w/personal/images"))
    tile = page.get_by_role("link", name=re.compile("red fox")).first
    expect(tile).to_be_visible()
    tile.click()
    expect(page).to_have_url(re.compile("/app/w/personal/images/[0-9a-f-]{36}"))
    expect(page.get_by_text("a red fox in the snow at dusk").first).to_be_visible()

    page.get_by_role("button", name="Download").click()
    with page.expect_download() as downloading:
        page.get_by_role("menuitem", name=re.compile("Original")).click()
    file = tmp_path / "fox.png"
    downloading.value.save_as(file)
    assert file.read_bytes().startswith(PNG)
    assert downloading.value.suggested_filename.endswith(".png")

    page.get_by_role("button", name="Delete").click()
    page.goto("/app/images")
    expect(page.get_by_role("link", name=re.compile("red fox"))).to_have_count(0)
    page.goto("/app/trash")
    expect(page.get_by_role("img", name=re.compile("red fox")).first).to_be_visible()


def test_progress_is_seen_in_two_tabs_and_survives_a_reload(page: Page, context: BrowserContext) -> None:
    sign_up(page)
    second = context.new_page()
    second.goto("/app/generate")
    expect(second.get_by_label("Prompt", exact=True)).to_be_visible()
    wanted = {"prompt": "a castle above the clouds", "steps": 50, "size": "2048x2048", "num_images": 4}
    under_way = re.compile("[1-9]")
    page.request.post("/api/images/generate", data=wanted)
    expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", under_way)
    expect(second.get_by_role("progressbar")).to_have_attribute("aria-valuenow", under_way)
    second.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled").first).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_count(0)

    page.request.post("/api/images/generate", data=wanted)
    expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", under_way)
    page.reload()
    expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", under_way)


def test_wrong_input_says_what_to_do(page: Page) -> None:
    email = sign_up(page)
    page.get_by_role("button", name="Generate").click()
    expect(page.get_by_label("Prompt", exact=True)).to_have_attribute("aria-invalid", "true")
    lose_session(page)
    page.goto("/app/images")
    expect(page).to_have_url(re.compile("/app/log-in"))
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_contain_text("wrong")
    page.get_by_label("Password", exact=True).fill("a fine long password")
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(re.compile("/app/w/personal/images"))
