"""A page of another origin cannot act in the name of someone who is logged in: a real browser tries."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import RunningStudio

pytestmark = pytest.mark.browser

FETCH = (
    "([url, options]) => fetch(url, {credentials: 'include', ...options}).then(() => 'read', () => 'refused')"
)


@pytest.fixture
def foreign_page(running_studio: RunningStudio) -> Iterator[str]:
    """The address of a page on another port of loopback, the same site even, with a form that logs out."""
    page = (
        f'<form method="post" action="{running_studio.url}/api/auth/logout" target="answer"></form>'
        '<iframe name="answer"></iframe>'
    ).encode()

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_neither_form_nor_script_of_another_origin_changes_anything(
    context: BrowserContext, running_studio: RunningStudio, foreign_page: str, host: str
) -> None:
    sent = {"email": f"csrf-{host}@example.com", "password": "a good long password", "name": "Ada"}
    assert context.request.post("/api/auth/register", data=sent).status == 201
    before = state(context)
    page = context.new_page()
    page.goto(foreign_page.replace("127.0.0.1", host))

    with page.expect_response("**/api/auth/logout") as answered:
        page.evaluate("document.forms[0].submit()")
    assert answered.value.status == 403

    # What needs no preflight reaches the studio, and its answer is kept from the script.
    for path, body in (
        ("/api/auth/logout", None),
        ("/api/images/generate", '{"prompt": "a picture that nobody wanted"}'),
    ):
        with page.expect_event(
            "requestfailed", lambda request, path=path: request.url.endswith(path)
        ) as failed:
            assert (
                fetch(page, running_studio.url + path, method="POST", mode="no-cors", body=body) == "refused"
            )
        assert "ERR_BLOCKED_BY_RESPONSE" in (failed.value.failure or "")
    # What needs one is not even sent, and what may be asked for cannot be read.
    changed = {"method": "PUT", "headers": {"Content-Type": "application/json"}, "body": '{"name": "Eve"}'}
    assert fetch(page, f"{running_studio.url}/api/auth/profile", **changed) == "refused"
    assert fetch(page, f"{running_studio.url}/api/auth/me") == "refused"

    assert state(context) == before


def fetch(page: Page, url: str, **options: Any) -> str:
    """What a script on the page gets to know of an answer."""
    return str(page.evaluate(FETCH, [url, {name: value for name, value in options.items() if value}]))


def state(context: BrowserContext) -> list[Any]:
    """What the studio says of the person who is logged in, and of what they made."""
    answers = [context.request.get(path) for path in ("/api/auth/me", "/api/generate/history")]
    assert [answer.status for answer in answers] == [200, 200]
    return [answer.json() for answer in answers]
