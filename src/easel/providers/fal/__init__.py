"""fal.ai: FLUX, Stable Diffusion and tools for pictures, through its queue.

`models` and `options` are the data, `endpoints` turns a request into fal's arguments, `adapter` is the provider,
`follow` waits for a request's end, `answers` reads results and errors, `webhooks` checks what fal tells by itself.
"""

from __future__ import annotations

from .adapter import Fal as Fal
