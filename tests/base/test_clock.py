"""This process's clock: it goes on whatever is done to the machine's, and follows the database's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from easel.base import clock

DAY = timedelta(days=1)


def test_it_begins_with_the_machines_time() -> None:
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
    assert clock.now().tzinfo is UTC


@pytest.mark.parametrize("off", [DAY, -DAY, timedelta(seconds=1), -timedelta(seconds=1)])
def test_it_follows_another_that_is_elsewhere(off: timedelta) -> None:
    mine = clock.Clock()
    behind = mine.follow(mine.now() + off, asked=clock.ticks())
    assert abs(behind - off) < timedelta(seconds=0.5)
    there = datetime.now(UTC) + off
    assert abs(mine.now() - there) < timedelta(minutes=1)
    # And goes on from there.
    first = mine.now()
    assert mine.now() >= first
    assert mine.follow(mine.now(), asked=clock.ticks()) == timedelta(0)


def test_a_slow_answer_is_no_difference() -> None:
    mine = clock.Clock()
    # Asked ten seconds ago: whatever the time was in between is right.
    asked = clock.ticks() - 10
    for ago in (0, 5, 10):
        assert mine.follow(mine.now() - timedelta(seconds=ago), asked) == timedelta(0)
    assert mine.follow(mine.now() - timedelta(seconds=12), asked) != timedelta(0)
