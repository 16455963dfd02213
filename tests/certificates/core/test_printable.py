"""Form, decision and face agree on what can be printed: what one takes, the next never refuses."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.fields.types import MAX_LENGTH, Refused, parse
from certificates.core.face import build_lines
from certificates.pdf.rendering import RenderingRefused, check_face
from portal.identifiers.characters import unusable
from tests.certificates.conftest import FACE
from tests.certificates.faces import a_face

# Whole lines of usual text, with what people paste among it: breaks of every kind, joiners, marks, private use, controls.
ODD = "\n\r\t\x0b\x0c\x85\u2028\u2029\u200b\u200c\u200d\u180e\u061c\u202f\u00a0\u3000\ufeff\u202e\u0301\ufe0f\ue863\U000e0100\x07\ud800"
texts = st.text(
    st.one_of(st.sampled_from(ODD), st.sampled_from("许可项目餐饮服务，。（）abc 12"), st.characters()), max_size=60
)
KINDS = ("text", "longtext", "person_name", "organisation_name", "address")


def refusal_of(value: str) -> str:
    """Return why a person must see to a certificate with this value; empty if nobody must."""
    try:
        check_face(a_face({"child_name": value}))
    except RenderingRefused as refusal:
        return refusal.code
    return ""


@given(st.sampled_from(KINDS), texts, st.integers(1, 90))
@settings(max_examples=150)
def test_what_a_form_takes_is_printed_or_set_aside_for_a_person(kind: str, text: str, times: int) -> None:
    try:
        value = parse(kind, text * times)
    except Refused:
        return
    (line, *_) = build_lines(FACE, {"child_name": str(value or "")})
    assert line.value == str(value or "").strip()
    assert refusal_of(line.value) in {"", "rare_characters", "face_too_long"}


@pytest.mark.parametrize("kind", KINDS)
def test_the_longest_text_of_a_form_can_be_printed(kind: str) -> None:
    length = 100 if kind == "person_name" else MAX_LENGTH[kind]
    value = parse(kind, "字" * length)
    assert check_face(a_face({"child_name": str(value)})).pages <= 5


@given(texts)
def test_no_kind_of_break_or_control_is_left_in_a_text(text: str) -> None:
    try:
        value = parse("longtext", text)
    except Refused:
        assert unusable(text)
        return
    assert not set(str(value or "")) & set("\r\t\x0b\x0c\x85\u2028\u2029")
