"""What goes wrong inside PyTorch and diffusers, in Easel's words."""

from __future__ import annotations

import torch

from ..errors import BadRequest, OutOfMemory, ProviderError
from .folder import NotOffered


class Stopped(Exception):
    """Nobody waits for the picture any more."""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether the device or the machine had too little memory."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    words = str(error).lower()
    return isinstance(error, RuntimeError) and ("out of memory" in words or "can't allocate memory" in words)


def told(error: Exception) -> Exception:
    """The error to raise for what a call of a pipeline raised."""
    if isinstance(error, ProviderError | Stopped):
        return error
    if is_out_of_memory(error):
        return OutOfMemory(
            "The machine that runs the model has too little memory for this. Try a smaller size or fewer pictures, or"
            " EASEL_LOCAL_MEMORY_GB lower, so that other models leave the memory sooner."
        )
    if isinstance(error, NotOffered):
        return BadRequest(f"The model cannot be used: {error}.")
    return ProviderError(f"The pipeline failed: {str(error)[:500] or type(error).__name__}")
