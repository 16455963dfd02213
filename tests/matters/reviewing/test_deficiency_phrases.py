"""What is wrong is chosen from a list: kinds for all, and a department's own phrases, which its lead keeps in the console."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from matters.models import Bundle, CorrectionItem, DeficiencyPhrase, SubItem
from matters.reviewing.corrections import Gap, request_correction
from matters.wording.refusals import CorrectionInvalid
from tests.worlds.cast import logged_in
from tests.worlds.reading import reading
from tests.worlds.town import Town

PLACE = "field:child:person.name"
NEW = "admin:matters_deficiencyphrase_add"


@pytest.fixture
def town(turn_of_the_police: tuple[Town, Bundle]) -> Town:
    return turn_of_the_police[0]


@pytest.fixture
def hukou(turn_of_the_police: tuple[Town, Bundle]) -> SubItem:
    """The police's sub-item, in their queue."""
    town, bundle = turn_of_the_police
    return town.part(bundle, "hukou")


@pytest.fixture
def phrase(hukou: SubItem) -> DeficiencyPhrase:
    return DeficiencyPhrase.objects.create(
        department=hukou.department, kind="unsigned", phrase="请父母双方都签名。", item="hukou"
    )


def _send(town: Town, hukou: SubItem, **data: str) -> Any:
    return logged_in(town.wang).post(
        reverse("matters:case_action", args=[hukou.number, "correct"]), reading(hukou) | data
    )


def test_a_kind_alone_is_reason_enough(town: Town, hukou: SubItem) -> None:
    assert _send(town, hukou, **{f"why:{PLACE}": "incomplete"}).status_code == 302
    item = CorrectionItem.objects.get()
    assert (item.kind, item.reason) == ("incomplete", "内容不完整，请补全。")


def test_what_is_said_of_papers_is_not_offered_for_what_was_typed(town: Town, hukou: SubItem) -> None:
    page = logged_in(town.wang).get(reverse("matters:case", args=[hukou.number])).content.decode()
    offered = dict(re.findall(r'name="why:(field|material):[^"]+">(.*?)</select>', page, re.DOTALL))
    assert "看不清" in offered["material"]
    assert "看不清" not in offered["field"]
    refused = _send(town, hukou, **{f"why:{PLACE}": "unreadable"})
    assert refused.status_code == 422
    assert "“看不清”是说材料的" in refused.content.decode()
    assert not CorrectionItem.objects.exists()


def test_own_words_stand_for_the_kinds_sentence(town: Town, hukou: SubItem) -> None:
    _send(town, hukou, **{f"why:{PLACE}": "incorrect", f"reason:{PLACE}": "与出生医学证明不一致"})
    item = CorrectionItem.objects.get()
    assert (item.kind, item.reason) == ("incorrect", "与出生医学证明不一致")


def test_the_departments_phrase_is_offered_and_counts_as_its_kind(
    town: Town, hukou: SubItem, phrase: DeficiencyPhrase
) -> None:
    page = logged_in(town.wang).get(reverse("matters:case", args=[hukou.number])).content.decode()
    assert phrase.phrase in page
    _send(town, hukou, **{f"why:{PLACE}": f"phrase:{phrase.pk}"})
    item = CorrectionItem.objects.get()
    assert (item.kind, item.reason) == ("unsigned", phrase.phrase)


@pytest.mark.parametrize("change", [{"is_offered": False}, {"item": "medical_ins"}])
def test_what_is_not_offered_here_is_refused_beside_its_place(
    town: Town, hukou: SubItem, phrase: DeficiencyPhrase, change: dict[str, Any]
) -> None:
    DeficiencyPhrase.objects.update(**change)
    with pytest.raises(CorrectionInvalid) as refused:
        request_correction(town.wang, hukou, [Gap("field", "child:person.name", "", f"phrase:{phrase.pk}")])
    assert set(refused.value.problems) == {PLACE}


def test_other_says_nothing_by_itself_and_what_was_chosen_stays(town: Town, hukou: SubItem) -> None:
    answer = _send(town, hukou, **{f"why:{PLACE}": "other"})
    assert answer.status_code == 422
    assert 'value="other" selected' in answer.content.decode()
    assert not CorrectionItem.objects.exists()


class TestTheConsole:
    def test_a_lead_keeps_the_phrases_of_their_own_department(self, town: Town, hukou: SubItem) -> None:
        lead = logged_in(town.zhou)
        sent = {
            "department": hukou.department_id,
            "kind": "outdated",
            "phrase": "  请换交\n有效的居住证 ",
            "is_offered": "on",
        }
        assert lead.post(reverse(NEW), sent).status_code == 302
        kept = DeficiencyPhrase.objects.get()
        assert (kept.phrase, kept.kind) == ("请换交 有效的居住证", "outdated")
        twice = lead.post(reverse(NEW), sent)
        assert "这句用语已经有了。" in twice.content.decode()
        foreign = lead.post(reverse(NEW), {**sent, "item": "medical_ins", "phrase": "别的"})
        assert "没有代码是" in foreign.content.decode()
        assert DeficiencyPhrase.objects.count() == 1

    def test_nobody_else_comes_near_them(self, town: Town, hukou: SubItem, phrase: DeficiencyPhrase) -> None:
        change = reverse("admin:matters_deficiencyphrase_change", args=[phrase.pk])
        for somebody in (town.wang, town.li, town.qian):
            assert logged_in(somebody).get(change).status_code in (302, 403, 404)
        delete = reverse("admin:matters_deficiencyphrase_delete", args=[phrase.pk])
        assert logged_in(town.zhou).get(delete).status_code == 403
