"""What `serve` must know of the settings, worked out in a process of its own: ``python -m easel.app.plan``.

Reading settings takes thirty megabytes of libraries for a fraction of a second; the process that watches over
Easel stays for months and does without them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from easel.base.settings import Settings


@dataclass(frozen=True, slots=True)
class Plan:
    """Settled facts: `database_url` is empty for the embedded server, `public_url` where nothing was set."""

    data: str
    host: str
    port: int
    public_url: str
    database_url: str
    keeps_files: bool
    plain_words: bool

    @classmethod
    def of(cls, settings: Settings) -> Plan:
        """The plan that follows from `settings`. Raises `BadSettings` if the data folder's secret is unusable."""
        from easel.app.secret_file import check_secret

        check_secret(settings)
        collected = settings.environment == "production" and settings.log_format == "auto"
        return cls(
            data=str(settings.data),
            host=settings.web.host,
            port=settings.web.port,
            public_url=settings.web.public_url or "",
            database_url=settings.database.url.get_secret_value() if settings.database.url else "",
            keeps_files=settings.storage.url is None,
            plain_words=settings.log_format != "json" and not collected,
        )


def read_plan() -> Plan | int:
    """The plan from the environment, or the exit code of a process that has said what is wrong with it."""
    # Ctrl-C is the caller's to answer.
    command = [sys.executable, "-m", "easel.app.plan"]
    done = subprocess.run(command, stdout=subprocess.PIPE, start_new_session=True)  # noqa: S603 -- this module
    return Plan(**json.loads(done.stdout)) if done.returncode == 0 else done.returncode


def _main() -> int:
    from easel.base.settings import BadSettings, load

    try:
        plan = Plan.of(load())
    except BadSettings as error:
        sys.stderr.write(f"easel: {error.detail}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"easel: {error}\n")
        return 1
    sys.stdout.write(json.dumps(asdict(plan)))
    return 0


if __name__ == "__main__":
    sys.exit(_main())
