"""A certificate's file, judged by tools that are not ours."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from certificates.core.face import Face
from certificates.pdf.fonts.stack import font_stack
from certificates.pdf.rendering import RenderingRefused, render_certificate
from tests.certificates.faces import IDENTIFIER, TOKEN, a_face

MOMENT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
FIFTY = "阿卜杜热合曼·麦麦提依明·买买提吐尔逊江·阿不都克里木·伊斯拉木江·库尔班尼亚孜·吐尔逊江·艾合"
HOSTILE = [
    "http://127.0.0.1:9/x.png",
    "file:///etc/passwd",
    "url(file:///etc/passwd)",
    "data:image/svg+xml;base64,PHN2Zz4=",
    "<img src='http://127.0.0.1:9/x.png'>",
    "<script>alert(1)</script>",
    "</style><style>body{display:none}",
    "{{ face.serial }}{% include 'base.html' %}",
    "@import url('http://127.0.0.1:9/a.css');",
    "<link rel=attachment href=file:///etc/passwd>",
    ") Tj ET /JavaScript (app.alert) >> endobj %%EOF",
    "&lt;b&gt; &#x4e00; %s %(x)s ${x}",
]


def render(face: Face) -> bytes:
    return render_certificate(face, TOKEN, moment=MOMENT)


def words(pdf: bytes, folder: Path) -> str:
    """Return the file's text without white space."""
    (folder / "c.pdf").write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-raw", str(folder / "c.pdf"), "-"], capture_output=True, check=True)
    return "".join(done.stdout.decode().split())


def test_its_text_is_its_face(poppler: Path) -> None:
    face = a_face(expires_on="2031-11-21")
    text = words(render(face), poppler)
    for line in face.lines:
        assert line.label in text
        assert line.value.replace(" ", "") in text
    assert face.serial in text
    assert IDENTIFIER in text
    assert "2026年11月22日" in text
    assert "2031年11月21日" in text


@pytest.mark.parametrize("name", ["李䶮", "𬱖㛃", "古丽·买买提", "欧阳𠮷野", "Анна Øst", "Ōta Łukasz", FIFTY])
def test_it_prints_rare_and_long_names_whole(name: str, poppler: Path) -> None:
    text = words(render(a_face({"child_name": name})), poppler)
    assert name.replace(" ", "") in text


def test_it_embeds_every_font_and_shows_no_box(poppler: Path) -> None:
    (poppler / "c.pdf").write_bytes(render(a_face({"child_name": "𬱖䶮"})))
    fonts = subprocess.run(["pdffonts", str(poppler / "c.pdf")], capture_output=True, check=True, text=True).stdout
    rows = fonts.splitlines()[2:]
    assert len(rows) >= 3
    assert all(re.search(r"yes\s+(yes|no)\s+yes", row) for row in rows)


def test_a_missing_value_is_a_dash_and_no_term_is_said_so(poppler: Path) -> None:
    text = words(render(a_face({"father_name": "", "mother_id": ""})), poppler)
    assert "—" in text
    assert "长期有效" in text


def test_long_values_take_the_whole_width_and_nothing_is_lost(poppler: Path) -> None:
    place = (
        "江西省南昌市西湖区站前西路与八一大道交叉口东南方向二百米江西省妇幼保健院红谷滩院区住院部三号楼十二层产科二病区"
    )
    text = words(render(a_face({"birth_place": place, "child_name": FIFTY})), poppler)
    assert place in text
    assert FIFTY in text


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_are_only_text(value: str, poppler: Path) -> None:
    pdf = render(a_face({"birth_place": value, "father_name": value}))
    assert words(pdf, poppler).count("".join(value.split())) == 2


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_labels_and_names_of_issuers_are_only_text(value: str, poppler: Path) -> None:
    pdf = render(a_face(issuer_name=value[:40], type_name=value[:20]))
    assert "李䶮" in words(pdf, poppler)


def test_its_code_leads_to_its_verification(poppler: Path) -> None:
    import zxingcpp
    from django.conf import settings
    from PIL import Image

    (poppler / "c.pdf").write_bytes(render(a_face()))
    subprocess.run(["pdftoppm", "-png", "-r", "150", str(poppler / "c.pdf"), str(poppler / "page")], check=True)
    with Image.open(next(poppler.glob("page*.png"))) as image:
        found = zxingcpp.read_barcodes(image)
        page_width = image.width
    assert [code.text for code in found] == [f"{settings.YIJIAN_PUBLIC_URL}/verify/{TOKEN}/"]
    corners = found[0].position
    assert (corners.top_right.x - corners.top_left.x) / page_width * 297 >= 25


def test_pdfsig_calls_its_signature_valid(poppler: Path) -> None:
    (poppler / "c.pdf").write_bytes(render(a_face()))
    said = subprocess.run(["pdfsig", str(poppler / "c.pdf")], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said


def test_it_is_one_page_of_a4_on_its_side(poppler: Path) -> None:
    (poppler / "c.pdf").write_bytes(render(a_face()))
    said = subprocess.run(["pdfinfo", str(poppler / "c.pdf")], capture_output=True, text=True, check=True)
    assert not said.stderr
    assert re.search(r"Pages:\s+1\n", said.stdout)
    assert "A4" in said.stdout
    assert "出生医学证明" in said.stdout


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("李\U000323b1", "\U000323b1"),
        ("བསྟན་འཛིན", "བསྟན་འཛི"),
        ("محمد", "محمد"),
        ("e\u0301", "\u0301"),
        ("李\ue000", "\ue000"),
        ("葛\U000e0100", "\U000e0100"),
    ],
)
def test_a_character_that_cannot_be_drawn_goes_to_a_person(name: str, missing: str) -> None:
    with pytest.raises(RenderingRefused) as refusal:
        render(a_face({"child_name": name}))
    assert refusal.value.code == "rare_characters"
    assert set(refusal.value.detail) == set(missing)


def test_the_guard_covers_labels_and_the_issuer_too() -> None:
    with pytest.raises(RenderingRefused):
        render(a_face(issuer_name="南昌市\U000323b1局"))


def test_the_common_table_of_names_is_covered() -> None:
    assert font_stack().missing("《通用规范汉字表》的字：䶮𬱖㛃𠮷𫖯𬀩𫚉·—（）℃①") == ""


def test_values_that_fit_no_certificate_go_to_a_person() -> None:
    codes = ["child_name", "sex", "birth_time", "birth_place", "mother_name", "mother_id", "father_name"]
    with pytest.raises(RenderingRefused) as refusal:
        render(a_face(dict.fromkeys(codes, "字" * 5000)))
    assert refusal.value.code == "face_too_long"


def test_a_long_value_goes_on_overleaf_whole_and_signed_as_one(poppler: Path) -> None:
    scope = "许可项目：餐饮服务；食品销售。\n" + "一般项目：企业管理咨询；信息技术咨询服务。" * 100
    face = a_face({"birth_place": scope})
    pdf = render(face)
    text = words(pdf, poppler)
    said = subprocess.run(["pdfinfo", str(poppler / "c.pdf")], capture_output=True, text=True, check=True)
    assert not said.stderr
    pages = int(re.search(r"Pages:\s+(\d+)", said.stdout)[1])  # type: ignore[index]
    assert pages > 1
    assert text.count("询") == 200
    assert text.count(face.serial) == pages + 1  # on every page, and once in the identifier
    assert f"第{pages}页，共{pages}页" in text
    signed = subprocess.run(["pdfsig", str(poppler / "c.pdf")], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." in signed
    assert "Total document signed" in signed


def test_a_value_of_several_lines_is_printed_in_lines(poppler: Path) -> None:
    (poppler / "c.pdf").write_bytes(render(a_face({"birth_place": "许可项目：餐饮服务。\n一般项目：企业管理咨询。"})))
    done = subprocess.run(["pdftotext", "-layout", str(poppler / "c.pdf"), "-"], capture_output=True, check=True)
    lines = done.stdout.decode().splitlines()
    assert any("餐饮服务" in line and "企业管理咨询" not in line for line in lines)
