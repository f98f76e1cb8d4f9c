"""SwarmUI's JSON: an object with `sui_image_params`, under `parameters` or in the EXIF comment."""

from __future__ import annotations

from typing import Final

from .account import Account
from .bounds import LONGEST_PROMPT, clean, json_object, parameters_of, seed_of

_NAMES: Final = {"cfgscale": "guidance", "initimagecreativity": "strength", "automaticvae": ""}
_OTHERS: Final = frozenset(
    {"prompt", "negativeprompt", "seed", "model", "width", "height", "loras", "swarm_version"}
)


def parse(text: str) -> Account | None:
    """What `text` says; None when it is no such JSON."""
    values = (json_object(text) or {}).get("sui_image_params")
    if not isinstance(values, dict):
        return None
    parameters: dict[str, object] = {
        _NAMES.get(str(name), str(name)): value for name, value in values.items() if name not in _OTHERS
    }
    width, height, loras = values.get("width"), values.get("height"), values.get("loras")
    if isinstance(width, int) and isinstance(height, int):
        parameters["size"] = f"{width}x{height}"
    if isinstance(loras, list):
        parameters["loras"] = ", ".join(clean(name, 100) for name in loras[:50])
    return Account(
        tool="SwarmUI",
        prompt=clean(values.get("prompt"), LONGEST_PROMPT),
        negative_prompt=clean(values.get("negativeprompt"), LONGEST_PROMPT),
        parameters=parameters_of(parameters),
        seed=seed_of(values.get("seed")),
        model=clean(values.get("model"), 200),
    )
