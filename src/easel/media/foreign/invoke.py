"""InvokeAI's JSON: `invokeai_metadata` since version 3, `sd-metadata` before."""

from __future__ import annotations

from typing import Any

from .account import Account
from .bounds import LONGEST_PROMPT, clean, json_object, parameters_of, seed_of


def parse(metadata: str, older: str) -> Account | None:
    """What the texts under the two names say, each empty where there is none; None when neither can be read."""
    values = json_object(metadata)
    if values is not None:
        return _account(
            values, values.get("positive_prompt"), values.get("negative_prompt"), values.get("model")
        )
    record = json_object(older)
    image = (record or {}).get("image")
    if record is None or not isinstance(image, dict):
        return None
    prompt = image.get("prompt")
    if isinstance(prompt, list):
        prompt = " ".join(
            clean(part.get("prompt"), LONGEST_PROMPT) for part in prompt if isinstance(part, dict)
        )
    return _account(image, prompt, image.get("negative_prompt"), record.get("model_weights"))


def _account(values: dict[str, Any], prompt: object, negative: object, model: object) -> Account:
    if isinstance(model, dict):
        model = model.get("name", model.get("model_name"))
    parameters = {
        "steps": values.get("steps"),
        "guidance": values.get("cfg_scale"),
        "scheduler": values.get("scheduler", values.get("sampler")),
        "strength": values.get("strength"),
        "clip_skip": values.get("clip_skip") or None,
        "mode": values.get("generation_mode"),
        "loras": ", ".join(_loras(values.get("loras"))),
    }
    width, height = values.get("width"), values.get("height")
    if isinstance(width, int) and isinstance(height, int):
        parameters["size"] = f"{width}x{height}"
    return Account(
        tool="InvokeAI",
        prompt=clean(prompt, LONGEST_PROMPT),
        negative_prompt=clean(negative, LONGEST_PROMPT),
        parameters=parameters_of(parameters),
        seed=seed_of(values.get("seed")),
        model=clean(model, 200),
    )


def _loras(values: object) -> list[str]:
    """Names of LoRAs, under the keys of several versions."""
    found = []
    for value in values[:50] if isinstance(values, list) else ():
        held = value.get("model", value.get("lora")) if isinstance(value, dict) else None
        if isinstance(held, dict) and (name := clean(held.get("name", held.get("model_name")), 100)):
            found.append(name)
    return found
