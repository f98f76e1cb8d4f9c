"""The time, always with its zone: the database's, as all processes of a studio see it.

A machine's own clock may be wrong, or be set while Easel runs, and what it says is compared with what other machines
wrote. So it is asked once; from then on a count of seconds that nobody sets goes on from there, and the database's
clock is followed as soon as the two differ.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

TOLERANCE = timedelta(milliseconds=100)
"""By so much a reading of the database's clock may be off without being followed."""
# Where there is one, the count that goes on while the machine sleeps. macOS' does.
_COUNT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def ticks() -> float:
    """Seconds of a count that only goes on, and means nothing but its differences."""
    return time.clock_gettime(_COUNT)


class Clock:
    """The time, from what was followed last."""

    def __init__(self) -> None:
        self._moment, self._ticks = datetime.now(UTC), ticks()

    def now(self) -> datetime:
        """The present moment in UTC."""
        return self._at(ticks())

    def follow(self, moment: datetime, asked: float) -> timedelta:
        """Take over a reading of the database's clock, asked for at `asked`, if this clock is off.

        Answers by how much this clock was behind; zero where it was right.
        """
        answered = ticks()
        if self._at(asked) - TOLERANCE <= moment <= self._at(answered) + TOLERANCE:
            return timedelta(0)
        middle = asked + (answered - asked) / 2
        behind = moment - self._at(middle)
        self._moment, self._ticks = moment, middle
        return behind

    def _at(self, count: float) -> datetime:
        return self._moment + timedelta(seconds=count - self._ticks)


CLOCK = Clock()
"""This process's clock."""


def now() -> datetime:
    """The present moment in UTC."""
    return CLOCK.now()
