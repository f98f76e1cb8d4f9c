"""Pipelines run for real, on the CPU: tiny ones with random weights, built on disk once for this module."""

from __future__ import annotations

import asyncio
import importlib
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pyvips
from hypothesis import example, given, settings
from hypothesis import strategies as st

from easel.base.local_settings import LocalModels
from easel.providers import errors
from easel.providers.base import Capability, Inputs, Model, Operation, Picture
from easel.providers.diffusers import Diffusers, families, folder
from tests.providers.contract.requests import MARGINS, request
from tests.providers.contract.stage import Listener
from tests.providers.local import tiny, tiny_transformers
from tests.servers import pictures

# PyTorch is loaded at first, which takes its time on a busy machine.
pytestmark = [pytest.mark.anyio, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two pipelines and what goes with them, and some that cannot be used."""
    place = tmp_path_factory.mktemp("models")
    pipeline = tiny.stable_diffusion(place, "own/tiny-turbo")
    tiny.stable_diffusion_xl(place, "tiny-xl-turbo")
    tiny.controlnet(place, pipeline)
    tiny.lora(place, pipeline)
    tiny.lora(place, pipeline, "watercolour", seed=5)
    tiny.ip_adapter(place, pipeline)
    for name, kind in (("video", "WanPipeline"), ("pickled", "StableDiffusionPipeline"), ("broken", None)):
        (place / name / "unet").mkdir(parents=True)
        (place / name / folder.INDEX).write_text(json.dumps({"_class_name": kind}) if kind else "{")
    (place / "pickled" / "unet" / "diffusion_pytorch_model.bin").write_bytes(b"a pickle")
    return place


def provider_of(models: Path, **more: Any) -> Diffusers:
    return Diffusers(LocalModels(_env_file=None, EASEL_LOCAL_MODELS=models, EASEL_LOCAL_DEVICE="cpu", **more))


@pytest.fixture
async def provider(models: Path) -> AsyncIterator[Diffusers]:
    opened = provider_of(models)
    yield opened
    await opened.close()


@pytest.fixture
async def small(provider: Diffusers) -> Model:
    return next(model for model in await provider.discover() if model.id.endswith("own-tiny-turbo"))


async def picture(provider: Diffusers, *asked: Any, inputs: Inputs | None = None, **options: Any) -> bytes:
    wanted = request(*asked, **options)
    if inputs is not None:
        object.__setattr__(wanted, "inputs", inputs)
    async with asyncio.timeout(100):
        return (await provider.generate(wanted, Listener({}))).images[0].data


async def test_what_a_folder_holds(models: Path, provider: Diffusers) -> None:
    found = {model.id: model for model in await provider.discover()}
    assert set(found) == {"local/own-tiny-turbo", "local/tiny-xl-turbo"}
    model = found["local/own-tiny-turbo"]
    assert (model.name, model.sizes.default) == ("tiny-turbo", (64, 64))
    assert {Capability.STYLE_IMAGE, Capability.PROMPT_WEIGHTS, Capability.INPAINT} <= model.capabilities
    described = model.options.model_json_schema()["properties"]
    assert described["lora"]["enum"] == described["lora_2"]["enum"] == ["none", "sepia", "watercolour"]
    assert "lora_3" not in described
    assert described["control"]["enum"] == ["none", "lines"]
    assert "dpm++ 2m karras" in described["sampler"]["enum"]
    assert model.options().model_dump()["steps"] == 4
    # What was kept of it is all that another process needs, which has no such folder.
    kept = json.loads(json.dumps(model.found))
    again = Diffusers().known(model.id, kept)
    assert again.options.model_json_schema() == model.options.model_json_schema()
    # And why the others are not there.
    with pytest.raises(folder.NotOffered, match="pickled weights"):
        folder.weights(models / "pickled")
    with pytest.raises(folder.NotOffered, match="WanPipeline"):
        folder.described("video", {"_class_name": "WanPipeline"}, source="folder")
    with pytest.raises(folder.NotOffered, match="not in"):
        folder.inside(models, "loras", "../../elsewhere")
    gone = provider_of(models / "gone")
    with pytest.raises(errors.ProviderError, match="no folder"):
        await gone.discover()


async def test_what_is_beside_a_model_changes_its_pictures_and_leaves_nothing_behind(
    provider: Diffusers, small: Model
) -> None:
    text, start = Operation.TEXT_TO_IMAGE, Operation.IMAGE_TO_IMAGE
    plain, begun = await picture(provider, small, text), await picture(provider, small, start)
    style = request(small, start).inputs.image
    changed = {
        "sampler": await picture(provider, small, text, sampler="dpm++ 2m karras"),
        "guidance": await picture(provider, small, text, guidance=9),
        "clip skip": await picture(provider, small, text, guidance=9, clip_skip=1),
        "lora": await picture(provider, small, text, lora="sepia"),
        "lora by half": await picture(provider, small, text, lora="sepia", lora_scale=0.5),
        "two loras": await picture(provider, small, text, lora="sepia", lora_2="watercolour"),
        "of one all": await picture(
            provider, small, text, lora="sepia", lora_2="watercolour", lora_2_scale=0.2
        ),
        "style": await picture(provider, small, text, inputs=Inputs(style_image=style)),
        "control": await picture(provider, small, start, control="lines"),
        "edges": await picture(provider, small, start, control="lines", control_edges=True),
        "weights": await picture(provider, small, text, guidance=9, prompt="a red (fox:1.6) in the snow"),
    }
    assert len({plain, begun, *changed.values()}) == len(changed) + 2
    assert await picture(provider, small, text) == plain
    assert await picture(provider, small, start) == begun
    with pytest.raises(errors.BadRequest, match="picture to start from"):
        await picture(provider, small, text, control="lines")
    large = next(model for model in await provider.discover() if "xl" in model.id)
    with pytest.raises(errors.BadRequest, match="LoRA sepia does not fit"):
        await picture(provider, large, text, lora="sepia")
    same = await picture(provider, small, text, lora="watercolour", lora_2="sepia")
    seen, other = pictures.read(changed["two loras"]), pictures.read(same)
    assert (seen - other).abs().max() < 3  # in any order
    # Each picture of several is what it would be alone.
    both = await provider.generate(request(small, text, images=2), Listener({}))
    assert both.images[0].data == plain
    assert both.images[1].data == await picture(provider, small, text, seed=8)


async def test_inpainting_leaves_what_the_mask_leaves_in_any_size(provider: Diffusers, small: Model) -> None:
    width, height = 149, 101
    noise = pyvips.Image.gaussnoise(width, height, mean=128, sigma=40, seed=3).cast("uchar")
    before = noise.bandjoin([noise, noise]).copy(interpretation="srgb")
    mask = pyvips.Image.black(width, height).draw_rect(255, 80, 0, 69, height, fill=True)
    asked = request(small, Operation.INPAINT, strength=1.0)
    for name, value in (("width", width), ("height", height)):
        object.__setattr__(asked, name, value)
    given = [Picture(each.pngsave_buffer(), "png", width, height) for each in (before, mask)]
    object.__setattr__(asked, "inputs", Inputs(image=given[0], mask=given[1]))
    call = Listener({})
    after = pictures.read((await provider.generate(asked, call)).images[0].data)
    assert (after.width, after.height) == (width, height)
    change = (after - before).abs()
    assert change.crop(0, 0, 80, height).max() == 0
    assert change.crop(100, 0, 40, height).max() > 0
    assert call.steps[-1] == (4, 4)


async def test_outpainting_goes_on_around_what_stays(provider: Diffusers, small: Model) -> None:
    asked = request(small, Operation.OUTPAINT)
    before = pictures.read(asked.inputs.image.data) if asked.inputs.image else None
    assert before is not None
    after = pictures.read(await picture(provider, small, Operation.OUTPAINT))
    assert (after.width, after.height) == (asked.width, asked.height)
    inner = after.crop(MARGINS.left, MARGINS.top, before.width, before.height)
    assert (inner - before).abs().max() == 0
    repeated = before.embed(MARGINS.left, MARGINS.top, after.width, after.height, extend="copy")
    assert (after - repeated).abs().crop(0, before.height + 16, after.width, 48).avg() > 1


async def test_loaded_pipelines_stay_within_the_memory(models: Path) -> None:
    provider = provider_of(models)
    one, two = await provider.discover()
    for model in (one, two, one):
        await picture(provider, model, Operation.TEXT_TO_IMAGE)
    engine = provider._engine
    assert engine is not None
    assert engine.names == ("tiny-xl-turbo", "own/tiny-turbo")
    sizes = {name: loaded.size for name, loaded in engine._loaded.items()}
    assert engine.used == sum(sizes.values())
    engine.budget = max(sizes.values())
    await picture(provider, two, Operation.TEXT_TO_IMAGE)
    # It was there already; what makes room is whoever comes next.
    assert engine.names == ("own/tiny-turbo", "tiny-xl-turbo")
    await provider.close()

    tight = provider_of(models, EASEL_LOCAL_MEMORY_GB=(sum(sizes.values()) - 1) / (1 << 30))
    for model in (one, two):
        await picture(tight, model, Operation.TEXT_TO_IMAGE)
        assert tight._engine is not None
        assert len(tight._engine.names) == 1
    await tight.close()
    tiniest = provider_of(models, EASEL_LOCAL_MEMORY_GB=1e-6)
    with pytest.raises(errors.OutOfMemory, match="EASEL_LOCAL_MEMORY_GB"):
        await picture(tiniest, one, Operation.TEXT_TO_IMAGE)
    await tiniest.close()


@pytest.mark.parametrize("build", [tiny_transformers.stable_diffusion_3, tiny_transformers.flux])
async def test_transformers_are_called_as_they_want_to_be(
    build: Callable[[Path], Path], tmp_path: Path
) -> None:
    build(tmp_path)
    provider = provider_of(tmp_path)
    (model,) = await provider.discover()
    assert {Capability.IMAGE_TO_IMAGE, Capability.OUTPAINT} <= model.capabilities
    # More words than CLIP reads: they are for T5, or cut off.
    long = "a red fox in the snow " * 10
    made = [
        await picture(provider, model, Operation.TEXT_TO_IMAGE, prompt=long),
        await picture(provider, model, Operation.TEXT_TO_IMAGE, seed=8),
        await picture(provider, model, Operation.IMAGE_TO_IMAGE),
        await picture(provider, model, Operation.INPAINT),
        await picture(provider, model, Operation.OUTPAINT),
    ]
    assert len(set(made)) == len(made)
    await provider.close()


@pytest.mark.parametrize(
    ("prompt", "read"),
    [
        ("a fox", [("a fox", 1)]),
        ("a (red) fox", [("a ", 1), ("red", 1.1), (" fox", 1)]),
        ("((a)) [b]", [("a", 1.21), (" ", 1), ("b", 0.909)]),
        ("(a (b:2) c:1.5)", [("a ", 1.5), ("b", 3), (" c", 1.5)]),
        (r"a \(b\) :c", [("a (b) :c", 1)]),
        ("an (open bracket, 1:2)", [("an ", 1), ("open bracket, 1", 2)]),
        ("(open [both", [("(open [both", 1)]),
        ("closed) early]", [("closed) early]", 1)]),
        ("", []),
    ],
)
def test_weights_of_words(prompt: str, read: list[tuple[str, float]]) -> None:
    prompts = importlib.import_module("easel.providers.diffusers.prompts")
    parts = prompts.parts(prompt)
    assert [part.text for part in parts] == [text for text, _ in read]
    assert [part.weight for part in parts] == pytest.approx([weight for _, weight in read], rel=1e-3)


@settings(max_examples=200, deadline=None, database=None)
@given(
    st.text(st.sampled_from("ab (((:)))[[]].\\19-+") | st.characters(exclude_categories=["Cs"]), max_size=60)
)
@example("((a:0):" + "9" * 400 + ")")
def test_no_prompt_breaks_the_reading_of_weights(prompt: str) -> None:
    parts = importlib.import_module("easel.providers.diffusers.prompts").parts(prompt)
    assert all(part.text and 0 <= part.weight <= 10 for part in parts)
    words = "".join(part.text for part in parts)
    assert [mark for mark in words if mark.isalpha()] == [mark for mark in prompt if mark.isalpha()]


async def test_long_and_weighted_prompts_are_encoded_whole(models: Path) -> None:
    import torch
    from diffusers import DiffusionPipeline

    prompts = importlib.import_module("easel.providers.diffusers.prompts")
    for name, width in (("own/tiny-turbo", 32), ("tiny-xl-turbo", 64)):
        pipe = DiffusionPipeline.from_pretrained(str(models / name), local_files_only=True)
        own = pipe.encode_prompt(
            prompt="a fox",
            device="cpu",
            num_images_per_prompt=1,
            do_classifier_free_guidance=True,
            negative_prompt="blurry",
        )
        named = prompts.encoded(pipe, "a fox", "blurry", clip_skip=0)
        for mine, theirs in zip([named[key] for key in _ORDER if key in named], own, strict=True):
            assert torch.allclose(mine, theirs, atol=1e-5)
        # Letters are tokens here: 210 of them are three looks.
        long = "ab " * 105
        assert prompts.wants_encoding(pipe.tokenizer, long)
        assert not prompts.wants_encoding(pipe.tokenizer, "a fox")
        more = prompts.encoded(pipe, long, "", clip_skip=0)
        assert more["prompt_embeds"].shape == more["negative_prompt_embeds"].shape == (1, 231, width)
        heavy = prompts.encoded(pipe, "a (fox:1.5)", "blurry", clip_skip=0)
        assert not torch.allclose(heavy["prompt_embeds"], named["prompt_embeds"])
        assert torch.isclose(heavy["prompt_embeds"].mean(), named["prompt_embeds"].mean(), atol=1e-4)


_ORDER = ("prompt_embeds", "negative_prompt_embeds", "pooled_prompt_embeds", "negative_pooled_prompt_embeds")


def test_what_easel_knows_of_pipelines_is_what_diffusers_says() -> None:
    import diffusers
    from diffusers.pipelines import auto_pipeline as auto

    facts = json.loads(Path(families.__file__).with_name("families.json").read_text())
    first = {kind.__name__: key for key, kind in auto.AUTO_TEXT2IMAGE_PIPELINES_MAPPING.items()}
    listed = {*facts["families"], *facts["image_to_image"], *facts["inpaint"], *facts["text_to_image_only"]}
    assert listed <= first.keys()
    for kind in listed:
        known = families.family(kind)
        assert known is not None
        assert known.from_picture == (first[kind] in auto.AUTO_IMAGE2IMAGE_PIPELINES_MAPPING), kind
        assert known.inpaint == (first[kind] in auto.AUTO_INPAINT_PIPELINES_MAPPING), kind
    for name, told in families.SAMPLERS.values():
        assert getattr(diffusers, name)(**told)


def test_neither_the_web_server_nor_an_ordinary_worker_loads_pytorch() -> None:
    script = """
import sys
from easel.app import api, open, worker
from easel.base.settings import load
provider = open.load_providers(load()).get("local")
assert provider is not None and provider.missing_here
loaded = {"torch", "diffusers", "transformers", "PIL"} & set(sys.modules)
assert not loaded, loaded
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_previews_of_every_kind_of_latents() -> None:
    import torch

    previews = importlib.import_module("easel.providers.diffusers.previews")
    for kind, latents in {
        "sd": torch.randn(1, 4, 12, 16),
        "sdxl": torch.randn(1, 4, 12, 16).half(),
        "sd3": torch.randn(1, 16, 12, 16),
        "flux": torch.randn(1, 6 * 8, 64),
    }.items():
        seen = pictures.read(previews.looked_at(latents, kind, 1024, 768))
        assert (seen.width, seen.height) == (256, 192), kind
    assert previews.looked_at(torch.randn(1, 7, 4, 4), "sd", 32, 32) is None
    assert previews.looked_at(torch.randn(1, 5, 64), "flux", 32, 16) is None
