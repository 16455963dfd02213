"""Faces to be rendered without a database."""

from __future__ import annotations

from typing import Any

from certificates.core.face import Face, FaceLine
from tests.certificates.conftest import FACE, VALUES

TOKEN = "kkkkkkkkkkkkkkkkkkkkkk"
IDENTIFIER = "1.2.156.3005.2.11360100999991013W001.11360100999991013W.20261122K7M4Q9X2RT3B.001.K"


def a_face(values: dict[str, str] | None = None, **replaced: Any) -> Face:
    """Return a birth certificate's face; `values` replace those of its lines."""
    said = {**VALUES, **(values or {})}
    given: dict[str, Any] = {
        "type_name": "出生医学证明",
        "type_name_en": "Medical Certificate of Birth",
        "issuer_name": "南昌市卫生健康委员会",
        "identifier": IDENTIFIER,
        "serial": "20261122K7M4Q9X2RT3B",
        "issued_on": "2026-11-22",
        "expires_on": "",
        "lines": tuple(
            FaceLine(line["code"], line["label"], line["label_en"], said.get(line["code"], "")) for line in FACE
        ),
        **replaced,
    }
    return Face(**given)
