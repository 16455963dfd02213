"""What is sealed opens only in its place and with its key."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from portal.lib.vault import SealBroken, blind_index, seal, unseal

CONTEXT = "bundle.form:0198"
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


def new_key(byte: int) -> str:
    return base64.b64encode(bytes([byte]) * 32).decode()


@given(json_values)
def test_it_gives_back_what_was_sealed(value: Any) -> None:
    assert unseal(seal(value, CONTEXT), CONTEXT) == value
    assert unseal(memoryview(seal(value, CONTEXT)), CONTEXT) == value


@given(st.data())
def test_any_changed_bit_keeps_it_shut(data: st.DataObject) -> None:
    blob = bytearray(seal({"child:person.name": "李小满"}, CONTEXT))
    position = data.draw(st.integers(0, len(blob) * 8 - 1))
    blob[position // 8] ^= 1 << position % 8
    with pytest.raises(SealBroken):
        unseal(blob, CONTEXT)


@given(st.integers(0, 60))
def test_a_cut_value_keeps_shut(length: int) -> None:
    blob = seal({"child:person.name": "李小满"}, CONTEXT)
    with pytest.raises(SealBroken):
        unseal(blob[:length], CONTEXT)


def test_it_does_not_open_in_another_row() -> None:
    with pytest.raises(SealBroken) as refusal:
        unseal(seal("李小满", CONTEXT), "bundle.form:0199")
    assert refusal.value.code == "tampered"


def test_the_same_value_never_looks_the_same() -> None:
    assert seal("李小满", CONTEXT) != seal("李小满", CONTEXT)


def test_nothing_of_the_value_shows() -> None:
    assert b"360102199003079991" not in seal("360102199003079991", CONTEXT)


def test_an_old_key_still_opens_while_the_first_one_seals(settings: Settings) -> None:
    settings.YIJIAN_DATA_KEYS = {"2025": new_key(1)}
    old = seal("李小满", CONTEXT)
    settings.YIJIAN_DATA_KEYS = {"2026": new_key(2), "2025": new_key(1)}
    new = seal("李小满", CONTEXT)
    assert unseal(old, CONTEXT) == unseal(new, CONTEXT) == "李小满"
    settings.YIJIAN_DATA_KEYS = {"2026": new_key(2)}
    with pytest.raises(SealBroken) as refusal:
        unseal(old, CONTEXT)
    assert (refusal.value.code, refusal.value.key_name) == ("unknown_key", "2025")


@pytest.mark.parametrize(
    "keys", [{}, {"short": base64.b64encode(b"short").decode()}, {"bad": "not base64!"}, {"": new_key(1)}]
)
def test_it_refuses_to_work_with_a_bad_key(settings: Settings, keys: dict[str, str]) -> None:
    settings.YIJIAN_DATA_KEYS = keys
    with pytest.raises(ImproperlyConfigured):
        seal("李小满", CONTEXT)


def test_the_index_finds_a_number_however_it_is_written() -> None:
    index = blind_index("document:111", "36010319850615908X")
    assert len(index) == 32
    assert index == blind_index("document:111", " 360103 19850615908x")
    assert index == blind_index("document:111", "３６０１０３１９８５０６１５９０８Ｘ")
    assert index != blind_index("document:414", "36010319850615908X")
    assert index != blind_index("document:111", "360103198506159081")


def test_the_index_depends_on_its_key(settings: Settings) -> None:
    before = blind_index("document:111", "36010319850615908X")
    settings.YIJIAN_INDEX_KEY = new_key(9)
    assert blind_index("document:111", "36010319850615908X") != before
