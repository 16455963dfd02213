"""A picture looks afterwards as it did before, however it holds its colours."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageDraw, ImageStat

from matters.files import pictures
from matters.files.pictures import clean_picture


def page() -> Image.Image:
    """Black writing on light grey, and a run of greys below."""
    drawn = Image.new("L", (320, 200), 225)
    ImageDraw.Draw(drawn).text((20, 20), "Certificate 2026", fill=0, font_size=30)
    drawn.paste(Image.linear_gradient("L").rotate(90).resize((320, 80)), (0, 120))
    return drawn


def deep(mode: str, white: float) -> Image.Image:
    return (
        page()
        .convert("F")
        .point(lambda value: value * (white / 255) + 0.0)
        .convert("I" if mode != "F" else "F")
        .convert(mode)
    )


def seen_through(mode: str) -> Image.Image:
    """Black on nothing, as a signing pad gives it; grey by how much of white shines through."""
    black = Image.new("RGBA", (320, 200), "black")
    black.putalpha(page().point(lambda value: 255 - value))
    return black.convert(mode)


MODES: dict[str, Any] = {
    "L": page,
    "LA": lambda: page().convert("LA"),
    "P": lambda: page().convert("P"),
    "P of colours": lambda: page().convert("RGB").quantize(128),
    "RGB": lambda: page().convert("RGB"),
    "RGBA": lambda: page().convert("RGBA"),
    "RGBA seen through": lambda: seen_through("RGBA"),
    "LA seen through": lambda: seen_through("LA"),
    "I;16": lambda: deep("I;16", 65535),
    "I;16 of 12 bits": lambda: deep("I;16", 4095),
    "I;16 of 8 bits": lambda: deep("I;16", 255),
    "I": lambda: deep("I", 65535),
    "F": lambda: deep("F", 1),
    "F of 8 bits": lambda: deep("F", 255),
    "CMYK": lambda: page().convert("CMYK"),
    "YCbCr": lambda: page().convert("RGB").convert("YCbCr"),
    "HSV": lambda: page().convert("RGB").convert("HSV"),
}


def alike(one: Image.Image, other: Image.Image) -> bool:
    """Whether two pictures look the same in small."""
    small = [each.convert("L").resize((64, 40), Image.Resampling.BOX) for each in (one, other)]
    differences = [abs(before - after) for before, after in zip(*(each.tobytes() for each in small), strict=True)]
    return max(differences) < 24 and sum(differences) / len(differences) < 4


def kept(file: bytes, kind: str) -> Image.Image:
    target = io.BytesIO()
    assert clean_picture(io.BytesIO(file), target, kind) == {"code": "clean"}
    return Image.open(io.BytesIO(target.getvalue()))


def saved(picture: Image.Image, kind: str, **more: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


@pytest.mark.parametrize("mode", MODES)
def test_of_any_mode_the_pixels_stay(mode: str) -> None:
    assert alike(pictures._bare(MODES[mode]()), page())


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode.split()[0] in {"L", "LA", "P", "RGB", "RGBA", "I;16"}])
def test_of_any_png_too(mode: str) -> None:
    assert alike(kept(saved(MODES[mode](), "PNG"), "PNG"), page())


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK", "YCbCr"])
def test_and_of_any_jpeg(mode: str) -> None:
    assert alike(kept(saved(MODES[mode](), "JPEG", quality=90), "JPEG"), page())


def test_of_one_bit() -> None:
    assert alike(kept(saved(page().convert("1"), "PNG"), "PNG"), page().convert("1"))


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "P"])
def test_of_one_colour_that_is_said_to_be_nothing(mode: str) -> None:
    """The white of a page that is left out: it is white again."""
    drawn = page().point(lambda value: 255 if value > 127 else 0).convert(mode)
    nothing = {"1": 255, "L": 255, "RGB": (255, 255, 255), "P": 255}[mode]
    assert alike(kept(saved(drawn, "PNG", transparency=nothing), "PNG"), drawn)


def test_of_16_bits_a_colour() -> None:
    """Written by hand: Pillow reads such files and writes none."""
    import struct
    import zlib

    rgb = page().convert("RGB")
    rows = b"".join(
        b"\0" + b"".join(struct.pack(">H", value * 257) for value in rgb.crop((0, y, 320, y + 1)).tobytes())
        for y in range(200)
    )
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", 320, 200, 16, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    file = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    )
    assert alike(kept(file, "PNG"), page())


def test_of_several_in_one_the_first() -> None:
    file = saved(page().convert("RGB"), "MPO", save_all=True, append_images=[Image.new("RGB", (320, 200))])
    assert alike(kept(file, "JPEG"), page())


def test_of_grey_with_a_profile() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = kept(saved(page(), "JPEG", quality=90, icc_profile=profile), "JPEG")
    assert alike(picture, page())
    assert "icc_profile" not in picture.info


def test_of_red_green_and_blue_as_they_are() -> None:
    """A JPEG whose colours were never turned into lightness and tint (`keep_rgb`)."""
    coloured = Image.new("RGB", (320, 200), (200, 30, 60))
    for file in (saved(coloured, "JPEG", keep_rgb=True), saved(coloured, "JPEG")):
        red, green, blue = ImageStat.Stat(kept(file, "JPEG").convert("RGB")).mean
        assert red > 180
        assert green < 50
        assert 40 < blue < 80


def test_white_writing_on_nothing_can_be_read() -> None:
    white = Image.new("RGBA", (320, 200), "white")
    white.putalpha(page().point(lambda value: 255 if value < 100 else 0))
    low, high = kept(saved(white, "PNG"), "PNG").convert("L").getextrema()
    assert (low, high) == (64, 255)


def test_a_picture_that_would_become_another_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Pillow itself would turn 16 bits into an empty white page."""
    monkeypatch.setattr(pictures, "_in_8_bits", lambda picture: picture.convert("RGB").point(lambda _value: 255))
    assert clean_picture(io.BytesIO(saved(MODES["I;16"](), "PNG")), io.BytesIO(), "PNG") == {"code": "odd_picture"}
