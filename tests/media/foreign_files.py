"""Files as other programs write them: pictures with texts in PNG chunks, EXIF, XMP and IPTC, put together by hand."""

from __future__ import annotations

import json
import struct
import zlib
from typing import Any, Final

import pyvips

from tests.media import pictures

A1111: Final = (
    "a red fox in the snow, (detailed:1.2)\nsecond line\nNegative prompt: blurry, text\n"
    "Steps: 28, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 6.5, Seed: 1234567, Size: 512x768, "
    'Model hash: abc123, Model: dreamshaper_8, Lora hashes: "one: aa, two: bb", Version: v1.10.0'
)
COMFY: Final[dict[str, Any]] = {
    "3": {
        "class_type": "KSampler",
        "inputs": {
            "seed": 77,
            "steps": 20,
            "cfg": 8.0,
            "sampler_name": "euler",
            "scheduler": "normal",
            "denoise": 1.0,
            "model": ["4", 0],
            "positive": ["6", 0],
            "negative": ["7", 0],
            "latent_image": ["5", 0],
        },
    },
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "sd_xl_base_1.0.safetensors"}},
    "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 1024, "height": 576, "batch_size": 1}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a lighthouse at dusk", "clip": ["4", 1]}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "watermark", "clip": ["4", 1]}},
    "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
    "9": {"class_type": "SaveImage", "inputs": {"filename_prefix": "ComfyUI", "images": ["8", 0]}},
}
FLUX: Final[dict[str, Any]] = {
    "1": {"class_type": "RandomNoise", "inputs": {"noise_seed": ["20", 0]}},
    "2": {"class_type": "BasicGuider", "inputs": {"model": ["3", 0], "conditioning": ["4", 0]}},
    "3": {"class_type": "UNETLoader", "inputs": {"unet_name": "flux1-dev.safetensors"}},
    "4": {"class_type": "FluxGuidance", "inputs": {"guidance": 3.5, "conditioning": ["5", 0]}},
    "5": {"class_type": "CLIPTextEncode", "inputs": {"text": ["21", 0], "clip": ["6", 0]}},
    "6": {"class_type": "DualCLIPLoader", "inputs": {"clip_name1": "t5xxl"}},
    "7": {"class_type": "KSamplerSelect", "inputs": {"sampler_name": "euler"}},
    "8": {"class_type": "BasicScheduler", "inputs": {"scheduler": "simple", "steps": 24, "denoise": 1}},
    "9": {
        "class_type": "SamplerCustomAdvanced",
        "inputs": {"noise": ["1", 0], "guider": ["2", 0], "sampler": ["7", 0], "sigmas": ["8", 0]},
    },
    "10": {"class_type": "SaveImage", "inputs": {"images": ["9", 0]}},
    "20": {"class_type": "PrimitiveInt", "inputs": {"value": 18_000_000_000_000_000_000}},
    "21": {"class_type": "PrimitiveString", "inputs": {"value": "a glass fox"}},
}
WORKFLOW: Final[dict[str, Any]] = {
    "nodes": [
        {
            "id": 3,
            "type": "KSampler",
            "inputs": [
                {"name": "positive", "link": 1},
                {"name": "negative", "link": 2},
                {"name": "model", "link": 3},
            ],
            "widgets_values": [99, "fixed", 12, 7, "dpmpp_2m", "karras", 1],
        },
        {"id": 6, "type": "CLIPTextEncode", "widgets_values": ["a castle in the clouds"]},
        {"id": 7, "type": "CLIPTextEncode", "widgets_values": ["fog"]},
        {"id": 4, "type": "CheckpointLoaderSimple", "widgets_values": ["castle.safetensors"]},
    ],
    "links": [[1, 6, 0, 3, 1, "C"], [2, 7, 0, 3, 2, "C"], [3, 4, 0, 3, 0, "MODEL"]],
}
INVOKE: Final[dict[str, Any]] = {
    "generation_mode": "txt2img",
    "positive_prompt": "a whale in the sky",
    "negative_prompt": "people",
    "width": 640,
    "height": 512,
    "seed": 42,
    "cfg_scale": 7.5,
    "steps": 30,
    "scheduler": "euler_a",
    "model": {"key": "x", "hash": "y", "name": "juggernaut-xl", "base": "sdxl", "type": "main"},
    "loras": [{"model": {"name": "ink"}, "weight": 0.7}],
    "app_version": "5.6.0",
}
INVOKE_OLD: Final[dict[str, Any]] = {
    "model": "stable diffusion",
    "model_weights": "stable-diffusion-1.5",
    "image": {
        "prompt": [{"prompt": "an old whale", "weight": 1}],
        "steps": 50,
        "cfg_scale": 7.5,
        "sampler": "k_lms",
        "seed": 5,
        "width": 512,
        "height": 512,
    },
}
SWARM: Final[dict[str, Any]] = {
    "sui_image_params": {
        "prompt": "a balloon over hills",
        "negativeprompt": "rain",
        "model": "OfficialStableDiffusion/sd_xl",
        "seed": 9,
        "steps": 22,
        "cfgscale": 5.5,
        "sampler": "euler",
        "width": 1344,
        "height": 768,
        "loras": ["paper"],
        "swarm_version": "0.9.5",
    }
}
XMP: Final = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Harbour</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">Boats in the morning</rdf:li></rdf:Alt></dc:description>
<dc:subject><rdf:Bag><rdf:li>boats</rdf:li><rdf:li> sea  side </rdf:li><rdf:li>Boats</rdf:li></rdf:Bag></dc:subject>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


def png(texts: dict[str, str], *, data: bytes | None = None, seed: int = 1, side: int = 48) -> bytes:
    """A PNG with text chunks: tEXt for Latin-1, else compressed iTXt (PNG, 11.3.4)."""
    data = data or pictures.encoded(pictures.photo(side, side, seed=seed), "png")
    chunks = b"".join(_text(key.encode(), text) for key, text in texts.items())
    return data[:33] + chunks + data[33:]  # behind IHDR


def _text(key: bytes, text: str) -> bytes:
    try:
        kind, body = b"tEXt", key + b"\0" + text.encode("latin-1")
    except UnicodeEncodeError:
        kind, body = b"iTXt", key + b"\0\1\0\0\0" + zlib.compress(text.encode())
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def exif(
    *, comment: str = "", make: str = "", model: str = "", description: str = "", order: str = ">"
) -> bytes:
    """EXIF with a UserComment in Unicode, as the programs write it, and ASCII tags of the first directory."""
    entries: list[tuple[int, int, bytes]] = []
    for tag, text in ((0x010E, description), (0x010F, make), (0x0110, model)):
        if text:
            entries.append((tag, 2, text.encode() + b"\0"))
    code = "utf-16-be" if order == ">" else "utf-16-le"
    inner = [(0x9286, 7, b"UNICODE\0" + comment.encode(code))] if comment else []
    head = (b"MM\0*" if order == ">" else b"II*\0") + struct.pack(f"{order}I", 8)
    first = len(entries) + bool(inner)
    at = 8 + 2 + 12 * first + 4
    body = b""
    rows = []
    for tag, kind, value in entries:
        rows.append(
            (tag, kind, len(value), at + len(body)) if len(value) > 4 else (tag, kind, len(value), value)
        )
        body += value if len(value) > 4 else b""
    if inner:
        rows.append((0x8769, 4, 1, at + len(body)))
        value = inner[0][2]
        begin = at + len(body) + 2 + 12 + 4
        body += struct.pack(f"{order}HHHII", 1, 0x9286, 7, len(value), begin) + bytes(4) + value
    table = struct.pack(f"{order}H", first)
    for tag, kind, count, where in rows:
        table += struct.pack(f"{order}HHI", tag, kind, count)
        table += where.ljust(4, b"\0") if isinstance(where, bytes) else struct.pack(f"{order}I", where)
    return b"Exif\0\0" + head + table + bytes(4) + body


def with_blobs(format: str, **blobs: bytes) -> bytes:
    """A picture of `format` with metadata of libvips' names, dashes as underscores."""
    image = pictures.photo(48, 32).copy()
    for name, blob in blobs.items():
        image.set_type(pyvips.GValue.blob_type, name.replace("_", "-"), blob)
    return pictures.encoded(image, format)


def jpeg_with_exif(block: bytes) -> bytes:
    """A JPEG with an EXIF segment as it is (libvips would write its own)."""
    data = pictures.encoded(pictures.photo(48, 32), "jpeg")
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + data[2:]


def webp_with_exif(block: bytes) -> bytes:
    """A WebP with an EXIF chunk, without ``Exif\\0\\0`` as the format has it."""
    tiff = block.removeprefix(b"Exif\0\0")
    image = pictures.encoded(pictures.photo(48, 32), "webp", keep="none")
    frame = image[12:]
    header = struct.pack("<I", 0b1000) + (47).to_bytes(3, "little") + (31).to_bytes(3, "little")
    chunks = b"VP8X" + struct.pack("<I", 10) + header + frame
    chunks += b"EXIF" + struct.pack("<I", len(tiff)) + tiff + (b"\0" if len(tiff) % 2 else b"")
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def iptc(*sets: tuple[int, str]) -> bytes:
    """IPTC data sets of record 2 in UTF-8."""
    data = b"\x1c\1\x5a\0\3\x1b%G"
    for number, text in sets:
        value = text.encode()
        data += bytes((0x1C, 2, number)) + struct.pack(">H", len(value)) + value
    return data


def text_of(value: dict[str, Any]) -> str:
    """JSON as programs write it."""
    return json.dumps(value)
