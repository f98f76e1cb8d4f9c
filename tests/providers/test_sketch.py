"""Sketch: the same request gives the same picture, and the picture is of what was asked."""

from __future__ import annotations

import asyncio
import colorsys
import hashlib
import itertools
import subprocess
import sys
import time
import typing
from collections.abc import Iterator

import pytest
import pyvips
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from easel.providers.base import ImageFormat, Operation, Request, Result
from easel.providers.errors import BadRequest, OutcomeUnknown
from easel.providers.sketch import Sketch, SketchOptions, Style
from easel.providers.sketch.compose import compose, layout
from easel.providers.sketch.draw import draw, encoded
from easel.providers.sketch.words import catalogue, data, dice, lexicon, look_up, read
from tests.providers.contract.stage import Listener as Kept

MODEL = Sketch.models[0]
STYLES = [style for style in typing.get_args(Style) if style != "auto"]


class Listener(Kept):
    """A call that keeps what it is told; the next news may be slow to pass."""

    def __init__(self, slow: float = 0.0) -> None:
        super().__init__()
        self.slow = slow
        self.first = asyncio.Event()

    async def accepted(self, request_id: str) -> None:
        raise AssertionError("Sketch keeps no requests")

    async def progress(self, step: int, steps: int) -> None:
        await super().progress(step, steps)
        self.first.set()

    async def preview(self, data: bytes) -> None:
        await asyncio.sleep(self.slow)
        await super().preview(data)


def request(
    prompt: str, *, negative: str = "", size: tuple[int, int] = (192, 192), seed: int = 1, images: int = 1,
    form: ImageFormat = "png", steps: int = 1, guidance: float = 7, style: str = "auto",
    operation: Operation = Operation.TEXT_TO_IMAGE,
) -> Request:  # fmt: skip
    options = SketchOptions.model_validate({"steps": steps, "guidance": guidance, "style": style})
    return Request(MODEL, operation, prompt, negative, *size, seed, images, form, options)


def generate(asked: Request, listener: Listener | None = None) -> Result:
    async def run() -> Result:
        sketch = Sketch()
        try:
            return await sketch.generate(asked, listener or Listener())
        finally:
            await sketch.close()

    return asyncio.run(run())


def picture(
    prompt: str, *, negative: str = "", size: tuple[int, int] = (192, 192), seed: int = 1, steps: int = 8,
    guidance: float = 7, style: str = "auto",
) -> bytes:  # fmt: skip
    """A PNG, drawn without previews."""
    drawn, _ = draw(prompt, negative, *size, seed=seed, steps=steps, guidance=guidance, style=style)
    return encoded(drawn, "png")


def small(data: bytes, side: int = 16) -> list[int]:
    """The picture as side × side colours, flattened."""
    image = pyvips.Image.new_from_buffer(data, "").extract_band(0, n=3)
    image = image.thumbnail_image(side, height=side, size="force")
    return list(bytes(image.write_to_memory()))


def distance(one: bytes, two: bytes, side: int = 16) -> float:
    """Mean difference of two pictures' channels, 0 to 255."""
    a, b = small(one, side), small(two, side)
    return sum(abs(x - y) for x, y in zip(a, b, strict=True)) / len(a)


def share_of_hue(data: bytes, low: float, high: float) -> float:
    """The share of pixels with a strong colour whose hue, in degrees, is between low and high (around 360)."""
    values = small(data, 48)
    hits = 0
    for r, g, b in zip(values[::3], values[1::3], values[2::3], strict=True):
        hue, saturation, value = colorsys.rgb_to_hsv(r / 255, g / 255, b / 255)
        hits += (
            (low <= hue * 360 <= high or low <= hue * 360 - 360 <= high) and saturation > 0.5 and value > 0.25
        )
    return hits / (48 * 48)


def test_same_request_gives_the_same_bytes_here_and_in_another_process() -> None:
    asked = request("two green birds over a lake, dreamlike zorblax", steps=8, style="watercolor")
    first = generate(asked).images[0].data
    assert first == generate(asked).images[0].data
    code = (
        "import hashlib, sys; from easel.providers.sketch.draw import draw, encoded;"
        "drawn, _ = draw('two green birds over a lake, dreamlike zorblax', '', 192, 192, seed=1, steps=8,"
        " guidance=7, style='watercolor');"
        "print(hashlib.sha256(encoded(drawn, 'png')).hexdigest())"
    )
    for salt in ("0", "12345"):
        out = subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": salt},
            capture_output=True,
            text=True,
            check=True,
        )
        assert out.stdout.strip() == hashlib.sha256(first).hexdigest()


def test_pictures_of_one_request_follow_the_seed() -> None:
    result = generate(request("a cat", seed=40, images=3))
    assert [image.seed for image in result.images] == [40, 41, 42]
    assert result.images[1].data == picture("a cat", seed=41, steps=1)
    for one, two in itertools.combinations(result.images, 2):
        assert distance(one.data, two.data) > 3


def test_different_prompts_give_plainly_different_pictures() -> None:
    prompts = [
        "a red fox in a forest", "a sailboat on the sea", "a castle at night", "a rocket in space", "a cup of coffee",
        "fish in a coral reef", "desert with a cactus", "a city in the rain", "a snowy mountain", "a pink rose",
        "melancholy of forgotten algebra", "quantum jazz",
    ]  # fmt: skip
    pictures = [picture(prompt) for prompt in prompts]
    for one, two in itertools.combinations(pictures, 2):
        assert distance(one, two) > 12


def test_a_colour_belongs_to_its_subject() -> None:
    red = picture("a red car", guidance=14, style="vivid")
    blue = picture("a blue car", guidance=14, style="vivid")
    assert share_of_hue(red, -15, 15) > 0.03 + share_of_hue(blue, -15, 15)
    assert distance(red, blue) > 3


def test_low_guidance_wanders_and_high_guidance_centres() -> None:
    def focus(guidance: float, seed: int) -> tuple[float, float]:
        x, _, size = compose(read("a dog"), 512, 512, seed, guidance, 1.0).focus
        return abs(x - 500), size

    loose, tight = [focus(1, seed) for seed in range(8)], [focus(19, seed) for seed in range(8)]
    assert sum(x for x, _ in loose) > sum(x for x, _ in tight)
    assert sum(size for _, size in loose) < sum(size for _, size in tight)


def test_what_the_negative_prompt_names_is_gone() -> None:
    assert picture("the sea with a boat", negative="boat") == picture("the sea")
    assert picture("the sea with a boat") != picture("the sea")
    assert picture("the sea without boats") == picture("the sea")
    assert read("a fox in the rain", "rain, foxes").weather == frozenset()
    assert read("a fox in the rain", "rain, foxes").actors == ()
    assert read("a red apple", "red").actors[0].colour is None
    assert "city" not in read("a dog in the city", "city").places
    apple = picture("an apple", negative="red", guidance=14)
    assert share_of_hue(apple, -15, 12) < 0.02


@pytest.mark.parametrize(
    ("prompt", "name", "count"),
    [
        ("three cats", "cat", 3),
        ("a flock of birds", "bird", 9),
        ("two red foxes", "fox", 2),
        ("wolves", "wolf", 4),
        ("a pair of swans", "swan", 2),
        ("a cat", "cat", 1),
        ("hot air balloons", "balloon", 4),
        ("500 dogs and one dog", "dog", 4),
    ],
)
def test_counts(prompt: str, name: str, count: int) -> None:
    actor = next(a for a in read(prompt).actors if a.name == name)
    assert actor.count == count


def test_words_find_place_light_weather_and_look() -> None:
    scene = read("A watercolour of a Red House by the SEA, at sunset, in thick fog; autumn, cosy")
    assert (scene.actors[0].name, scene.places, scene.time) == ("house", ("sea",), "sunset")
    assert (scene.weather, scene.season, scene.style) == (frozenset({"fog"}), "autumn", "watercolor")
    assert scene.moods == {"warm"}
    assert scene.actors[0].colour is not None
    assert read("a watercolour cat", style="oil").style == "oil"
    assert read("a purple fox in a blue desert").ground == read("blue zorblax").colours[0]
    assert read("a fox in red").actors[0].colour is not None
    assert read("a fox in a red forest").actors[0].colour is None
    assert read("an astronaut riding a horse").riding == (("astronaut", "horse"),)


def test_every_word_leads_to_something_that_is_there() -> None:
    sections = {"subjects": set(catalogue())} | {
        name: set(entries) for name, entries in data("vocabulary").items()
    }
    for phrase, meanings in lexicon().items():
        assert phrase == phrase.strip().lower()
        assert phrase
        for section, name in meanings:
            assert name in sections[section]
        assert look_up(phrase.split(), 0)[0] == len(phrase.split())
    assert len(catalogue()) >= 40
    assert {entry["home"] for entry in catalogue().values()} <= sections["places"]
    assert set(data("vocabulary")["styles"]) == set(STYLES) == set(data("looks"))


def test_recipes_put_what_there_is() -> None:
    assert not set(data("pieces")) & set(catalogue())

    def puts(part: object) -> Iterator[str]:
        if isinstance(part, dict):
            named = part.get("put", [])
            yield from [named] if isinstance(named, str) else named
        for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else []:
            yield from puts(inner)

    assert {*puts(data("scenery")), *puts(data("looks"))} <= {*data("pieces"), *catalogue()}


def test_riders_sit_on_their_mounts() -> None:
    for prompt, riders in (("an astronaut riding a horse", 1), ("three cats on a sofa", 3)):
        stage = compose(read(prompt), 512, 512, 1, 7, 1.0)
        seats = [stand for stand in layout(stage, 7, dice(1)) if stand.at == "mount"]
        assert len(seats) == riders


def test_every_subject_draws() -> None:
    empty = compose(read("plain background"), 96, 96, 1, 15, 1.0)
    for name in catalogue():
        drawn = compose(read(f"{name} on a plain background"), 96, 96, 1, 15, 1.0)
        assert not empty.planes["cast"]
        assert drawn.planes["cast"]
    for name in list(catalogue())[::6]:
        bare = picture("plain background", size=(96, 96), steps=4)
        assert distance(bare, picture(f"{name} on a plain background", size=(96, 96), steps=4)) > 4


def test_every_style_is_a_picture_of_its_own() -> None:
    pictures = {
        style: picture("a red fox in a forest at sunset", style=style, size=(256, 256)) for style in STYLES
    }
    apart = [
        (distance(pictures[a], pictures[b], 64), a, b) for a, b in itertools.combinations(STYLES, 2)
    ]  # fmt: skip
    assert min(apart)[0] > 4, min(apart)
    distinct: list[str] = []
    for style in STYLES:
        if all(distance(pictures[style], pictures[other], 64) > 14 for other in distinct):
            distinct.append(style)
    assert len(distinct) >= 14, distinct


@pytest.mark.parametrize(
    "size", [(64, 64), (64, 2048), (2048, 64), (1680, 720), (720, 1280), (513, 257), (65, 1999), (1024, 1024)]
)
def test_size_is_honoured(size: tuple[int, int]) -> None:
    image = pyvips.Image.new_from_buffer(picture("a lighthouse by the sea", size=size, steps=2), "")
    assert (image.width, image.height, image.bands, image.format) == (*size, 3, "uchar")


@pytest.mark.parametrize(("form", "start"), [("png", b"\x89PNG"), ("jpeg", b"\xff\xd8"), ("webp", b"RIFF")])
def test_formats(form: ImageFormat, start: bytes) -> None:
    data = generate(request("a heart", form=form)).images[0].data
    assert data.startswith(start)
    assert form in MODEL.formats


def test_previews_refine_towards_the_final_picture() -> None:
    listener = Listener()
    data = generate(request("a castle by a lake at dawn", steps=8, size=(640, 400)), listener).images[0].data
    assert listener.steps == [(step, 8) for step in range(1, 9)]
    assert 3 <= len(listener.previews) <= 7
    sizes = [pyvips.Image.new_from_buffer(preview, "").width for preview in listener.previews]
    assert max(sizes) <= 512
    assert all(preview.startswith(b"RIFF") for preview in listener.previews)
    away = [distance(preview, data, 32) for preview in listener.previews]
    assert away[-1] < away[0] * 0.6
    assert all(later < earlier + 4 for earlier, later in itertools.pairwise(away)), away


def test_a_slow_listener_loses_previews_not_time() -> None:
    listener = Listener(slow=0.25)
    started = time.monotonic()
    generate(request("a boat", steps=30), listener)
    assert len(listener.previews) <= 1 + (time.monotonic() - started) / 0.25
    assert listener.steps[-1] == (30, 30)


def test_steps_add_detail() -> None:
    blocked, usual, long = (picture("a meadow with flowers", steps=steps) for steps in (1, 8, 50))
    assert blocked != usual != long
    assert len(blocked) < len(usual)


def test_cancelling_stops_the_drawing() -> None:
    async def run() -> float:
        sketch, listener = Sketch(), Listener()
        asked = request("mountains and a lake", steps=50, images=4, size=(1024, 1024), style="paper-cut")
        task = asyncio.create_task(sketch.generate(asked, listener))
        await listener.first.wait()
        started = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        waited = time.monotonic() - started
        # The thread is free again soon: another picture does not wait for the three that were given up.
        await sketch.generate(request("a heart", size=(64, 64)), Listener())
        assert time.monotonic() - started < 5
        told = len(listener.steps)
        await asyncio.sleep(0.2)
        assert len(listener.steps) == told
        await sketch.close()
        return waited

    assert asyncio.run(run()) < 0.3


def test_what_sketch_does_not_do_is_refused_by_name() -> None:
    for asked in (
        request("a cat", operation=Operation.UPSCALE),
        request("a cat", form="avif"),
        request("a cat", size=(63, 64)),
    ):
        with pytest.raises(BadRequest):
            generate(asked)

    async def resume() -> None:
        sketch = Sketch()
        await sketch.cancel("anything", {})
        try:
            await sketch.resume("anything", request("a cat"), Listener())
        finally:
            await sketch.close()

    with pytest.raises(OutcomeUnknown):
        asyncio.run(resume())


def test_every_option_says_what_it_is() -> None:
    for name, field in SketchOptions.model_fields.items():
        assert field.title, name
        assert field.description, name


def test_a_long_prompt_is_not_slow() -> None:
    words = " ".join(catalogue())
    prompt = (f"twelve {words} <svg onload='x'> & " * 40)[:10_000]
    started = time.monotonic()
    picture(prompt, size=(512, 512))
    assert time.monotonic() - started < 4


KNOWN = st.sampled_from(sorted(lexicon()))
PROMPTS = st.one_of(
    st.text(max_size=300),
    st.lists(KNOWN, max_size=14).map(" ".join),
    st.builds("{} {}".format, KNOWN, st.text(max_size=40)),
)


SIZES = st.one_of(
    st.tuples(st.integers(64, 260), st.integers(64, 260)), st.sampled_from([(2048, 64), (64, 2048)])
)
ANYTHING = st.builds(
    request,
    PROMPTS,
    negative=st.just("") | PROMPTS,
    size=SIZES,
    seed=st.integers(0, 2**63 - 1),
    form=st.just("jpeg"),
    steps=st.sampled_from([1, 2, 8, 50]),
    guidance=st.floats(0, 20),
    style=st.sampled_from(typing.get_args(Style)),
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(asked=ANYTHING)
def test_everything_that_may_be_asked_gives_a_picture(asked: Request) -> None:
    image = pyvips.Image.new_from_buffer(generate(asked).images[0].data, "")
    assert (image.width, image.height) == (asked.width, asked.height)
