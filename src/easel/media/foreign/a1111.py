"""The text that AUTOMATIC1111's web UI and its relatives (Forge, SD.Next, Civitai) write under `parameters`.

A prompt, `Negative prompt: …`, and a last line `Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512,
Model: …`, as `parse_generation_parameters` in that project's infotext reads it.
"""

from __future__ import annotations

import json
import re
from typing import Final

from .account import Account
from .bounds import LONGEST_PROMPT, clean, number, parameters_of, seed_of

_PAIR: Final = re.compile(r'\s*(\w[\w \-/]{1,60}):\s*("(?:\\.|[^\\"])*"|[^,]*)(?:,|$)')
_NEGATIVE: Final = "Negative prompt:"
_LONGEST_LINE: Final = 20_000
_NAMES: Final = {
    "cfg scale": "guidance",
    "schedule type": "scheduler",
    "denoising strength": "strength",
}


def parse(text: str) -> Account | None:
    """What `text` says, None when it is no such text: settings are a line of at least three, one of them Steps."""
    lines = text.strip().splitlines()
    if not lines:
        return None
    settings = _settings(lines[-1])
    if len(settings) < 3 or "steps" not in settings:
        return None
    prompt: list[str] = []
    negative: list[str] = []
    into = prompt
    for line in lines[:-1]:
        if line.strip().startswith(_NEGATIVE):
            into, line = negative, line.strip().removeprefix(_NEGATIVE)
        into.append(line.strip())
    seed, model = settings.pop("seed", ""), settings.pop("model", "")
    return Account(
        tool="A1111",
        prompt=clean("\n".join(prompt), LONGEST_PROMPT),
        negative_prompt=clean("\n".join(negative), LONGEST_PROMPT),
        parameters=parameters_of({_NAMES.get(name, name): number(value) for name, value in settings.items()}),
        seed=seed_of(seed),
        model=clean(model, 200),
    )


def _settings(line: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _PAIR.finditer(line[:_LONGEST_LINE]):
        found.setdefault(match[1].strip().lower(), _unquoted(match[2].strip()))
    return found


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == '"':
        try:
            return str(json.loads(value))
        except ValueError:
            return value[1:-1]
    return value
