"""Signing in at a provider as a person does it: there by a button, back signed in, linked and unlinked."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import RunningStudio, lose_session, studio_of_its_own
from tests.servers.oidc import ADA, IdProvider, environment, serving_provider

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def provider() -> Iterator[IdProvider]:
    with serving_provider() as provider:
        provider.asks = True
        yield provider


@pytest.fixture(scope="module")
def running_studio(provider: IdProvider) -> Iterator[RunningStudio]:
    """A studio of this module's own, with the provider in its settings."""
    with studio_of_its_own(**environment(provider)) as studio:
        yield studio


def test_there_and_back_again(context: BrowserContext, page: Page, provider: IdProvider) -> None:
    page.goto("/app/images")
    page.get_by_role("link", name="Continue with House account").click()
    expect(page.get_by_role("heading", name="The provider")).to_be_visible()
    page.get_by_role("link", name="It is me").click()
    expect(page).to_have_url(re.compile("/images$"))
    expect(page.get_by_role("button", name="Account of Ada Lovelace")).to_be_visible()

    page.goto("/app/settings")
    methods = page.get_by_role("region", name="Sign-in methods")
    expect(methods.get_by_text("your only way in")).to_be_visible()
    methods.get_by_role("button", name="Link GitHub").click()
    page.get_by_role("link", name="It is me").click()
    expect(methods.get_by_text("GitHub is linked to your account.")).to_be_visible()
    methods.get_by_role("button", name="Unlink House account").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Unlink").click()
    expect(methods.get_by_role("button", name="Link House account")).to_be_visible()

    lose_session(page)
    provider.person = ADA | {"email_verified": False}
    page.goto("/app/log-in")
    page.get_by_role("link", name="Continue with House account").click()
    page.get_by_role("link", name="It is me").click()
    expect(page.get_by_role("alert")).to_contain_text("has not verified your e-mail address")
