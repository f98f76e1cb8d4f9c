"""fal.ai on loopback: its queue, storage, results, logs and webhooks, by the documented protocol.

`Fal` is the state that a test looks at and changes; `serving_fal` starts it. What it cannot do is in `faults`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..serving import KEY, serving
from .service import Fal, Job

__all__ = ["Fal", "Job", "environment", "serving_fal"]


@contextmanager
def serving_fal() -> Iterator[Fal]:
    """fal at an address of its own, in a thread."""
    fal = Fal()
    with serving(fal.app()) as url:
        fal.url = url
        yield fal


def environment(url: str) -> dict[str, str]:
    """The settings of a studio that uses the server at `url`."""
    return {"EASEL_FAL_URL": url, "FAL_KEY": KEY}
