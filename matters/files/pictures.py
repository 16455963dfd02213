"""Decode a picture and write it anew, upright and without EXIF or position. A task of the sandbox: imports no Django."""

from __future__ import annotations

from typing import IO, Any

from PIL import Image, ImageFile, ImageOps, JpegImagePlugin, PngImagePlugin

from matters.files.limits import DECODED_SIDE, KEPT_SIDE, PIXEL_LIMIT, SIDE_LIMIT, SIDE_MINIMUM

# The two that are opened, known before the first fork.
PLUGINS = (JpegImagePlugin, PngImagePlugin)
# Modes that are made smaller as they are; the others are turned into colours first.
PLAIN_MODES = {"L", "RGB", "RGBA", "CMYK"}


def clean_picture(source: IO[bytes], target: IO[bytes], kind: str) -> dict[str, Any]:
    """Write the clean picture. ``kind``: ``JPEG`` or ``PNG``. Codes: clean, too_many_pixels, too_small, broken_picture."""
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
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, OverflowError, KeyError):
        return {"code": "broken_picture"}
    return {"code": "clean"}


def _bare(picture: Image.Image) -> Image.Image:
    """Return the pixels alone: made smaller first, so that nothing large is copied, then upright, on white, in colours."""
    has_alpha = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
    small: Image.Image = picture
    if picture.mode not in PLAIN_MODES or (has_alpha and picture.mode != "RGBA"):
        small = picture.convert("RGBA" if has_alpha else "RGB")
    small.thumbnail((KEPT_SIDE, KEPT_SIDE))
    ImageOps.exif_transpose(small, in_place=True)
    if has_alpha:
        whole = Image.new("RGB", small.size, "white")
        whole.paste(small, mask=small.getchannel("A"))
        return whole
    bare = small if small.mode == "RGB" else small.convert("RGB")
    bare.info = {}  # position, notes, profile, comment: all that is not a pixel
    return bare
