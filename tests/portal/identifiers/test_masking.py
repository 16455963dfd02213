"""Masked values say who somebody is and no more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.identifiers.masking import mask_document, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("", ""),
        ("王", "*"),
        ("李明", "*明"),
        ("王小明", "王*明"),
        ("欧阳明明", "欧**明"),
        ("䶮𬱖芳", "䶮*芳"),
        ("阿依古丽·买买提", "阿依古丽·**"),
        ("Mary Lee", "Mary **"),
        ("Jo", "J**"),
    ],
)
def test_it_masks_names(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [("360102199003079991", "360102********9991"), ("E12345678", "E*******8"), ("12", "**"), ("", "")],
)
def test_it_masks_documents(number: str, masked: str) -> None:
    assert mask_document(number) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [("13800138000", "138****8000"), ("+85291234567", "+852****4567"), ("123456", "1***56"), ("123", "***"), ("", "")],
)
def test_it_masks_phones(number: str, masked: str) -> None:
    assert mask_phone(number) == masked


@given(st.text("0123456789X", min_size=1, max_size=25))
def test_masking_keeps_the_length_and_hides_something(number: str) -> None:
    assert len(mask_document(number)) == len(number)
    assert "*" in mask_document(number)
    assert "*" in mask_phone(number)
