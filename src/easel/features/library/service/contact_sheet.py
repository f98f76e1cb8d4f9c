"""A contact sheet in HTML: pictures with what made them, for people who have a browser and no Easel.

It opens from a folder, without a server. Everything on it is text that somebody wrote, so all of it is escaped, and
the page forbids itself scripts and whatever lies elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final
from urllib.parse import quote

_HEAD: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --line: #8884; --soft: #8882; font: 15px/1.5 system-ui, sans-serif; }}
body {{ background: Canvas; color: CanvasText; margin: 2.5rem auto; max-width: 84rem; padding: 0 1.25rem; }}
h1 {{ font-size: 1.6rem; line-height: 1.2; margin: 0 0 .25rem; overflow-wrap: anywhere; }}
header p {{ margin: 0 0 2rem; opacity: .7; overflow-wrap: anywhere; }}
ol {{ display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)); margin: 0; padding: 0; }}
li {{ border: 1px solid var(--line); border-radius: .75rem; content-visibility: auto; contain-intrinsic-size: 15rem 24rem; list-style: none; overflow: hidden; }}
img {{ aspect-ratio: 1; background: var(--soft); display: block; height: auto; object-fit: contain; width: 100%; }}
a:focus-visible {{ outline: 3px solid Highlight; outline-offset: -3px; }}
li > div, li > em {{ display: block; padding: .75rem 1rem 1rem; }}
h2 {{ font-size: 1rem; line-height: 1.35; margin: 0 0 .25rem; }}
h2, p, dd {{ overflow-wrap: anywhere; white-space: pre-line; }}
p {{ margin: 0 0 .5rem; }}
small, summary, dt {{ opacity: .7; }}
summary {{ cursor: pointer; font-size: .85em; margin-top: .25rem; }}
dl {{ display: grid; font-size: .85em; gap: .1rem .75rem; grid-template-columns: max-content 1fr; margin: .5rem 0 0; }}
dd {{ margin: 0; }}
@media print {{ body {{ margin: 0; }} li {{ break-inside: avoid; content-visibility: visible; }} }}
</style>
</head>
<body>
<header>
<h1>{title}</h1>
<p>{about}</p>
</header>
<ol>
"""  # noqa: E501 - lines of the page
FOOT: Final = b"</ol>\n</body>\n</html>\n"
"""The end of the page."""


@dataclass(frozen=True, slots=True)
class Card:
    """A picture on the sheet. `file` is where it lies beside the page, `shown` what is shown of it, a smaller one
    perhaps; both None where it is lost."""

    file: str | None
    shown: str | None
    alt_text: str
    width: int
    height: int
    title: str | None
    prompt: str
    negative_prompt: str = ""
    facts: Sequence[str] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)


def head(title: str, about: str) -> bytes:
    """The beginning of the page: its title, and a line below that."""
    return _HEAD.format(title=escape(title), about=escape(about)).encode()


def item(card: Card) -> bytes:
    """A picture."""
    parts = [_picture(card), "<div>"]
    if card.title:
        parts.append(f"<h2>{escape(card.title)}</h2>")
    if card.prompt or not card.title:
        parts.append(f"<p>{escape(card.prompt or 'Untitled')}</p>")
    parts.append(f"<small>{escape(' · '.join(card.facts))}</small>")
    settings = {**({"without": card.negative_prompt} if card.negative_prompt else {}), **card.settings}
    if settings:
        lines = "".join(
            f"<dt>{escape(str(name))}</dt><dd>{escape(_spoken(value))}</dd>"
            for name, value in settings.items()
            if value not in (None, "")
        )
        parts.append(f"<details><summary>Settings</summary><dl>{lines}</dl></details>")
    return f"<li>{''.join(parts)}</div></li>\n".encode()


def _picture(card: Card) -> str:
    if card.file is None or card.shown is None:
        return "<em>The original is lost.</em>"
    return (
        f'<a href="{_address(card.file)}"><img src="{_address(card.shown)}" alt="{escape(card.alt_text)}" '
        f'loading="lazy" decoding="async" width="{card.width}" height="{card.height}"></a>'
    )


def _address(path: str) -> str:
    return escape(quote(path))


def _spoken(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
