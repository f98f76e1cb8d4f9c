"""Every error that fal documents, and what else may go wrong on the way; each by a name.

A name goes into `Fal.faults` for the next request, or into a prompt as ``test:NAME``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MODEL_ERRORS: Mapping[str, tuple[int, str, Mapping[str, Any]]] = {
    "internal_server_error": (500, "An unexpected error occurred.", {}),
    "generation_timeout": (504, "The generation took too long.", {}),
    "downstream_service_error": (400, "A service behind the model answered with an error.", {}),
    "downstream_service_unavailable": (500, "A service behind the model is not available.", {}),
    "content_policy_violation": (
        422,
        "The content could not be processed because it contained material flagged by a content checker.",
        {},
    ),
    "no_media_generated": (422, "The model generated no media.", {}),
    "image_too_small": (422, "The image is too small.", {"min_height": 512, "min_width": 512}),
    "image_too_large": (422, "The image is too large.", {"max_height": 4096, "max_width": 4096}),
    "image_load_error": (422, "Failed to load the image.", {}),
    "file_download_error": (422, "Failed to download the file.", {}),
    "face_detection_error": (422, "No face was found in the image.", {}),
    "file_too_large": (422, "The file is too large.", {"max_size": 10_000_000}),
    "unsupported_image_format": (422, "The image's format is not supported.", {"supported_formats": ["png"]}),
    "sequence_too_long": (422, "The list has too many items.", {"max_length": 3}),
    "one_of": (422, "The value must be one of the expected.", {"expected": ["a", "b"]}),
    "feature_not_supported": (422, "The combination of inputs is not supported.", {}),
}
"""Answered as the result, with a list under `detail`."""

REQUEST_ERRORS: Mapping[str, int] = {
    "request_timeout": 504,
    "startup_timeout": 504,
    "runner_scheduling_failure": 503,
    "runner_connection_timeout": 503,
    "runner_disconnected": 503,
    "runner_connection_refused": 503,
    "runner_connection_error": 503,
    "runner_incomplete_response": 502,
    "runner_server_error": 500,
    "internal_error": 500,
    "client_disconnected": 499,
    "client_cancelled": 499,
    "bad_request": 400,
}
"""Answered as the result and named by the status, with text under `detail` and a type beside it."""

AT_SUBMIT = frozenset({"limit", "locked", "unavailable", "broken", "nginx", "cut_off", "hang", "no_app"})
WITH_THE_STREAM = frozenset({"no_stream", "broken_stream", "silent_stream"})
ON_THE_WAY = WITH_THE_STREAM | {"status_500", "status_429", "result_500", "early_result"}
WITH_FILES = frozenset(
    {"no_picture", "html", "truncated", "drip", "file_gone", "file_503", "private_address", "redirected"}
)
OTHERS = frozenset({"nsfw", "one_nsfw", "lost", "webhook_twice", "webhook_forged", "webhook_old"})


def names_in(prompt: object) -> set[str]:
    """The faults that a prompt asks for."""
    words = prompt.split() if isinstance(prompt, str) else ()
    return {word.removeprefix("test:") for word in words if word.startswith("test:")}


def answer_of(name: str) -> tuple[int, dict[str, Any], dict[str, str]] | None:
    """Status, body and headers of a documented error; None for other faults."""
    if name in MODEL_ERRORS:
        status, message, context = MODEL_ERRORS[name]
        item = {"loc": ["body", "prompt"], "msg": message, "type": name, "ctx": dict(context)}
        item["url"] = f"https://docs.fal.ai/errors/#{name}"
        return status, {"detail": [item]}, {"X-Fal-Retryable": str(status >= 500).lower()}
    if name in REQUEST_ERRORS:
        words = name.replace("_", " ").capitalize()
        return REQUEST_ERRORS[name], {"detail": words, "error_type": name}, {"X-Fal-Error-Type": name}
    return None
