"""What other programs wrote of a picture is read from every kind of file, and nothing in a file breaks the reading."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from easel.media.foreign import a1111, comfy, exif, invoke, swarm, written
from easel.media.foreign.account import Account
from easel.media.foreign.reading import combined, read
from easel.media.inspect import Inspected, inspect
from tests.media import foreign_files as files

SEVERAL = settings(max_examples=30, deadline=None)


def test_a1111_in_each_kind_of_file() -> None:
    by_file = {
        "png": files.png({"parameters": files.A1111}),
        "jpeg": files.jpeg_with_exif(files.exif(comment=files.A1111)),
        "webp": files.webp_with_exif(files.exif(comment=files.A1111, order="<")),
    }
    for kind, data in by_file.items():
        account = inspect(data).account
        assert inspect(data).facts.format == kind
        assert account.tool == "A1111", kind
        assert account.prompt == "a red fox in the snow, (detailed:1.2)\nsecond line"
        assert account.negative_prompt == "blurry, text"
        assert (account.seed, account.model) == (1234567, "dreamshaper_8")
        assert account.parameters == {
            "steps": 28,
            "sampler": "DPM++ 2M",
            "scheduler": "Karras",
            "guidance": 6.5,
            "size": "512x768",
            "model_hash": "abc123",
            "lora_hashes": "one: aa, two: bb",
            "version": "v1.10.0",
        }
    unicode = inspect(files.png({"parameters": files.A1111.replace("fox", "лиса 🦊")})).account
    assert unicode.prompt.startswith("a red лиса 🦊 in the snow")


def test_a_text_that_only_looks_like_settings_is_none() -> None:
    assert a1111.parse("Steps to heaven: a poem, with: colons, and: more, of: them") is None
    assert a1111.parse("a fox") is None
    assert a1111.parse("") is None
    only = a1111.parse("Steps: 20, Sampler: Euler, Seed: 1")
    assert only is not None
    assert (only.prompt, only.seed) == ("", 1)


def test_comfyui_follows_its_graph() -> None:
    account = inspect(files.png({"prompt": files.text_of(files.COMFY)})).account
    assert account.tool == "ComfyUI"
    assert (account.prompt, account.negative_prompt) == ("a lighthouse at dusk", "watermark")
    assert (account.seed, account.model) == (77, "sd_xl_base_1.0.safetensors")
    assert account.parameters == {
        "steps": 20,
        "guidance": 8.0,
        "sampler": "euler",
        "scheduler": "normal",
        "strength": 1.0,
        "size": "1024x576",
    }
    flux = comfy.parse(json.dumps(files.FLUX), "")
    assert flux is not None
    assert (flux.prompt, flux.negative_prompt, flux.model) == ("a glass fox", "", "flux1-dev.safetensors")
    assert flux.seed is None
    assert flux.parameters["seed"] == "18000000000000000000"
    assert (flux.parameters["steps"], flux.parameters["guidance"]) == (24, 3.5)
    drawn = comfy.parse("", json.dumps(files.WORKFLOW))
    assert drawn is not None
    assert (drawn.prompt, drawn.negative_prompt, drawn.seed) == ("a castle in the clouds", "fog", 99)
    assert (drawn.model, drawn.parameters["steps"]) == ("castle.safetensors", 12)
    webp = files.webp_with_exif(files.exif(make="workflow:{}", model=f"prompt:{json.dumps(files.COMFY)}"))
    assert inspect(webp).account.prompt == "a lighthouse at dusk"
    circle = {
        "1": {"class_type": "KSampler", "inputs": {"steps": 1, "positive": ["1", 0], "model": ["1", 0]}}
    }
    assert comfy.parse(json.dumps(circle), "") is not None


def test_invokeai_old_and_new_and_swarmui() -> None:
    new = inspect(files.png({"invokeai_metadata": files.text_of(files.INVOKE)})).account
    assert (new.tool, new.prompt, new.negative_prompt) == ("InvokeAI", "a whale in the sky", "people")
    assert (new.seed, new.model) == (42, "juggernaut-xl")
    assert new.parameters == {
        "steps": 30,
        "guidance": 7.5,
        "scheduler": "euler_a",
        "mode": "txt2img",
        "loras": "ink",
        "size": "640x512",
    }
    old = inspect(files.png({"sd-metadata": files.text_of(files.INVOKE_OLD)})).account
    assert (old.prompt, old.seed, old.model) == ("an old whale", 5, "stable-diffusion-1.5")
    by_png = inspect(files.png({"parameters": files.text_of(files.SWARM)})).account
    by_jpeg = inspect(files.jpeg_with_exif(files.exif(comment=files.text_of(files.SWARM)))).account
    assert by_png == by_jpeg
    assert (by_png.tool, by_png.prompt, by_png.seed) == ("SwarmUI", "a balloon over hills", 9)
    assert by_png.parameters["size"] == "1344x768"
    assert by_png.parameters["guidance"] == 5.5


@pytest.mark.parametrize("format", ["png", "jpeg", "webp", "avif"])
def test_what_people_wrote(format: str) -> None:
    account = inspect(files.with_blobs(format, xmp_data=files.XMP.encode())).account
    assert (account.title, account.description, account.rating) == ("Harbour", "Boats in the morning", 4)
    assert account.tags == ("boats", "sea side")
    assert account.prompt == ""


def test_iptc_and_its_place_behind_xmp() -> None:
    block = files.iptc((5, "Kai"), (25, "hafen"), (25, "möwe"), (120, "Am Morgen"))
    found = written.from_iptc(b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x30" + block)
    assert (found.title, found.description, found.keywords) == ("Kai", "Am Morgen", ["hafen", "möwe"])
    both = combined({}, exif.Exif(keywords="hafen;see"), written.from_xmp(files.XMP.encode()), found)
    assert both.title == "Harbour"
    assert both.tags == ("boats", "sea side", "hafen", "möwe", "see")
    bomb = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]>' + files.XMP.replace("Harbour", "&c;")
    assert written.from_xmp(bomb.encode()).title == ""


def test_texts_are_bounded_and_storable() -> None:
    long = "x" * 3_000_000
    account = inspect(files.png({"parameters": f"{long}\0\nSteps: 1, Sampler: a, Seed: 1"})).account
    assert len(account.prompt) <= 20_000
    many = {f"key {n}": "v" * 5_000 for n in range(500)}
    swarmed = swarm.parse(json.dumps({"sui_image_params": many}))
    assert swarmed is not None
    assert len(swarmed.parameters) <= 60
    assert max(len(str(value)) for value in swarmed.parameters.values()) <= 500
    deep = '{"sui_image_params":' + "[" * 200_000
    assert swarm.parse(deep) is None
    assert invoke.parse('{"seed": ' + "9" * 10_000 + "}", "") is None
    nul = swarm.parse('{"sui_image_params": {"prompt": "a\\u0000\\ud800b", "x": NaN, "y": 1e999}}')
    assert nul is not None
    assert (nul.prompt, dict(nul.parameters)) == ("ab", {})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=5),
    max_leaves=25,
)


def mangled(value: object, draw: st.DataObject) -> object:
    """`value` with parts of it replaced by anything."""
    if isinstance(value, dict):
        return {
            key: draw.draw(JSON) if draw.draw(st.integers(0, 5)) == 0 else mangled(one, draw)
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [draw.draw(JSON) if draw.draw(st.integers(0, 5)) == 0 else mangled(one, draw) for one in value]
    return value


def fit(account: Account | None) -> None:
    """What any account must hold: JSON with an end, storable, and there and back the same."""
    if account is None:
        return
    assert Account.from_json(json.loads(json.dumps(account.as_json(), allow_nan=False))) == account
    json.dumps(account.as_json(), ensure_ascii=False).encode()
    assert "\\u0000" not in json.dumps(account.as_json())
    assert account.seed is None or 0 <= account.seed < 1 << 63


@SEVERAL
@given(st.data(), st.sampled_from([files.COMFY, files.FLUX]))
def test_no_graph_breaks_comfy(data: st.DataObject, graph: dict[str, object]) -> None:
    fit(comfy.parse(json.dumps(mangled(graph, data)), ""))
    fit(comfy.parse("", json.dumps(mangled(files.WORKFLOW, data))))


@SEVERAL
@given(st.data())
def test_no_json_breaks_invoke_or_swarm(data: st.DataObject) -> None:
    fit(invoke.parse(json.dumps(mangled(files.INVOKE, data)), ""))
    fit(invoke.parse("", json.dumps(mangled(files.INVOKE_OLD, data))))
    fit(swarm.parse(json.dumps(mangled(files.SWARM, data))))


@SEVERAL
@given(st.text(max_size=400), st.text(max_size=50), st.integers(0, len(files.A1111)))
def test_no_text_breaks_a1111(text: str, piece: str, at: int) -> None:
    fit(a1111.parse(text))
    fit(a1111.parse(text + "\nSteps: 1, Seed: 2, Size: " + piece))
    fit(a1111.parse(files.A1111[:at] + piece + files.A1111[at:]))


@SEVERAL
@given(st.binary(max_size=300), st.integers(0, 400), st.binary(max_size=6))
def test_no_bytes_break_exif_xmp_or_iptc(data: bytes, at: int, piece: bytes) -> None:
    whole = files.exif(comment=files.A1111, make="workflow:{}")
    for block in (data, b"II*\0" + data, b"MM\0*\0\0\0\x08" + data, whole[:at] + piece + whole[at + 6 :]):
        exif.parse(block)
    xmp = files.XMP.encode()
    sets = files.iptc((5, "Kai"), (25, "hafen"))
    for one, two in ((data, data), (xmp[:at] + piece + xmp[at:], sets[: at % 40] + piece + sets[at % 40 :])):
        fit(combined({}, exif.Exif(), written.from_xmp(one), written.from_iptc(two)))


def test_an_inspection_travels_as_json() -> None:
    found = inspect(files.png({"parameters": files.A1111}))
    assert Inspected.from_json(json.loads(json.dumps(found.as_json()))) == found
    assert read(files.png({}), "png") == Account()
