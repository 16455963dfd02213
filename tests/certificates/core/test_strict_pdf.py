"""Only files that are exactly ours pass, and every tampering is refused."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.activities.checking import is_sealed_by_us
from certificates.core.strict_pdf import LARGEST_FILE, find_faults, signature_range
from certificates.pdf.rendering import render_certificate
from tests.certificates.faces import TOKEN, a_face


@pytest.fixture(scope="module")
def genuine() -> bytes:
    return render_certificate(a_face(), TOKEN, moment=datetime.now(UTC))


def is_refused(data: bytes) -> bool:
    return bool(find_faults(data)) or not is_sealed_by_us(data)


def test_our_own_file_passes(genuine: bytes) -> None:
    assert find_faults(genuine) == []
    assert is_sealed_by_us(genuine)


def test_a_changed_byte_in_every_kilobyte_is_refused(genuine: bytes) -> None:
    for place in range(0, len(genuine), 1024):
        tampered = bytearray(genuine)
        tampered[place] ^= 0x01
        assert is_refused(bytes(tampered)), place


def test_a_changed_signature_is_refused(genuine: bytes) -> None:
    start, end = signature_range(genuine) or (0, 0)
    for place in range(start + 1, end - 1, 200):
        tampered = bytearray(genuine)
        tampered[place] = ord("a") if tampered[place] != ord("a") else ord("b")
        assert is_refused(bytes(tampered)), place


def test_what_is_appended_is_refused(genuine: bytes) -> None:
    import pikepdf

    for tail in (b"\n", b"%%EOF\n", b"1 0 obj\n<<>>\nendobj\n", genuine, b"<html>"):
        assert find_faults(genuine + tail)
    with pikepdf.open(BytesIO(genuine)) as document:
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        out = BytesIO()
        document.save(out)
    assert find_faults(out.getvalue())


def test_an_incremental_update_is_refused(genuine: bytes) -> None:
    from pyhanko.pdf_utils.generic import NameObject, TextStringObject, pdf_name
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(genuine))
    writer.root[pdf_name("/Note")] = TextStringObject("new")
    writer.root[NameObject("/Note")] = TextStringObject("newer")
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    assert find_faults(out.getvalue())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"/Type /Catalog", b"/OpenAction 1 0 R /Type /Catalog"),
        (b"/SigFlags 3", b"/SigFlags 3 /NeedAppearances true"),
        (b"/S /URI", b"/S /Launch"),
        (b"/P 1", b"/P 3"),
        (b"/FT /Sig", b"/FT /Tx"),
        (b"/ByteRange", b"/ByteRage"),
        (b"/SubFilter /ETSI.CAdES.detached", b"/SubFilter /adbe.pkcs7.detached"),
        (b"/Lang", b"/Lang#20"),
        (b"%%EOF", b"%%EOF\n%%EOF"),
        (b"%PDF-1.7", b"%PDF-1.4"),
        (b"trailer", b"trailer\n<< /Prev 9 >>\ntrailer"),
    ],
)
def test_a_changed_structure_is_refused_before_anything_is_parsed(genuine: bytes, before: bytes, after: bytes) -> None:
    assert before in genuine
    assert find_faults(genuine.replace(before, after, 1))


def test_a_range_that_leaves_something_out_is_refused(genuine: bytes) -> None:
    written = re.search(rb"/ByteRange \[ (\d+) (\d+) (\d+) (\d+) \]", genuine)
    assert written is not None
    numbers = [int(number) for number in written.groups()]
    for place, change in ((0, 1), (1, -10), (2, 10), (3, -1)):
        moved = [number + (change if index == place else 0) for index, number in enumerate(numbers)]
        forged = b"/ByteRange [ %d %d %d %d ]" % tuple(moved)
        forged = forged.ljust(len(written[0]))[: len(written[0])]
        assert "coverage" in find_faults(genuine.replace(written[0], forged)) or find_faults(
            genuine.replace(written[0], forged)
        )


def test_two_signatures_are_refused(genuine: bytes) -> None:
    doubled = genuine.replace(b"/Type /Annot /Subtype /Link", b"/Type /Sig /ByteRange [ 0 1 2 3 ] /Subtype /Link")
    assert find_faults(doubled)


def test_a_hidden_object_is_refused(genuine: bytes) -> None:
    """A shadow: bytes between two objects, for a reader that scans instead of following the table."""
    place = genuine.index(b"\nendobj\n", len(genuine) // 2) + len(b"\nendobj\n")
    assert find_faults(genuine[:place] + b"3 0 obj\n<< /Type /Page >>\nendobj\n" + genuine[place:])


def test_another_signers_file_is_refused(tmp_path: object, settings: object, genuine: bytes) -> None:
    settings.YIJIAN_DEVELOPMENT_SEAL_DIR = tmp_path  # type: ignore[attr-defined]
    forged = render_certificate(a_face(), TOKEN, moment=datetime.now(UTC))
    assert find_faults(forged) == []
    assert is_sealed_by_us(forged)
    assert not is_sealed_by_us(genuine)


@given(st.binary(max_size=400))
def test_it_never_fails_on_any_bytes(data: bytes) -> None:
    assert find_faults(data)
    assert find_faults(b"%PDF-1.7\n" + data)


@pytest.mark.parametrize(
    "filling", [b"0", b"(", b"<", b"9 0 obj\n", b"/Length 1 ", b"/URI (", b"trailer\n", b">>\nstream\n"]
)
def test_hostile_sizes_are_answered_quickly(filling: bytes, genuine: bytes) -> None:
    from time import process_time

    count = (LARGEST_FILE - len(genuine) - 200) // len(filling)
    start = process_time()
    for data in (
        b"%PDF-1.7\n" + filling * count,
        genuine.replace(b"xref\n0 ", filling * count + b"xref\n0 ", 1),
        genuine[: -len(b"%%EOF\n")] + filling * count + b"%%EOF\n",
    ):
        assert find_faults(data)
    assert process_time() - start < 5


def test_an_empty_and_a_huge_file_are_refused() -> None:
    assert find_faults(b"") == ["size"]
    assert find_faults(b"%PDF-1.7\n" + b"0" * LARGEST_FILE) == ["size"]
