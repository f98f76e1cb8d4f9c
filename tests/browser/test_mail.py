"""Mail as a person lives it: an address is confirmed, a forgotten password comes back, by links in real mails."""

from __future__ import annotations

import queue
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import lose_session, studio_of_its_own
from tests.servers.smtp import Delivered

pytestmark = pytest.mark.browser

OLD, NEW = "a fine long password", "an even finer password"
EMAIL = "forgetful@example.com"


class Mailbox:
    """What a mail server in a thread of its own was given, in order."""

    def __init__(self) -> None:
        self.mails: queue.Queue[Delivered] = queue.Queue()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.mails.put(
            Delivered(envelope.mail_from or "", envelope.rcpt_tos, envelope.content, encrypted=False)
        )
        return "250 Taken"

    def link(self, subject: str) -> str:
        """The link in the next mail with these words in its subject."""
        while True:
            mail = self.mails.get(timeout=60)
            if subject in str(mail.message["Subject"]):
                found = re.search(r"http\S+token=\S+", mail.part("plain"))
                assert found
                return found.group()


@contextmanager
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()


def test_links_in_mails_confirm_an_address_and_bring_back_a_forgotten_password(chromium: Browser) -> None:
    with (
        mailbox() as (box, port),
        studio_of_its_own(EASEL_SMTP_URL=f"smtp://127.0.0.1:{port}", EASEL_PUBLIC_URL="{url}") as studio,
    ):
        context = chromium.new_context(base_url=studio.url, reduced_motion="reduce")
        context.set_default_timeout(20_000)
        page = context.new_page()
        sign_up(page)
        banner = page.get_by_role("region", name="Your address is not confirmed")
        expect(banner).to_contain_text(EMAIL)
        page.goto(box.link("Confirm your"))
        expect(page.get_by_role("heading", name="Address confirmed")).to_be_visible()
        page.get_by_role("link", name="Go to the studio").click()
        expect(page.get_by_label("Prompt", exact=True)).to_be_visible()
        expect(banner).to_have_count(0)

        lose_session(page)
        page.goto("/app/log-in")
        page.get_by_role("link", name="Forgot it?").click()
        expect(page.get_by_role("heading", name="Forgot your password?")).to_be_visible()
        page.get_by_label("E-mail").fill(EMAIL)
        page.get_by_role("button", name="Mail me the link").click()
        expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
        link = box.link("Choose a new")
        choose(page, link, NEW)
        expect(page.get_by_role("heading", name="Password changed")).to_be_visible()
        page.get_by_role("link", name="Log in").click()
        page.get_by_label("E-mail").fill(EMAIL)
        page.get_by_label("Password", exact=True).fill(NEW)
        page.get_by_role("button", name="Log in", exact=True).click()
        expect(page).to_have_url(re.compile("/generate$"))

        page.get_by_role("button", name="Account of Ada").click()
        page.get_by_role("menuitem", name="Outbox").click()
        mails = page.get_by_role("list", name="Mails").get_by_role("listitem")
        expect(mails.filter(has_text="Choose a new password").first).to_contain_text("Sent")
        choose(page, link, OLD)
        expect(page.get_by_role("alert")).to_contain_text("not good any more")
        context.close()


def sign_up(page: Page) -> None:
    page.goto("/app/sign-up")
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(OLD)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_text("We sent a mail").first).to_be_visible()


def choose(page: Page, link: str, password: str) -> None:
    page.goto(link)
    page.get_by_label("New password").fill(password)
    page.get_by_role("button", name="Change password").click()
