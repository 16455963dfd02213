"""A face stamped onto its template against the same page drawn whole by WeasyPrint: the same picture."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFilter

from certificates.core.face import Face
from certificates.pdf.rendering import complete_page
from portal.lib.printing import print_page
from tests.certificates.faces import TOKEN, a_face
from tests.certificates.pdf.test_render import render

# At 100 dots per inch: ink of one picture may lie this many pixels from the other's (half a millimetre, what the two
# engines round and kern differently), and so many pixels may lie further off. One character alone is more than a hundred.
NEAR = 2
STRAY = 40


@pytest.mark.parametrize(
    "face",
    [
        a_face(expires_on="2031-11-21"),
        a_face(
            {
                "child_name": "李䶮",
                "father_name": "",
                "birth_place": "江西省南昌市西湖区站前西路与八一大道交叉口东南方向二百米",
            }
        ),
    ],
    ids=["usual", "rare, absent and long values"],
)
def test_a_stamped_face_is_the_page_drawn_whole(face: Face, poppler: Path) -> None:
    stamped = _ink(render(face), poppler / "stamped")
    whole = _ink(print_page(complete_page(face, TOKEN)), poppler / "whole")
    assert stamped.size == whole.size
    assert _stray(stamped, whole) < STRAY
    assert _stray(whole, stamped) < STRAY
    other = _ink(render(a_face({"child_name": "王小宝"}, expires_on=face.expires_on)), poppler / "other")
    assert _stray(other, whole) > 2 * STRAY


def _stray(picture: Image.Image, other: Image.Image) -> int:
    """Return how many pixels of ink in ``picture`` have none of ``other`` near them."""
    near = other.filter(ImageFilter.MaxFilter(2 * NEAR + 1))
    return ImageChops.subtract(picture, near).histogram()[255]


def _ink(pdf: bytes, place: Path) -> Image.Image:
    """Return where there is ink on the page, as white on black."""
    place.with_suffix(".pdf").write_bytes(pdf)
    command = ["pdftoppm", "-gray", "-png", "-singlefile", "-r", "100", str(place.with_suffix(".pdf")), str(place)]
    subprocess.run(command, check=True)
    with Image.open(place.with_suffix(".png")) as page:
        return page.convert("L").point(lambda shade: 255 if shade < 160 else 0)
