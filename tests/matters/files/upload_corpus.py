"""Files as people and attackers hand them in, made in code: name, bytes, and the refusal expected (None: taken)."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from functools import cache

import pikepdf
from PIL import Image

JAVASCRIPT = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def jpeg(width: int = 320, height: int = 200, *, orientation: int = 0, gps: bool = False, mode: str = "RGB") -> bytes:
    picture = Image.new(mode, (width, height), "white" if mode == "RGB" else 0)
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    if gps:
        exif.get_ifd(0x8825)[1] = "N"
        exif[0x010E] = "<script>alert(1)</script>"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def png(width: int = 320, height: int = 200, mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height)).save(out, "PNG")
    return out.getvalue()


def png_bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """A few kilobytes that claim 2.5 thousand million pixels of one bit."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    row = b"\x00" * (1 + width // 8)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(row * 100))
        + chunk(b"IEND", b"")
    )


def pdf(*, pages: int = 1, password: str = "", owner: str = "", **root: object) -> bytes:
    document = pikepdf.new()
    for _page in range(pages):
        document.add_blank_page()
    for key, value in root.items():
        document.Root[f"/{key}"] = value
    out = io.BytesIO()
    encryption = pikepdf.Encryption(user=password, owner=owner or password) if password or owner else False
    document.save(out, encryption=encryption)
    return out.getvalue()


def pdf_with_attachment() -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    document.attachments["program.exe"] = b"MZ\x90\x00"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf_with_page_action(action: pikepdf.Dictionary) -> bytes:
    document = pikepdf.new()
    page = document.add_blank_page()
    page.obj["/Annots"] = pikepdf.Array(
        [pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action)]
    )
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf_bomb(megabytes: int = 4000) -> bytes:
    """A few kilobytes whose table of contents unpacks to gigabytes."""
    packer = zlib.compressobj()
    start = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(1024 * 1024)) + packer.flush(zlib.Z_FULL_FLUSH)
    body = zlib.compress(start + block * megabytes + packer.flush())
    head = b"%PDF-1.7\n"
    table = (
        b"1 0 obj\n<</Type/XRef/Size 9/W[1 2 1]/Root 2 0 R/Filter[/FlateDecode/FlateDecode]/Length %d>>\nstream\n"
        % len(body)
    )
    return head + table + body + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(head)


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        bundle.writestr("word/document.xml", "<w/>")
    return out.getvalue()


HTML = b"<!doctype html><script>alert(document.cookie)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@cache
def cases() -> dict[str, tuple[str, bytes, str | None]]:
    """Return case name → (file name, content, expected refusal code or None)."""
    name = pikepdf.Name
    link = pikepdf.Dictionary(S=name.URI, URI=pikepdf.String("https://www.gov.cn/"))
    return {
        "photo": ("IMG_0001.JPG", jpeg(), None),
        "photo_without_ending": ("image", jpeg(), None),
        "photo_in_cmyk": ("扫描.jpeg", jpeg(mode="CMYK"), None),
        "picture": ("截图.png", png(), None),
        "picture_with_transparency": ("a.png", png(mode="RGBA"), None),
        "picture_of_sixteen_bits": ("a.png", png(mode="I;16"), None),
        "png_named_jpg": ("a.jpg", png(), None),
        "paper": ("证明.pdf", pdf(), None),
        "paper_with_link": ("a.pdf", pdf_with_page_action(link), None),
        "paper_with_padding": ("a.pdf", pdf() + b"\r\n\x00\x00", None),
        "motion_photo": ("a.jpg", jpeg() + b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 64, None),
        "rare_character_name": ("䶮𬱖.jpg", jpeg(), None),
        "dollar_data": ("a.jpg::$DATA", jpeg(), None),
        "double_ending": ("照片.jpg.exe", jpeg(), None),
        "trailing_dot": ("照片.exe.", jpeg(), None),
        "semicolon": ("shell.php;.jpg", jpeg(), None),
        "empty": ("a.jpg", b"", "empty"),
        "one_byte": ("a.jpg", b"\xff", "unknown_type"),
        "renamed_program": ("身份证.jpg", b"MZ\x90\x00" + b"\x00" * 200, "program"),
        "renamed_elf": ("身份证.pdf", b"\x7fELF\x02" + b"\x00" * 200, "program"),
        "script_file": ("a.png", b"#!/bin/sh\nrm -rf /\n", "program"),
        "svg": ("a.jpg", SVG, "page"),
        "svg_by_name": ("a.svg", SVG, "page"),
        "html": ("a.pdf", HTML, "page"),
        "html_after_spaces": ("a.pdf", b"\xef\xbb\xbf \r\n" + HTML, "page"),
        "word": ("a.pdf", archive(), "archive"),
        "old_word": ("a.pdf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 64, "office"),
        "gif": ("a.jpg", b"GIF89a" + b"\x00" * 64, "other_picture"),
        "webp": ("a.jpg", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "other_picture"),
        "heic": ("a.jpg", b"\x00\x00\x00\x18ftypheic", "heic"),
        "heic_sequence": ("a.heics", b"\x00\x00\x00\x18ftypmsf1\x00\x00\x00\x00msf1hevc", "heic"),
        "heif": ("a.jpg", b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", "heic"),
        "avif": ("a.avif", b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif", "avif"),
        "avif_by_what_it_is_compatible_with": ("a.jpg", b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1avif", "avif"),
        "avif_sequence": ("a.jpg", b"\x00\x00\x00\x18ftypavis\x00\x00\x00\x00msf1avis", "avif"),
        "jpeg_xl": ("a.jpg", b"\x00\x00\x00\x0cJXL \r\n\x87\n", "other_picture"),
        "photo_named_heic": ("IMG_1.HEIC", jpeg(), None),
        "photo_with_a_foreign_ending": ("扫描.tmp", jpeg(), None),
        "video": ("a.jpg", b"\x00\x00\x00\x18ftypmp42", "video"),
        "text": ("a.jpg", b"hello, this is text", "unknown_type"),
        "truncated_photo": ("a.jpg", jpeg(2000, 2000)[:900], "broken_picture"),
        "photo_mark_only": ("a.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 20, "broken_picture"),
        "photo_mark_before_html": ("a.jpg", b"\xff\xd8\xff" + HTML, "broken_picture"),
        "picture_mark_only": ("a.png", b"\x89PNG\r\n\x1a\n", "broken_picture"),
        "picture_bomb": ("a.png", png_bomb(), "too_many_pixels"),
        "ribbon": ("a.png", png(1, 19_000), "too_small"),
        "long_ribbon": ("a.png", png(1, 60_000), "too_many_pixels"),
        "dot": ("a.png", png(1, 1), "too_small"),
        "broken_pdf": ("a.pdf", b"%PDF-1.7\n garbage", "broken_pdf"),
        "pdf_of_nothing": ("a.pdf", b"%PDF-1.7\n%%EOF", "broken_pdf"),
        "locked_pdf": ("a.pdf", pdf(password="geheim"), "locked_pdf"),
        "restricted_pdf": ("a.pdf", pdf(owner="geheim"), "locked_pdf"),
        "opening_script": ("a.pdf", pdf(OpenAction=JAVASCRIPT), "script_pdf"),
        "named_script": ("a.pdf", pdf(Names=pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=[pikepdf.String("x"), JAVASCRIPT]))), "script_pdf"),
        "additional_action": ("a.pdf", pdf(AA=pikepdf.Dictionary(WC=JAVASCRIPT)), "script_pdf"),
        "launch": ("a.pdf", pdf_with_page_action(pikepdf.Dictionary(S=name.Launch, F=pikepdf.String("cmd.exe"))), "script_pdf"),
        "opening_launch": ("a.pdf", pdf(OpenAction=pikepdf.Dictionary(S=name.Launch)), "script_pdf"),
        "submit_form": ("a.pdf", pdf_with_page_action(pikepdf.Dictionary(S=name.SubmitForm)), "script_pdf"),
        "remote_page": ("a.pdf", pdf_with_page_action(pikepdf.Dictionary(S=name.GoToR)), "script_pdf"),
        "xfa": ("a.pdf", pdf(AcroForm=pikepdf.Dictionary(XFA=pikepdf.String("<x/>"))), "script_pdf"),
        "attachment": ("a.pdf", pdf_with_attachment(), "attachment_pdf"),
        "no_pages": ("a.pdf", pdf(pages=0), "no_pages"),
        "too_many_pages": ("a.pdf", pdf(pages=201), "too_many_pages"),
        "pdf_and_zip": ("a.pdf", pdf() + archive(), "mixed_file"),
        "pdf_and_html": ("a.pdf", pdf() + HTML, "mixed_file"),
        "html_and_pdf": ("a.pdf", HTML + pdf(), "page"),
        "noise_and_pdf": ("a.pdf", b"GIFAR?" + pdf(), "mixed_file"),
    }  # fmt: skip


def noisy_jpeg(width: int, height: int) -> bytes:
    """A photo that is as large as a phone's."""
    out = io.BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(out, "JPEG", quality=92)
    return out.getvalue()
