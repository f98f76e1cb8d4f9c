"""Templates into mails: HTML for those who look, text for those who read, a subject of one line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jinja2

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_BLANK_LINES = re.compile(r"\n{3,}")
_SUBJECT = "Subject: "
_LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail's words."""

    subject: str
    text: str
    html: str


def render(template: str, values: Mapping[str, str | int | datetime]) -> Rendered:
    """The mail that `templates/<template>.html` and `.txt` make of `values`.

    A value is one line of words, whoever it came from: what breaks lines in it becomes a space, so that no name
    adds lines to a text or a header to a mail. Raises `jinja2.UndefinedError` for a value that is missing.
    """
    plain = {name: one_line(value) if isinstance(value, str) else value for name, value in values.items()}
    first, _, rest = _environment().get_template(f"{template}.txt").render(plain).partition("\n")
    if not first.startswith(_SUBJECT):
        raise ValueError(f"{template}.txt: the first line must begin with {_SUBJECT!r}")
    subject = one_line(first.removeprefix(_SUBJECT))[:_LONGEST_SUBJECT]
    html = _environment().get_template(f"{template}.html").render({**plain, "subject": subject})
    return Rendered(subject, _BLANK_LINES.sub("\n\n", rest).strip() + "\n", html)


def one_line(value: str) -> str:
    """`value` without anything that could break a line or steer a terminal."""
    return _CONTROL.sub(" ", value).strip()


@cache
def _environment() -> jinja2.Environment:
    import jinja2  # with the first mail, not at every start

    return jinja2.Environment(
        loader=jinja2.PackageLoader("easel.core.mail", "templates"),
        autoescape=jinja2.select_autoescape(["html"]),
        undefined=jinja2.StrictUndefined,
    )
