"""GB/T 36904 identifiers and their check character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.core.identifier import (
    ALPHABET,
    CertificateIdentifier,
    IdentifierInvalid,
    build_identifier,
    check_character,
    parse_identifier,
    parse_typed,
    read_serial,
    tidy_typed,
)

CONFORMING = [
    "1.2.156.3005.2.11100000000013338W011.1136010099999904XA.20260000403.001.E",
    "1.2.156.3005.2.11100000000013127D001.1136010099999904XA.20260312000001.001.M",
    "1.2.156.3005.2.11100000MB0341032Y002.1136010099999904XA.9F86D081884C7D659A2FEAA0C55AD015.002.M",
    "1.2.156.3005.2.1136010099999904XA900.1136010099999904XA.JX2026000012.001.X",
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
]
FOREIGN = [
    "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9",
    "1.2.156.3005.2.062301.1101101102.0624_001.001.U",
]
serials = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=32)
types = st.sampled_from(["11100000000013338W011", "11100000000013127D001", "1136010099999904XA900"])
issuers = st.sampled_from(["1136010099999904XA", "11430000006122244L", "11360100999991013W"])


def test_it_computes_the_example_of_the_standard() -> None:
    assert check_character("A12425GABC1234002") == "M"


@pytest.mark.parametrize("text", CONFORMING)
def test_it_reads_and_rebuilds_conforming_identifiers(text: str) -> None:
    parsed = parse_identifier(text)
    assert str(parsed) == text
    rebuilt = build_identifier(
        type_code=parsed.type_code, issuer_code=parsed.issuer_code, serial=parsed.serial, version=int(parsed.version)
    )
    assert rebuilt == parsed


@pytest.mark.parametrize("text", FOREIGN)
def test_it_tolerates_what_others_have_issued_and_refuses_to_issue_it(text: str) -> None:
    parsed = parse_identifier(text)
    with pytest.raises(IdentifierInvalid):
        build_identifier(type_code=parsed.type_code, issuer_code=parsed.issuer_code, serial=parsed.serial)


@given(types, issuers, serials, st.integers(1, 999))
def test_it_reads_back_what_it_builds(type_code: str, issuer: str, serial: str, version: int) -> None:
    built = build_identifier(type_code=type_code, issuer_code=issuer, serial=serial, version=version)
    assert parse_identifier(str(built)) == built
    assert parse_identifier(f"  {str(built).lower()} ") == built
    assert parse_identifier(str(built).removeprefix("1.2.156.3005.2.")) == built


@given(types, issuers, serials, st.data())
def test_it_notices_every_single_wrong_character(type_code: str, issuer: str, serial: str, data: st.DataObject) -> None:
    body = type_code + issuer + serial + "001"
    place = data.draw(st.integers(0, len(body) - 1))
    other = data.draw(st.sampled_from([c for c in ALPHABET if c != body[place]]))
    assert check_character(body[:place] + other + body[place + 1 :]) != check_character(body)


@given(st.text(max_size=140))
def test_it_never_fails_on_anything_that_is_typed(text: str) -> None:
    try:
        assert isinstance(parse_identifier(text), CertificateIdentifier)
    except IdentifierInvalid as problem:
        refusal = problem
    else:
        return
    assert refusal.code in {"form", "check_character"}


@pytest.mark.parametrize(
    ("replaced", "code"),
    [
        ({"type_code": "11100000000013338W01"}, "type"),
        ({"type_code": "11100000000013339W011"}, "type"),
        ({"issuer_code": "360100"}, "issuer"),
        ({"issuer_code": ""}, "issuer"),
        ({"issuer_code": "1136010099999904XB"}, "issuer"),
        ({"serial": ""}, "serial"),
        ({"serial": "A" * 33}, "serial"),
        ({"serial": "0624_001"}, "serial"),
        ({"serial": "１２３"}, "serial"),
        ({"version": 0}, "version"),
        ({"version": 1000}, "version"),
    ],
)
def test_it_refuses_to_issue_what_does_not_conform(replaced: dict[str, object], code: str) -> None:
    given: dict[str, object] = {
        "type_code": "11100000000013338W011",
        "issuer_code": "1136010099999904XA",
        "serial": "1",
    }
    with pytest.raises(IdentifierInvalid) as refusal:
        build_identifier(**{**given, **replaced})  # type: ignore[arg-type]
    assert refusal.value.code == code


@given(types, st.integers(1, 999), st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=12, max_size=12))
def test_letters_read_for_digits_are_put_right_by_the_check_character(
    type_code: str, version: int, ending: str
) -> None:
    built = build_identifier(
        type_code=type_code, issuer_code="1136010099999904XA", serial=f"20260101{ending}", version=version
    )
    text = str(built)
    assert parse_typed(text.replace("0", "O").replace("1", "L")) == built
    assert parse_typed(text[:-1] + text[-1].replace("O", "0").replace("I", "1").replace("L", "1")) == built
    assert read_serial(built.serial.replace("0", "O").replace("1", "I")) == built.serial


def test_what_is_no_number_of_ours_is_left_as_it_is() -> None:
    assert read_serial("LOI") == "LOI"
    assert [tidy_typed(each) for each in ("", "证照", "No.", "（，）")] == ["", "", "", ""]
    assert tidy_typed("No. JX-2026_1，另有一张 2") == "JX-2026_1"
    # As the pages say it in English.
    assert tidy_typed("Certificate number: 20261130B0SQ4EVERJQX") == "20261130B0SQ4EVERJQX"
    assert tidy_typed("Certificate identifier 1.2.156") == tidy_typed("CERTIFICATE NO.: 1.2.156") == "1.2.156"
    assert tidy_typed("Certificate number:") == ""
    with pytest.raises(IdentifierInvalid, match="check_character"):
        parse_typed(CONFORMING[0][:-1] + "F")
