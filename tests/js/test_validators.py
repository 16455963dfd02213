"""The browser says of a value what the server says of it, and never refuses what the server takes."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from catalog.composing.constraint_rows import NAMES
from catalog.fields.constraints import BINDS, Context
from catalog.fields.validation import Validator, read_value
from catalog.wording.problems import SENTENCES
from matters.form_page.posted import compose_moment, split_moment
from portal.identifiers.characters import with_standard_characters
from portal.lib.identifier_wording import CODES
from tests.catalog.rules.test_rules import in_node

ROOT = Path(__file__).resolve().parents[2]
VALUES = json.loads((ROOT / "tests/vectors/values.json").read_text())
IDENTIFIERS = json.loads((ROOT / "tests/vectors/identifiers.json").read_text())


def script(name: str, imports: str, body: str) -> str:
    """Return a module that reads its input as JSON from standard input and prints what ``body`` makes of ``input``."""
    return f"""
import {{ readFileSync }} from "node:fs";
const {{ {imports} }} = await import({json.dumps((ROOT / f"static/js/{name}").as_uri())});
const input = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify({body}));
"""


# Demands the browser leaves to the server: a choice offers its options only; ``kind`` is read with the field, not beside it; the divisions
# of the whole country are on the server.
SERVER_ONLY = {"options", "kind", "scope"}


def test_every_demand_has_a_name_in_the_console_and_a_twin_in_the_browser() -> None:
    [table] = re.findall(r"^const DEMANDS = \{\n(.*?)^\};", (ROOT / "static/js/validators.js").read_text(), re.M | re.S)
    assert set(re.findall(r"^  (\w+):", table, re.M)) == set(BINDS) - SERVER_ONLY
    assert set(NAMES) == set(BINDS)


def say_on_server(vector: dict[str, Any]) -> str | None:
    pattern = vector.get("constraints", {}).get("pattern", ())
    options, unit = vector.get("options", ()), vector.get("unit", "")
    value, problem = read_value("x", vector["type"], vector["value"], options, unit, pattern)
    if problem is None and value is not None:
        context = Context(date.fromisoformat(VALUES["today"]), {})
        problem = Validator(vector["type"], vector.get("constraints", {})).check("x", value, context)
    return problem.code if problem else None


@pytest.mark.parametrize("vector", VALUES["vectors"], ids=lambda vector: f"{vector['type']}-{vector['value']}")
def test_the_server_says_what_the_vectors_say(vector: dict[str, Any]) -> None:
    assert say_on_server(vector) == vector["code"]


def test_the_browser_says_what_the_vectors_say() -> None:
    run = script("validators.js", "check", "input.vectors.map((v) => check(v, v.value, {}, input.today)?.code ?? null)")
    said = in_node(run, VALUES)
    expected = [None if vector.get("server_only") else vector["code"] for vector in VALUES["vectors"]]
    assert dict(zip(map(str, VALUES["vectors"]), said, strict=True)) == dict(
        zip(map(str, VALUES["vectors"]), expected, strict=True)
    )


def test_former_codes_become_the_same_characters() -> None:
    text = "".join(map(chr, range(0xE000, 0xF900)))
    assert in_node(script("identifiers.js", "standardCharacters", "standardCharacters(input)"), text) == (
        with_standard_characters(text)
    )


def test_identifiers_are_judged_alike() -> None:
    run = script(
        "identifiers.js", "check", "input.vectors.map((v) => check(v.kind, v.input, input.today)?.code ?? null)"
    )
    for vector, code in zip(IDENTIFIERS["vectors"], in_node(run, IDENTIFIERS), strict=True):
        if vector["ok"] or vector["code"] == "unknown_phone":
            assert code is None, vector
        else:
            assert code == vector["code"], vector


WHOLE_DATES = (
    "1995-06-15",
    "1995/6/15",
    "1995.6.15",
    "1995年6月15日",
    "1995 年 6 月 15 日",
    "19950615",
    "１９９５－０６－１５",
)


@pytest.mark.parametrize("whole", WHOLE_DATES)
def test_a_whole_date_pasted_into_one_box_is_spread(whole: str) -> None:
    assert compose_moment({"year": whole, "month": "", "day": ""}) == "1995-06-15"
    assert (
        compose_moment({"year": f" {whole}", "month": "6", "day": "", "hour": "8", "minute": "05"})
        == "1995-06-15T08:05"
    )
    assert compose_moment({"year": whole, "month": "7", "day": ""}) != "1995-06-15"  # one of the two is wrong


WHOLE_MOMENTS = (
    "1995-06-15 08:05",
    "1995-06-15T08:05",
    "1995/6/15 8:05",
    "1995年6月15日8时05分",
    "1995年6月15日 8点05",
    "19950615 08:05",
    "1995-06-15 08:05:30",
    "１９９５－０６－１５　０８：０５",
)


@pytest.mark.parametrize("whole", WHOLE_MOMENTS)
def test_a_time_pasted_after_the_date_goes_into_its_boxes_where_there_are_any(whole: str) -> None:
    empty = dict.fromkeys(("month", "day", "hour", "minute"), "")
    assert compose_moment({"year": whole, **empty}) == "1995-06-15T08:05"
    assert compose_moment({"year": whole, "month": "", "day": ""}) == "1995-06-15"
    assert compose_moment({"year": whole, **empty, "hour": "9"}) != "1995-06-15T08:05"  # one of the two is wrong


WRITTEN_TIMES = {
    "2026年11月26日上午8点15分": "08:15",
    "2026年11月26日 下午3点05分": "15:05",
    "2026年11月26日  晚上8点半": "20:30",
    "2026-11-26 凌晨0:05": "00:05",
    "2026/11/26 中午12点": "12:00",
    "2026/11/26 中午1点整": "13:00",
    "2026/11/26 上午11时": "11:00",
    "202611261530": "15:30",
}
WRITTEN_HOURS = {
    ("下午3", "5"): "15:05",
    ("8点", "15分"): "08:15",
    ("20:30", ""): "20:30",
    ("晚上8点半", ""): "20:30",
    ("０８", "１５"): "08:15",
}


@pytest.mark.parametrize(("whole", "time"), WRITTEN_TIMES.items())
def test_a_time_is_read_with_its_part_of_the_day(whole: str, time: str) -> None:
    assert (
        compose_moment({"year": whole, **dict.fromkeys(("month", "day", "hour", "minute"), "")}) == f"2026-11-26T{time}"
    )


@pytest.mark.parametrize(("boxes", "time"), WRITTEN_HOURS.items())
def test_marks_typed_into_the_boxes_are_left_out(boxes: tuple[str, str], time: str) -> None:
    typed = {"year": "2026年", "month": "年11月", "day": "26日", "hour": boxes[0], "minute": boxes[1]}
    assert compose_moment(typed) == f"2026-11-26T{time}"


def test_midnight_called_twelve_in_the_evening_is_asked_again() -> None:
    typed = {"year": "2026", "month": "11", "day": "26", "hour": "晚上12", "minute": "0"}
    assert compose_moment(typed) == "2026-11-26T24:00"


def test_dates_are_composed_and_taken_apart_alike() -> None:
    cases = [
        {"year": year, "month": month, "day": day, "hour": hour, "minute": minute}
        for year in ("", "2026", "26", "20x6", " 2026 ")
        for month in ("", "2", "02", "13")
        for day in ("", "5", "31")
        for hour, minute in (("", ""), ("8", ""), ("8", "5"), ("23", "59"))
    ]
    cases += [
        {**dict.fromkeys(("year", "month", "day", "hour", "minute"), ""), box: whole, **beside}
        for whole in (*WHOLE_DATES, *WHOLE_MOMENTS, "1995-06", "199506", "1995-06-15-")
        for box, other in (("year", "month"), ("month", "day"), ("day", "year"))
        for beside in ({}, {other: "06"}, {other: "15"}, {other: "1995"}, {"hour": "8", "minute": "05"})
    ]
    cases += [
        {"year": "2026年", "month": "6月", "day": "15日", "hour": hour, "minute": minute}
        for hour, minute in (*WRITTEN_HOURS, ("晚上12", "0"), ("下午", ""), ("时", "分"), ("8点15分", "9"))
    ]
    cases += [{"year": whole, "month": "", "day": "", "hour": "", "minute": ""} for whole in WRITTEN_TIMES]
    cases += [{"year": whole, "month": "", "day": ""} for whole in (*WHOLE_DATES, *WHOLE_MOMENTS)]
    run = script("controls.js", "compose, split", "input.map((parts) => [compose(parts), split(compose(parts))])")
    for parts, (composed, taken_apart) in zip(cases, in_node(run, cases), strict=True):
        assert composed == compose_moment(parts)
        assert taken_apart == split_moment(composed)


def test_every_code_has_a_sentence() -> None:
    codes = {vector["code"] for vector in (*VALUES["vectors"], *IDENTIFIERS["vectors"]) if vector["code"]}
    assert codes <= {*SENTENCES, *CODES}


def test_the_browser_fills_a_sentence_as_the_server_does() -> None:
    run = script("validators.js", "sentence", 'sentence(input.problem, "证件号码", input.sentences)')
    sentences = {
        "unexpected_character": "第 %(position)s 位",
        "unexpected_character.likely": "%(label)s：是不是“%(likely)s”？",
    }
    problem = {"code": "unexpected_character", "params": {"position": 3, "likely": "0"}}
    assert in_node(run, {"problem": problem, "sentences": sentences}) == "证件号码：是不是“0”？"
    problem["params"]["likely"] = ""  # type: ignore[index]
    assert in_node(run, {"problem": problem, "sentences": sentences}) == "第 3 位"
