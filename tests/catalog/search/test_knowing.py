"""The search knows when it does not know: the files in ``queries/``, one that it was calibrated by and one kept apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import transaction

from catalog.search.content import load_search_content
from catalog.search.engine import ENGINE, search

QUERIES = Path(__file__).parent / "queries"
NOWHERE = "nowhere"


@pytest.fixture(scope="module", autouse=True)
def _shipped_words(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        load_search_content()
        ENGINE.forget()
        ENGINE.state()
        yield
        transaction.set_rollback(True)
    ENGINE.forget()


@pytest.fixture(autouse=True)
def _fresh_engine() -> None:
    """One index for all of these, instead of one for each."""


@dataclass
class Tally:
    """What became of queries: of those with an answer, and of those without one."""

    answered: int = 0
    right: int = 0
    nowhere: int = 0
    refused: int = 0
    wrong: list[str] = field(default_factory=list)


def tally(name: str) -> Tally:
    kept = Tally()
    for key, queries in yaml.safe_load((QUERIES / f"{name}.yaml").read_text("utf-8")).items():
        for query in map(str, queries):
            answer = search(query)
            if key == NOWHERE:
                is_right = not answer.found
                kept.nowhere += 1
                kept.refused += is_right
            else:
                slugs = {result.target.slug for result in answer.results[:1]}
                slugs |= {choice.target.slug for choice in answer.choices}
                is_right = answer.found and bool(slugs & set(key.split("|")))
                kept.answered += 1
                kept.right += is_right
            if not is_right:
                kept.wrong.append(query)
    return kept


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "right", "refused"), [("calibration", 0.96, 0.94), ("heldout", 0.96, 0.93)])
def test_it_answers_what_it_can_and_nothing_else(name: str, right: float, refused: float) -> None:
    kept = tally(name)
    assert kept.right / kept.answered >= right, kept.wrong
    assert kept.refused / kept.nowhere >= refused, kept.wrong


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        "asdfghjkl",
        "啊啊啊啊",
        "🙂",
        "你好",
        "讨薪",
        "养狐狸许可",
        "遗嘱公证",
        "我要投诉",
        "出国签证",
        "离婚财产分割",
        "彩票兑奖",
        "老公打我怎么办",
        "公司倒闭了欠工资",
    ],
)
def test_it_does_not_answer_with_the_next_best_matter(query: str) -> None:
    assert not search(query).found


@pytest.mark.django_db
def test_it_knows_a_complaint_for_one() -> None:
    complaint = search("我要投诉").elsewhere
    assert complaint
    assert complaint.slug == "elsewhere-complaint"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("不开公司了", {"dereg"}),
        ("老婆是外国人怎么结婚", {"marriage"}),
        ("passport renewal", {"item:passport"}),
        ("不想注销只想改地址", {"ent_change"}),
        ("我不想注销公司只想改个地址", {"ent_change"}),
        ("不想退休能不能晚几年", {"retire"}),
        ("不是上学是刚生的孩子办医保", {"newborn"}),
        ("我不离婚，我要补结婚证", {"item:marriage_reissue"}),
        ("不要驾照了，只想给车上牌", {"car_plate"}),
        ("kaigongsi", {"item:biz_new", "startup"}),
        ("start a company", {"item:biz_new", "startup"}),
        ("company closure", {"dereg"}),
        ("关公司", {"dereg"}),
        ("双胞胎", {"newborn"}),
        ("俺爹瘫床上了能给发钱不", {"disability", "elder_subsidy"}),
    ],
)
def test_it_reads_denials_letters_and_dialects(query: str, slugs: set[str]) -> None:
    answer = search(query)
    assert answer.found
    assert answer.results[0].target.slug in slugs


@pytest.mark.django_db
def test_a_few_words_with_several_answers_are_asked_back() -> None:
    assert {"newborn", "child_subsidy"} <= {choice.target.slug for choice in search("生娃").choices}
