"""ComfyUI's graphs: `prompt`, what was run, and `workflow`, what the editor shows.

A graph says no prompt by itself: it is found by going from what saves the picture up to the sampler that made it, and
from there along its conditionings to the texts. Custom nodes are read by the names of their inputs, which follow those
of ComfyUI's own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any, Final

from .account import Account
from .bounds import LONGEST_PROMPT, Scalar, clean, json_object, parameters_of, scalar, seed_of

Node = Mapping[str, Any]

_MOST_NODES: Final = 5_000
_TEXTS: Final = ("text", "text_g", "text_l", "clip_l", "t5xxl", "prompt", "string", "value", "wildcard_text")
_SEEDS: Final = ("seed", "noise_seed")
_MODELS: Final = ("ckpt_name", "unet_name", "model_name", "base_ckpt_name")
_WANTED: Final = {
    "steps": "steps",
    "cfg": "guidance",
    "guidance": "guidance",
    "sampler_name": "sampler",
    "scheduler": "scheduler",
    "denoise": "strength",
}
# What the editor's `widgets_values` stand for, in the order of the node's own declaration.
_WIDGETS: Final[Mapping[str, tuple[str, ...]]] = {
    "KSampler": ("seed", "", "steps", "cfg", "sampler_name", "scheduler", "denoise"),
    "KSamplerAdvanced": ("", "noise_seed", "", "steps", "cfg", "sampler_name", "scheduler"),
    "CLIPTextEncode": ("text",),
    "CheckpointLoaderSimple": ("ckpt_name",),
    "UNETLoader": ("unet_name",),
    "EmptyLatentImage": ("width", "height"),
    "EmptySD3LatentImage": ("width", "height"),
    "RandomNoise": ("noise_seed",),
    "KSamplerSelect": ("sampler_name",),
    "BasicScheduler": ("scheduler", "steps", "denoise"),
    "CFGGuider": ("cfg",),
    "FluxGuidance": ("guidance",),
    "LoraLoader": ("lora_name", "strength_model"),
}


def parse(prompt: str, workflow: str) -> Account | None:
    """What the graphs say, each the text in the file or empty; None when neither can be read."""
    graph = _run(json_object(prompt)) or _drawn(json_object(workflow))
    if not graph:
        return None
    sampler = _sampler(graph)
    if sampler is None:
        return Account(tool="ComfyUI")
    found = _above(graph, sampler)
    size = found.pop("width", None), found.pop("height", None)
    if all(isinstance(side, int) for side in size):
        found["size"] = f"{size[0]}x{size[1]}"
    seed, model = found.pop("seed", None), found.pop("model", "")
    whole = seed_of(seed)
    if whole is None and seed is not None:
        found["seed"] = seed  # larger than the library's seeds, but nothing to lose
    inputs = _inputs(graph[sampler])
    positive, negative = inputs.get("positive"), inputs.get("negative")
    guider = _target(graph, inputs.get("guider"))
    if guider is not None and positive is None:
        held = _inputs(graph[guider])
        positive = held.get("positive", held.get("conditioning"))
        negative = held.get("negative")
    return Account(
        tool="ComfyUI",
        prompt=_text(graph, positive),
        negative_prompt=_text(graph, negative),
        parameters=parameters_of(found),
        seed=whole,
        model=clean(model, 200),
    )


def _run(graph: dict[str, Any] | None) -> dict[str, Node]:
    """The graph by ids of nodes, each with `class_type` and `inputs`."""
    nodes: dict[str, Node] = {
        str(id): node
        for id, node in (graph or {}).items()
        if isinstance(node, dict) and isinstance(node.get("inputs"), dict)
    }
    return nodes if len(nodes) <= _MOST_NODES else {}


def _drawn(workflow: dict[str, Any] | None) -> dict[str, Node]:
    """The editor's graph in the form of the one that is run, as far as its nodes are known."""
    workflow = workflow or {}
    nodes, links = workflow.get("nodes"), workflow.get("links")
    if not isinstance(nodes, list) or not isinstance(links, list) or len(nodes) > _MOST_NODES:
        return {}
    begins = {
        str(link[0]): [str(link[1]), link[2]] for link in links if isinstance(link, list) and len(link) > 3
    }
    graph: dict[str, Node] = {}
    for node in nodes:
        if not isinstance(node, dict) or node.get("mode") in (2, 4):  # muted, bypassed
            continue
        kind, values = str(node.get("type")), node.get("widgets_values")
        inputs: dict[str, Any] = {}
        if isinstance(values, list):
            inputs |= {
                name: value for name, value in zip(_WIDGETS.get(kind, ()), values, strict=False) if name
            }
        slots = node.get("inputs")
        for slot in slots if isinstance(slots, list) else ():
            if isinstance(slot, dict) and str(slot.get("link")) in begins:
                inputs[str(slot.get("name"))] = begins[str(slot.get("link"))]
        graph[str(node.get("id"))] = {"class_type": kind, "inputs": inputs}
    return graph


def _inputs(node: Node) -> Mapping[str, Any]:
    found: Mapping[str, Any] = node["inputs"]
    return found


def _target(graph: Mapping[str, Node], value: object) -> str | None:
    """The node that a link `[id, slot]` comes from."""
    if isinstance(value, list) and len(value) == 2 and isinstance(value[0], str | int):
        id = str(value[0])
        return id if id in graph else None
    return None


def _upwards(graph: Mapping[str, Node], start: str, *, past: tuple[str, ...] = ()) -> Iterator[str]:
    """The nodes that `start` is made of, itself first, nearest first, each once; `past` are inputs not followed."""
    seen, waiting = {start}, deque([start])
    while waiting:
        id = waiting.popleft()
        yield id
        for name, value in _inputs(graph[id]).items():
            target = None if name in past else _target(graph, value)
            if target is not None and target not in seen:
                seen.add(target)
                waiting.append(target)


def _sampler(graph: Mapping[str, Node]) -> str | None:
    """The sampler behind the picture that is saved, or else any."""
    ends = [id for id, node in graph.items() if "SaveImage" in str(node.get("class_type"))]
    for end in [*ends[:20], None]:
        for id in _upwards(graph, end) if end is not None else graph:
            inputs = _inputs(graph[id])
            if "guider" in inputs or (
                "positive" in inputs and any(name in inputs for name in (*_SEEDS, "steps"))
            ):
                return id
    return None


def _above(graph: Mapping[str, Node], sampler: str) -> dict[str, Any]:
    """The settings of the sampler and of what feeds it, the nearest first."""
    found: dict[str, Any] = {}
    loras: list[str] = []
    for id in _upwards(graph, sampler, past=("negative",)):
        inputs = _inputs(graph[id])
        for name, value in inputs.items():
            kept = _value(graph, value)
            if kept is None:
                continue
            if name in _WANTED:
                found.setdefault(_WANTED[name], kept)
            elif name in _SEEDS:
                found.setdefault("seed", kept)
            elif name in _MODELS:
                found.setdefault("model", kept)
            elif name == "lora_name" and isinstance(kept, str):
                loras.append(kept)
        if "Latent" in str(graph[id].get("class_type")) and "width" in inputs and "height" in inputs:
            for name in ("width", "height"):
                found.setdefault(name, _value(graph, inputs[name]))
    if loras:
        found["loras"] = ", ".join(loras)
    return found


def _value(graph: Mapping[str, Node], value: object) -> Scalar | None:
    """A number or text, also one that comes from a node that holds nothing else."""
    target = _target(graph, value)
    if target is not None:
        inputs = _inputs(graph[target])
        held = [scalar(inputs[name]) for name in ("value", "int", "float", *_SEEDS) if name in inputs]
        return held[0] if held else None
    return scalar(value)


def _text(graph: Mapping[str, Node], link: object) -> str:
    """The texts that a conditioning is made of, in the order in which they are come upon, each once."""
    start = _target(graph, link)
    if start is None:
        return ""
    found: dict[str, None] = {}
    for id in _upwards(graph, start, past=("clip", "model", "vae", "image", "latent")):
        inputs = _inputs(graph[id])
        for name in _TEXTS:
            if text := clean(inputs.get(name), LONGEST_PROMPT):
                found[text] = None
    return clean("\n".join(found), LONGEST_PROMPT)
