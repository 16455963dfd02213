"""The search from the command line."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from catalog.search.content import ContentInvalid, load_search_content

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_batch_answers_every_line_with_one_object(tmp_path: Path) -> None:
    load_search_content()
    file = tmp_path / "queries.txt"
    file.write_bytes("孩子上户口\n\nshenfenzheng\r\n".encode() + b"\xff\xfe\n" + ("长" * 5000 + "\n").encode())
    answers = [json.loads(line) for line in run("search", "--batch", str(file)).splitlines()]
    assert [answer["query"][:5] for answer in answers] == ["孩子上户口", "", "shenf", "\ufffd\ufffd", "长长长长长"]
    assert set(answers[0]) == {"query", "results"}
    assert answers[0]["results"][0]["slug"] == "newborn"
    assert set(answers[0]["results"][0]) == {"slug", "kind", "name", "score"}
    assert len(answers[0]["results"]) == 10
    assert answers[2]["results"][0] | {"score": 0} == {
        "slug": "item:idcard",
        "kind": "item",
        "name": "居民身份证申领、换领、补领",
        "score": 0,
    }


@pytest.mark.usefixtures("small_content")
def test_json_says_what_it_asks_back() -> None:
    answer = json.loads(run("search", "--json", "过户"))
    assert {candidate["slug"] for candidate in answer["ask"]["candidates"]} == {
        "item:house_transfer",
        "item:car_transfer",
    }


def test_a_missing_file_is_a_clear_answer(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="读不了"):
        run("search", "--batch", str(tmp_path / "none"))
    with pytest.raises(CommandError, match="读不了"):
        run("search_eval", str(tmp_path / "none"))


def test_the_judged_set_stays_above_what_was_promised() -> None:
    load_search_content()
    words = dict(line.split(" ") for line in run("search_eval").splitlines())
    assert int(words["queries"]) >= 260
    assert float(words["hit@1"]) >= 0.85
    assert float(words["hit@3"]) >= 0.95


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("questions.yaml", "- {ask: 哪个？, phrases: 什么, candidates: {nowhere: 无}}", "nowhere"),
        ("phrases/a.yaml", "nowhere: {phrase: 随便}", "nowhere"),
        ("phrases/a.yaml", "kite: {phrase: ！！}", "说法为空"),
        ("synonyms.yaml", "a: b", "列表"),
        ("targets.yaml", "- [", "targets.yaml"),
    ],
)
def test_contradicting_files_change_nothing(tmp_path: Path, file: str, content: str, message: str) -> None:
    (tmp_path / "phrases").mkdir()
    for name, text in {
        "targets.yaml": "- {slug: kite, name: 放风筝}",
        "synonyms.yaml": "[]",
        "questions.yaml": "[]",
        file: content,
    }.items():
        (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(ContentInvalid, match=message):
        load_search_content(tmp_path)
