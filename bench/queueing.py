"""How long a job waits to be taken: ours, which the database tells of, against a worker that polls.

Run: ``python -m bench.queueing [times]``. Ours is a whole submission over HTTP to the provider's call, with the checks,
the credits and the turns; the polling worker does nothing but look. Both on the same PostgreSQL, one after the other.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys

from bench.baselines.polling_queue import waits
from bench.pipeline import asked, ended, percentile, submit
from bench.report import Report
from bench.studio import Running, database, running


async def ours(studio: Running, url: str, times: int) -> list[float]:
    """Milliseconds from the request being sent to the provider being called."""
    await studio.sign_up("queue@example.com")
    chance = random.Random(1)
    for _ in range(5):
        await submit(studio.client)
    await ended(studio.client)
    sent = {}
    for _ in range(times):
        id, moment, _ = await submit(studio.client)
        sent[id] = moment
        await asyncio.sleep(chance.uniform(0.05, 0.15))
    await ended(studio.client)
    started = asked(url)
    return [(started[id] - moment) * 1000 for id, moment in sent.items()]


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    report = Report("queueing", f"{times} jobs each, one at a time, at moments of no pattern.")
    with database() as (folder, url):
        with running(folder) as studio:
            taken = asyncio.run(ours(studio, url, times))
        report.add("ours: submit → engine start, p50", statistics.median(taken), "ms")
        report.add("ours: submit → engine start, p95", percentile(taken, 0.95), "ms")
        for pause, often in ((1.0, max(10, times // 5)), (0.1, times)):
            found, looks = waits(url, pause, often)
            name = f"polling every {pause:g} s"
            report.add(f"{name}: committed → taken, p50", statistics.median(found), "ms")
            report.add(f"{name}: committed → taken, p95", percentile(found, 0.95), "ms")
            report.add(f"{name}: statements of an idle worker", looks, "1/min")
    report.done()


if __name__ == "__main__":
    main()
