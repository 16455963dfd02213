"""The index finds targets by phrases that share characters, sounds or meaning with a query."""

from __future__ import annotations

import pytest

from catalog.search.core.asking import Asking, Question
from catalog.search.core.features import features, name_of
from catalog.search.core.index import PhraseIndex
from catalog.search.core.lexicon import Lexicon
from catalog.search.core.text import normalise

BIRTH, CARD, RETIRE = 1, 2, 3
PHRASES = [
    (BIRTH, "孩子上户口", "phrase"),
    (BIRTH, "新生儿落户", "alias"),
    (CARD, "身份证丢了", "phrase"),
    (CARD, "补办身份证", "alias"),
    (RETIRE, "退休手续", "alias"),
    (RETIRE, "怎么领养老金", "phrase"),
]


@pytest.fixture
def lexicon() -> Lexicon:
    return Lexicon.build(
        [["孩子", "娃", "宝宝"], ["丢失", "丢了", "不见了"], ["落户", "上户口"]], ["怎么", "我", "的", "了"]
    )


@pytest.fixture
def index(lexicon: Lexicon) -> PhraseIndex:
    index = PhraseIndex(lexicon)
    index.add_all(PHRASES)
    return index


def first(index: PhraseIndex, query: str) -> int | None:
    hits = index.hits(features(normalise(query), index.lexicon, as_query=True))
    return hits[0].target if hits else None


@pytest.mark.parametrize(
    ("query", "target"),
    [
        ("孩子上户口", BIRTH),
        ("娃怎么落户", BIRTH),
        ("身份证不见了", CARD),
        ("身份正丢了", CARD),
        ("shenfenzheng", CARD),
        ("sfz", CARD),
        ("tuixiu", RETIRE),
        ("推休手续", RETIRE),
        ("我爸明年六十了想问一下怎么样才能领到他的养老金呢", RETIRE),
    ],
)
def test_it_finds_phrases_said_otherwise(index: PhraseIndex, query: str, target: int) -> None:
    assert first(index, query) == target


@pytest.mark.parametrize("query", ["", "🙂", "qqqq", "' OR 1=1"])
def test_it_finds_nothing_in_nothing(index: PhraseIndex, query: str) -> None:
    assert first(index, query) is None


def test_it_takes_a_new_phrase_at_once(index: PhraseIndex) -> None:
    index.add_all([(RETIRE, "光荣下岗仪式", "phrase")])
    assert first(index, "光荣下岗") == RETIRE


def test_it_forgets_a_removed_phrase(index: PhraseIndex) -> None:
    numbers = index.add_all([(CARD, "飞碟户口", "phrase")])
    assert first(index, "飞碟") == CARD
    index.remove_all(numbers)
    assert first(index, "飞碟") is None
    assert len(index) == len(PHRASES)


def test_added_phrases_weigh_as_if_they_had_been_there_from_the_start(lexicon: Lexicon) -> None:
    grown = PhraseIndex(lexicon)
    grown.add_all(PHRASES[:-1])
    grown.add_all(PHRASES[-1:])
    whole = PhraseIndex(lexicon)
    whole.add_all(PHRASES)
    assert grown.scales[-1] == pytest.approx(whole.scales[-1])


def test_it_says_what_two_texts_have_in_common(lexicon: Lexicon) -> None:
    query, phrase = features("娃落户 gjj", lexicon, as_query=True), features("孩子上户口", lexicon)
    assert "孩子＋落户" in {name_of(key, lexicon) for key in query.keys & phrase.keys}
    assert {"娃", "娃落", "wa luo", "孩子", "gjj"} <= {name_of(key, lexicon) for key in query.keys}


def test_it_asks_back_only_where_a_query_is_the_riddle(lexicon: Lexicon, index: PhraseIndex) -> None:
    question = Question("补哪种证？", ((CARD, "身份证"), (BIRTH, "出生证")))
    asking = Asking.build(lexicon, [(question, ["补办证件"])])

    def asked(query: str) -> Question | None:
        found = features(query, lexicon, as_query=True)
        return asking.question_for(found, query, index.hits(found))

    assert asked("补办证件") == question
    assert asked("补办身份证") is None
