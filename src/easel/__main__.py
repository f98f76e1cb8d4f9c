"""The command ``easel``: ``serve`` starts at once and stays small; every other command is the command line's.

The supervisor lives as long as Easel does and only watches, so it must not load the web server's libraries.
"""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Runs the command that the arguments name; the process ends with its exit code."""
    if sys.argv[1:2] == ["serve"]:
        from easel.app.serve import command

        sys.exit(command(sys.argv[2:]))
    # Loading leaves no garbage; looking for some would take a sixth of the start. Who has loaded looks again.
    gc.disable()
    if sys.argv[1:2] in (["web"], ["worker"]):
        from easel.app import processes

        sys.exit(processes.command(sys.argv[1], sys.argv[2:]))
    from easel.app.cli import main as command_line

    gc.freeze()
    gc.enable()
    command_line()


if __name__ == "__main__":
    main()
