"""Facts by content; strangers' formats and bombs refused from the header."""

from __future__ import annotations

import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import pytest
import pyvips

from easel.media.errors import ImageTooLarge, NotAnImage
from easel.media.probe import ImageFacts, probe, refuse_cut_off
from tests.media.pictures import FORMATS, animated, encoded, photo, plain, png_by_hand, tagged


@pytest.mark.parametrize("format", FORMATS)
def test_tells_format_and_size(format: str) -> None:
    facts = probe(encoded(photo(64, 48), format))
    assert (facts.format, facts.width, facts.height) == (format, 64, 48)
    assert facts.media_type == f"image/{format}"
    assert (facts.has_alpha, facts.pages) == (False, 1)


@pytest.mark.parametrize("format", ["png", "webp", "avif"])
def test_sees_alpha(format: str) -> None:
    assert probe(encoded(photo(64, 48, alpha=True), format)).has_alpha


@pytest.mark.parametrize("format", ["gif", "webp"])
def test_counts_frames_and_measures_one(format: str) -> None:
    strip = animated([photo(40, 30, seed=n) for n in (1, 2, 3)])
    facts = probe(encoded(strip, format))
    assert (facts.pages, facts.width, facts.height) == (3, 40, 30)


@pytest.mark.parametrize(("orientation", "size"), [(1, (64, 48)), (3, (64, 48)), (6, (48, 64))])
def test_measures_as_the_eye_does(orientation: int, size: tuple[int, int]) -> None:
    facts = probe(encoded(tagged(photo(64, 48), orientation), "jpeg"))
    assert (facts.width, facts.height) == size


def test_a_name_is_not_asked_for_and_a_header_is_enough() -> None:
    data = encoded(photo(640, 480), "png")
    assert probe(data[:4000]) == ImageFacts("png", 640, 480, "image/png", False, 1)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"GIF89a",
        b"RIFF\x10\0\0\0WEBP",
        b"\0\0\0\x18ftypavif",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100),
        b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
        b"<!doctype html><img src=x>",
        b"%PDF-1.7\n",
        b"BM" + bytes(60),
        b"\xff\x0a" + bytes(60),
        b"P6 1 1 255 abc",
        b"#?RADIANCE\n",
        bytes(1000),
        bytes(plain(8, 8, (1, 2, 3)).tiffsave_buffer()),
        b"\n" + encoded(plain(8, 8, (1, 2, 3)), "png"),
    ],
)
def test_refuses_everything_else(data: bytes) -> None:
    with pytest.raises(NotAnImage):
        probe(data)


def test_other_loaders_cannot_run_even_when_named() -> None:
    svg = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"
    # In a process of its own: where Sketch has drawn, it may load the drawings that it made itself.
    code = f"import pyvips, easel.media; pyvips.Image.svgload_buffer({svg!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode != 0
    assert "blocked" in done.stderr
    tiff = plain(8, 8, (1, 2, 3)).tiffsave_buffer()
    with pytest.raises(pyvips.Error, match="blocked"):
        pyvips.Image.tiffload_buffer(tiff)
    with pytest.raises(pyvips.Error):
        pyvips.Image.new_from_buffer(tiff, "")


def test_refuses_a_bomb_from_its_header() -> None:
    began = time.thread_time()
    with pytest.raises(ImageTooLarge, match="60000 × 60000 pixels; 200 million"):
        probe(png_by_hand(60_000, 60_000))
    assert time.thread_time() - began < 0.1  # nothing was decoded


def test_refuses_a_side_beyond_all_formats(capfd: pytest.CaptureFixture[str]) -> None:
    for width in (65_536, 9_000_000, 2**31 - 1, 2**32 - 1):
        with pytest.raises(ImageTooLarge, match="65535 a side"):
            probe(png_by_hand(width, 16))
    avif = encoded(photo(64, 48), "avif")
    at = avif.index(b"ispe") + 8
    with pytest.raises(ImageTooLarge, match="65535 a side"):
        probe(avif[:at] + b"\x75" + avif[at + 1 :])
    assert capfd.readouterr().err == ""
    assert probe(png_by_hand(65_535, 16)).width == 65_535


def test_the_limit_is_the_callers() -> None:
    data = encoded(photo(64, 48), "png")
    assert probe(data, max_pixels=64 * 48)
    with pytest.raises(ImageTooLarge):
        probe(data, max_pixels=64 * 48 - 1)


@pytest.mark.parametrize("kind", ["png", "jpeg"])
def test_a_file_whose_end_is_missing_is_refused_by_its_bytes(kind: str) -> None:
    noise = pyvips.Image.gaussnoise(64, 64, seed=1).cast("uchar").copy(interpretation="b-w")
    data: bytes = encoded(noise, kind)
    for as_it_comes in (bytes, BytesIO):
        refuse_cut_off(as_it_comes(data))
        refuse_cut_off(as_it_comes(data + b"some writers add to it"))
        for end in (len(data) // 2, len(data) - 9):
            with pytest.raises(NotAnImage, match="cut off"):
                refuse_cut_off(as_it_comes(data[:end]))


@pytest.mark.parametrize("format", FORMATS)
def test_tells_the_same_of_an_open_file(format: str, tmp_path: Path) -> None:
    data = encoded(photo(640, 480), format)
    (tmp_path / "picture").write_bytes(data)
    with (tmp_path / "picture").open("rb") as file:
        assert file.read(9)  # wherever it was read to
        assert probe(file) == probe(data)
        refuse_cut_off(file)
        with pytest.raises(ImageTooLarge):
            probe(file, max_pixels=640 * 480 - 1)
    (tmp_path / "words").write_bytes(b"<html>" + bytes(99))
    with (tmp_path / "words").open("rb") as file, pytest.raises(NotAnImage):
        probe(file)
