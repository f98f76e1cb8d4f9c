"""Credits as a person sees them: the price before, the balance after, and where they went."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, RunningStudio, studio_of_its_own

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def running_studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStudio]:
    """A studio in which pictures cost credits, with a painter whose pictures have a price, as a package."""
    package = tmp_path_factory.mktemp("priced")
    facts = package / "priced-1.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: priced\nVersion: 1\n")
    (facts / "entry_points.txt").write_text("[easel.providers]\npainter = priced_painter:make\n")
    (package / "priced_painter.py").write_text(
        "def make(settings):\n"
        "    from tests.features.credits.purse import PricedPainter\n"
        "    return PricedPainter()\n"
    )
    path = os.pathsep.join([str(package), str(ROOT), os.environ.get("PYTHONPATH", "")])
    with studio_of_its_own(
        PYTHONPATH=path,
        EASEL_BILLING="on",
        EASEL_GRANT_CREDITS="3.5",
        EASEL_DEFAULT_MODEL="painter/fast",
    ) as studio:
        yield studio


def test_what_is_shown_is_charged_and_stands_in_the_usage(page: Page) -> None:
    made = page.request.post(
        "/api/auth/register",
        data={"email": "ada@example.com", "password": "a fine long password", "name": "Ada"},
    )
    assert made.ok
    page.goto("/app/generate")
    balance = page.get_by_title("Usage and credits")
    expect(balance).to_have_accessible_name("3.5 credits")
    page.get_by_label("Prompt", exact=True).fill("a red fox")
    page.get_by_role("radio", name="4", exact=True).check(force=True)
    expect(page.get_by_text("That is more than the 3.5 credits you have.")).to_be_visible()
    page.get_by_role("button", name="Generate 4 pictures").click()
    expect(page.get_by_text("This takes 4 credits; 3.5 credits can be spent.")).to_be_visible()

    page.get_by_role("radio", name="2", exact=True).check(force=True)
    expect(page.get_by_role("paragraph").filter(has_text="2 credits · 1 credit a picture.")).to_be_visible()
    page.get_by_role("button", name="Generate 2 pictures").click()
    expect(balance).to_have_accessible_name("1.5 credits")

    balance.click()
    expect(page).to_have_url(re.compile("/usage$"))
    history = page.get_by_role("region", name="Credits in and out")
    expect(history.get_by_text("Charged 2")).to_be_visible()
    expect(history.get_by_text("As reserved")).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("Credits by day"))).to_be_visible()
    page.get_by_role("radiogroup", name="Show by").get_by_text("Models").click()
    expect(page).to_have_url(re.compile("by=model"))
    expect(
        page.get_by_role("region", name="Usage as a table").get_by_role("rowheader", name="Fast")
    ).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    assert "Fast" in download.value.path().read_text()

    page.get_by_label("Credits in a month").fill("2")
    page.get_by_role("button", name="Save limit").click()
    expect(page.get_by_text("2 credits of 2 credits spent")).to_be_visible()
