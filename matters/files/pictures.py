"""Decode a picture and write it anew, upright and without EXIF or position. A task of the sandbox: imports no Django."""

from __future__ import annotations

import statistics
from typing import IO, Any

from PIL import Image, ImageFile, ImageOps, JpegImagePlugin, MpoImagePlugin, PngImagePlugin

from matters.files.limits import DECODED_SIDE, KEPT_SIDE, PIXEL_LIMIT, SIDE_LIMIT, SIDE_MINIMUM

# What is opened (several pictures in one JPEG are the third), known before the first fork.
PLUGINS = (JpegImagePlugin, PngImagePlugin, MpoImagePlugin)
# Modes that are made smaller and written as they are; the others are turned into one of them first.
PLAIN_MODES = {"L", "RGB", "RGBA", "CMYK", "YCbCr"}
# Grey in more than 8 bits, which Pillow would cut off instead of scaling.
DEEP_MODES = {"I", "F", "I;16", "I;16L", "I;16B", "I;16N"}
FULL = (1.0, *(2.0**bits - 1 for bits in (8, 10, 12, 14, 16, 31)), float("inf"))
# How pictures are compared: so many points a side, and by how much (of 255) a point may differ on average.
POINTS, MAY_DIFFER = 32, 16


class PictureLost(Exception):
    """A picture does not look as it did: better refused than kept as an empty page."""


def clean_picture(source: IO[bytes], target: IO[bytes], kind: str) -> dict[str, Any]:
    """Write the clean picture. ``kind``: ``JPEG`` or ``PNG``. Codes: clean, too_many_pixels, too_small, odd_picture, broken_picture."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    Image.MAX_IMAGE_PIXELS = None  # our own limit is the lower one, and has its sentence
    try:
        with Image.open(source, formats=[kind]) as picture:
            width, height = picture.size
            if width * height > PIXEL_LIMIT or max(width, height) > SIDE_LIMIT:
                return {"code": "too_many_pixels", "width": width, "height": height}
            if min(width, height) < SIDE_MINIMUM:
                return {"code": "too_small", "width": width, "height": height}
            if kind == "JPEG":
                picture.draft("RGB", (DECODED_SIDE, DECODED_SIDE))
            picture.load()
            bare = _bare(picture)
            if kind == "JPEG":
                bare.save(target, "JPEG", quality=88)
            else:
                bare.save(target, "PNG")
    except PictureLost:
        return {"code": "odd_picture"}
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, OverflowError, KeyError):
        return {"code": "broken_picture"}
    return {"code": "clean"}


def _bare(picture: Image.Image) -> Image.Image:
    """Return the pixels alone: made smaller first, so that nothing large is copied, then upright, on white, in colours or grey."""
    has_alpha = picture.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in picture.info
    small: Image.Image = picture
    if picture.mode in DEEP_MODES:
        small, has_alpha = _in_8_bits(picture), False
    elif picture.mode not in PLAIN_MODES or (has_alpha and picture.mode != "RGBA"):
        small = picture.convert("RGBA" if has_alpha else "RGB")
    if small is not picture:
        _require_alike(_greys(picture), _greys(small))
    small.thumbnail((KEPT_SIDE, KEPT_SIDE))
    ImageOps.exif_transpose(small, in_place=True)
    if has_alpha:
        small = _on_ground(small)
    elif small.mode == "CMYK":
        small = small.convert("RGB")
    small.info = {}  # position, notes, profile, comment: all that is not a pixel
    return small


def _in_8_bits(picture: Image.Image) -> Image.Image:
    """Return deep grey as 8 bits: by what its greatest value tells about its scale."""
    _low, high = picture.getextrema()
    scale = 255 / _full(float(high))  # type: ignore[arg-type]
    plain = picture if picture.mode in {"I", "F", "I;16"} else picture.convert("I")
    return plain.point(lambda value: value * scale + 0.5).convert("L")


def _full(high: float) -> float:
    """Return what white is, if this is the greatest value: 1 as a fraction, or all bits of what a scanner counts in."""
    return next(full for full in FULL if high <= full)


def _on_ground(picture: Image.Image) -> Image.Image:
    """Lay a picture with transparency on white; white writing on nothing, on dark grey."""
    alpha = picture.getchannel("A")
    for ground in ("white", "#404040"):
        whole = Image.new("RGB", picture.size, ground)
        whole.paste(picture, mask=alpha)
        if ground != "white" or _is_told_apart(whole) or not _is_told_apart(alpha):
            return whole
    raise AssertionError


def _is_told_apart(picture: Image.Image) -> bool:
    low, high = picture.convert("L").getextrema()
    return float(high) - float(low) > MAY_DIFFER  # type: ignore[arg-type]


def _greys(picture: Image.Image) -> list[float]:
    """Return how light a picture is at points all over it, from 0 to 255, read from its own values."""
    points: Any = picture.resize((POINTS, POINTS), Image.Resampling.NEAREST)
    if picture.mode in DEEP_MODES:
        full = _full(float(picture.getextrema()[1]))  # type: ignore[arg-type]
        return [points.getpixel((x, y)) * 255 / full for y in range(POINTS) for x in range(POINTS)]
    values = points.convert("RGBA").tobytes()
    return [
        (0.299 * red + 0.587 * green + 0.114 * blue) * alpha / 255 + 255 - alpha
        for red, green, blue, alpha in zip(*(values[band::4] for band in range(4)), strict=True)
    ]


def _require_alike(before: list[float], after: list[float]) -> None:
    if statistics.fmean(abs(one - other) for one, other in zip(before, after, strict=True)) > MAY_DIFFER:
        raise PictureLost
