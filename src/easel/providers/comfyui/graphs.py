"""Prompt graphs: what a ComfyUI server is asked to run, one file of data for each operation.

A value such as ``"$steps"`` is a place to be filled; all else goes to the server as it stands. A graph's picture comes
out of its node ``result``. To paint in another way, edit the graph in ComfyUI, export it ("Export (API)") and put
the places in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from ..base import Operation

Graph = dict[str, Any]

RESULT = "result"
_FILES = {
    Operation.TEXT_TO_IMAGE: "text-to-image",
    Operation.IMAGE_TO_IMAGE: "image-to-image",
    Operation.VARIATION: "image-to-image",
    Operation.INPAINT: "inpaint",
    Operation.OUTPAINT: "outpaint",
    Operation.UPSCALE: "upscale",
}


def has(operation: Operation) -> bool:
    """Whether there is a graph for an operation."""
    return operation in _FILES


def filled(operation: Operation, values: Mapping[str, Any]) -> Graph:
    """The graph of an operation with its places filled. Raises `KeyError` for a place without a value."""
    graph: Graph = _fill(_template(_FILES[operation]), values)
    return graph


def _fill(part: Any, values: Mapping[str, Any]) -> Any:
    # Only what stands in the file is a place: a prompt that begins with $ is a prompt.
    if isinstance(part, str) and part.startswith("$"):
        return values[part[1:]]
    if isinstance(part, dict):
        return {name: _fill(value, values) for name, value in part.items()}
    if isinstance(part, list):
        return [_fill(value, values) for value in part]
    return part


@cache
def _template(name: str) -> Graph:
    text = files("easel.providers.comfyui").joinpath("graphs", f"{name}.json").read_text()
    read: Graph = json.loads(text)
    return read
