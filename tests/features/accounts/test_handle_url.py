"""Where links in mails may lead: to the studio and to whom the operator trusts, however an address is disguised."""

from __future__ import annotations

import pytest

from easel.base.errors import InvalidInput
from easel.base.settings import Settings, load
from easel.features.accounts.policy import check_handle_url

HOME = "https://studio.example.com"
ELSEWHERE = (
    *(
        "https://evil.example/",
        "//evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "/app/reset-password",
        "",
    ),
    *(
        f"{HOME}@evil.example/",
        f"{HOME}.evil.example/",
        f"https://user:pass@{HOME[8:]}/",
        f"https://@{HOME[8:]}/",
    ),
    *(f"{HOME}\\@evil.example/", f"{HOME}\\.evil.example/", f"http{HOME[5:]}/", f"{HOME}:8443/"),
    *(
        f"{HOME}/\r\nBcc: eve@evil.example",
        f"{HOME}/ x",
        f" {HOME}/",
        f"{HOME}\t/",
        f"{HOME}/\0",
        "https://[::1",
    ),
    *(
        "https://studio.example.com:port/",
        "https://studio．example.com/",
        "https:///evil.example",
        "https:/evil",
    ),
    *(
        "javascript:alert(1)",
        "data:text/html,x",
        "https:evil.example",
        "https://evil.example#.studio.example.com",
    ),
)


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("EASEL_PUBLIC_URL", "https://Studio.example.com:443/")
    monkeypatch.setenv("EASEL_HANDLE_ORIGINS", "https://app.example.org, http://127.0.0.1:5173")
    return load()


@pytest.mark.parametrize("url", ELSEWHERE)
def test_what_leads_elsewhere_is_refused(settings: Settings, url: str) -> None:
    with pytest.raises(InvalidInput, match="handleUrl"):
        check_handle_url(settings, url)


@pytest.mark.parametrize(
    "url",
    [
        *(HOME, f"{HOME}/app/reset-password", f"{HOME}:443/a?b=c#d", "HTTPS://STUDIO.example.com/"),
        *("https://app.example.org/welcome", "http://127.0.0.1:5173/"),
    ],
)
def test_what_leads_home_will_do(settings: Settings, url: str) -> None:
    assert check_handle_url(settings, url) == url
