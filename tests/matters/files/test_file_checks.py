"""What is taken as a paper, and what is not."""

from __future__ import annotations

import io
import resource

import pikepdf
import pytest
from PIL import Image

from matters.files.checking import JPEG, PDF, PNG, CheckedFile, FileRefused, check_file, clean_name
from matters.wording.uploads import SENTENCES, upload_sentence
from tests.matters.files import upload_corpus as corpus


@pytest.mark.parametrize("case", sorted(corpus.cases()))
def test_it_takes_what_is_what_it_says_and_names_what_is_not(case: str) -> None:
    name, content, expected = corpus.cases()[case]
    if expected is None:
        assert isinstance(check_file(content, name), CheckedFile)
        return
    with pytest.raises(FileRefused) as refused:
        check_file(content, name)
    assert refused.value.code == expected
    assert upload_sentence(refused.value.code, refused.value.params)


def test_it_has_a_sentence_for_every_refusal() -> None:
    expected = {refusal for _name, _content, refusal in corpus.cases().values() if refusal}
    assert expected <= set(SENTENCES)


def test_it_drops_position_and_notes_from_a_photo() -> None:
    checked = check_file(corpus.jpeg(gps=True), "a.jpg")
    with Image.open(io.BytesIO(checked.content)) as picture:
        assert not dict(picture.getexif())
    assert b"script" not in checked.content


def test_it_turns_a_photo_upright() -> None:
    checked = check_file(corpus.jpeg(320, 200, orientation=6), "a.jpg")
    with Image.open(io.BytesIO(checked.content)) as picture:
        assert picture.size == (200, 320)


def test_it_keeps_a_large_photo_at_a_readable_size() -> None:
    checked = check_file(corpus.jpeg(8160, 6144), "a.jpg")
    with Image.open(io.BytesIO(checked.content)) as picture:
        assert max(picture.size) == 4080


def test_it_drops_what_is_hidden_behind_a_photo() -> None:
    checked = check_file(corpus.jpeg() + corpus.archive(), "a.jpg")
    assert b"PK\x03\x04" not in checked.content


def test_it_writes_a_pdf_anew_without_its_harmless_opening_place() -> None:
    source = corpus.pdf(OpenAction=pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=pikepdf.String("x")))
    with pikepdf.open(io.BytesIO(check_file(source, "a.pdf").content)) as document:
        assert "/OpenAction" not in document.Root


@pytest.mark.slow
def test_a_pdf_that_unpacks_to_gigabytes_ends_alone() -> None:
    bomb = corpus.pdf_bomb()
    assert len(bomb) < 100_000
    # Ended by its processor time; on a machine that is busy with something else by the clock, which says so.
    with pytest.raises(FileRefused, match=r"broken_pdf|busy"):
        check_file(bomb, "a.pdf")
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1_100_000  # kilobytes


def test_it_refuses_a_good_file_that_this_material_does_not_take() -> None:
    with pytest.raises(FileRefused, match="not_accepted"):
        check_file(corpus.pdf(), "a.pdf", accept=(JPEG, PNG))


def test_it_names_the_file_after_its_true_type() -> None:
    assert check_file(corpus.png(), "照片.jpg").name == "照片.png"
    for name in ("照片.exe", "照片.jpg.exe", "照片.HEIC", "照片.jpg::$DATA"):
        assert check_file(corpus.jpeg(), name).name == "照片.jpg"
    assert check_file(corpus.jpeg(), "合同1.2").name == "合同1.2.jpg"
    assert check_file(corpus.pdf(), "").name == "材料.pdf"
    assert check_file(corpus.pdf(), "a", accept=(PDF,)).name == "a.pdf"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\Users\\li\\证件.pdf", "证件.pdf"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("a\x00.jpg", "a.jpg"),
        ("  名 \u3000 字 .jpg", "名 字 .jpg"),
        ("..", ""),
        ("\ud800a.jpg", "a.jpg"),
        ("CON.jpg", "CON.jpg"),
        ("😀.png", "😀.png"),
        ("䶮.jpg", "䶮.jpg"),
    ],
)
def test_it_shows_a_name_without_its_tricks(given: str, shown: str) -> None:
    assert clean_name(given) == shown


def test_it_shortens_a_long_name_and_keeps_its_ending() -> None:
    shown = clean_name("证" * 300 + ".jpeg")
    assert len(shown) == 100
    assert shown.endswith(".jpeg")
