"""Prompts for CLIP text encoders: weights, and more words than the 75 that fit into one look.

The syntax is the one that people know from AUTOMATIC1111's web UI: ``(word)`` counts 1.1 times, ``(word:1.3)`` 1.3
times, ``[word]`` a tenth less, ``\\(`` is a bracket. So is the way of it (its `sd_hijack_clip.py`): tokens are encoded
75 at a time, the parts are laid one after the other, every token's embedding is multiplied by its weight, and the mean
of all is brought back to what it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch

_ROUND, _SQUARE = 1.1, 1 / 1.1
_TOKEN = re.compile(r"\\[()\[\]\\]|[()\[\]]|:\s*[+-]?(?:\d+\.?\d*|\.\d+)\s*\)|[^\\()\[\]:]+|.", re.DOTALL)
_MOST_WEIGHT = 10.0
_MOST_FACTOR = 1e6  # an infinite one would make no number of nothing


@dataclass(frozen=True, slots=True)
class Part:
    """Words that count the same."""

    text: str
    weight: float


def parts(prompt: str) -> list[Part]:
    """The prompt's words by their weights; brackets that do not match are words."""
    pieces: list[list[Any]] = []
    open_round: list[int] = []
    open_square: list[int] = []

    def scale(since: int, factor: float) -> None:
        for piece in pieces[since:]:
            piece[1] = min(piece[1] * factor, _MOST_WEIGHT)

    for match in _TOKEN.finditer(prompt):
        mark = match.group()
        if len(mark) == 2 and mark[0] == "\\":
            pieces.append([mark[1], 1.0])
        elif mark == "(":
            open_round.append(len(pieces))
            pieces.append(["", 1.0])
        elif mark == "[":
            open_square.append(len(pieces))
            pieces.append(["", 1.0])
        elif mark == ")" and open_round:
            scale(open_round.pop(), _ROUND)
        elif mark == "]" and open_square:
            scale(open_square.pop(), _SQUARE)
        elif mark[0] == ":" and mark[-1] == ")" and len(mark) > 1:
            if open_round:
                scale(open_round.pop(), min(max(0.0, float(mark[1:-1])), _MOST_FACTOR))
            else:
                pieces.append([mark, 1.0])
        else:
            pieces.append([mark, 1.0])
    for since, bracket in [(at, "(") for at in open_round] + [(at, "[") for at in open_square]:
        pieces[since][0] = bracket
    return list(_joined(pieces))


def _joined(pieces: list[list[Any]]) -> Iterator[Part]:
    text, weight = "", 1.0
    for piece, own in pieces:
        if not piece:
            continue
        if own != weight and text:
            yield Part(text, weight)
            text = ""
        text, weight = text + piece, own
    if text:
        yield Part(text, weight)


def wants_encoding(tokenizer: Any, prompt: str) -> bool:
    """Whether a prompt has weights or is too long for the pipeline's own way."""
    read = parts(prompt)
    if any(part.weight != 1 for part in read) or "".join(part.text for part in read) != prompt:
        return True
    room: int = tokenizer.model_max_length - 2
    return len(_ids(tokenizer, prompt)) > room


def encoded(pipe: Any, prompt: str, negative: str, *, clip_skip: int) -> dict[str, Any]:
    """What a pipeline takes instead of a prompt and a negative prompt: their embeddings."""
    encoders = [
        (tokenizer, encoder)
        for suffix in ("", "_2")
        if (tokenizer := getattr(pipe, f"tokenizer{suffix}", None)) is not None
        and (encoder := getattr(pipe, f"text_encoder{suffix}", None)) is not None
    ]
    device, paired = pipe._execution_device, hasattr(pipe, "text_encoder_2")
    chunks = max(len(_chunks(tokenizer, words)) for tokenizer, _ in encoders for words in (prompt, negative))
    named: dict[str, Any] = {}
    for prefix, words in (("", prompt), ("negative_", negative)):
        made = [
            _encode(tokenizer, encoder, words, chunks, device, clip_skip=clip_skip, paired=paired)
            for tokenizer, encoder in encoders
        ]
        named[f"{prefix}prompt_embeds"] = torch.cat([embeds for embeds, _ in made], dim=-1)
        if paired:
            named[f"{prefix}pooled_prompt_embeds"] = made[-1][1]
    return named


def _ids(tokenizer: Any, text: str) -> list[int]:
    ids: list[int] = tokenizer(text, add_special_tokens=False, truncation=False, verbose=False).input_ids
    return ids


def _chunks(tokenizer: Any, prompt: str) -> list[list[tuple[int, float]]]:
    """The prompt's tokens with their weights, as many at a time as an encoder takes; at least one, empty."""
    tokens = [(id, part.weight) for part in parts(prompt) for id in _ids(tokenizer, part.text)]
    room = tokenizer.model_max_length - 2
    return [tokens[at : at + room] for at in range(0, len(tokens), room)] or [[]]


def _encode(
    tokenizer: Any, encoder: Any, prompt: str, chunks: int, device: Any, *, clip_skip: int, paired: bool
) -> tuple[torch.Tensor, Any]:
    """A prompt's embeddings, 1 × tokens × width, and the pooled one of its first part."""
    length = tokenizer.model_max_length
    rows, factors = [], []
    filled = _chunks(tokenizer, prompt)
    for chunk in filled + [[]] * (chunks - len(filled)):
        row = [tokenizer.bos_token_id, *(id for id, _ in chunk), tokenizer.eos_token_id]
        weights = [1.0, *(weight for _, weight in chunk), 1.0]
        rest = length - len(row)
        rows.append(row + [tokenizer.pad_token_id] * rest)
        factors.append(weights + [1.0] * rest)
    output = encoder(torch.tensor(rows, device=device), output_hidden_states=True)
    if paired:
        embeds = output.hidden_states[-(clip_skip + 2)]
    elif clip_skip:
        embeds = _normed(encoder, output.hidden_states[-(clip_skip + 1)])
    else:
        embeds = output[0]
    factor = torch.tensor(factors, device=embeds.device, dtype=embeds.dtype).unsqueeze(-1)
    if not bool((factor == 1).all()):
        before = embeds.float().mean()
        embeds = embeds * factor
        embeds = (embeds.float() * (before / embeds.float().mean())).to(factor.dtype)
    return embeds.reshape(1, -1, embeds.shape[-1]), output[0][:1] if paired else None


def _normed(encoder: Any, hidden: torch.Tensor) -> torch.Tensor:
    norm = getattr(encoder, "text_model", encoder).final_layer_norm
    normed: torch.Tensor = norm(hidden)
    return normed
