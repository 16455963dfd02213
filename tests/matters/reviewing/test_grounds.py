"""Phrases for decisions: the department's under codes that are counted, an officer's own, and the document as it will be."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from matters.models import Bundle, Decision, DecisionPhrase, OfficialDocument, SubItem
from matters.reviewing import review
from portal.accounts.models import User
from portal.ledger.models import Event
from tests.matters.reviewing.test_review import OUTPUTS
from tests.pages import page_of
from tests.worlds.cast import logged_in
from tests.worlds.reading import reading
from tests.worlds.town import Town

pytestmark = pytest.mark.django_db
GROUNDS = "不符合户口登记条例规定的落户条件。"
NEW = "admin:matters_decisionphrase_add"


@pytest.fixture
def town(turn_of_the_police: tuple[Town, Bundle]) -> Town:
    return turn_of_the_police[0]


@pytest.fixture
def hukou(turn_of_the_police: tuple[Town, Bundle]) -> SubItem:
    town, bundle = turn_of_the_police
    return review.accept(town.wang, town.part(bundle, "hukou"))


@pytest.fixture
def phrase(hukou: SubItem) -> DecisionPhrase:
    return DecisionPhrase.objects.create(
        department=hukou.department, item="hukou", use="rejected", code="R01", phrase=GROUNDS
    )


def do(user: User, part: SubItem, action: str, **sent: Any) -> Any:
    return logged_in(user).post(reverse("matters:case_action", args=[part.number, action]), reading(part) | sent)


def case(user: User, part: SubItem) -> str:
    return page_of(logged_in(user).get(reverse("matters:case", args=[part.number])))


def test_a_chosen_phrase_is_the_grounds_and_its_code_is_counted(
    town: Town, hukou: SubItem, phrase: DecisionPhrase
) -> None:
    assert f"R01 {GROUNDS}" in case(town.wang, hukou)
    assert do(town.wang, hukou, "reject", template=str(phrase.pk)).status_code == 302
    decision = Decision.objects.get(sub_item=hukou)
    assert (decision.reason, decision.reason_code) == (GROUNDS, "R01")


def test_own_words_stand_under_the_code_that_was_chosen(town: Town, hukou: SubItem, phrase: DecisionPhrase) -> None:
    do(town.wang, hukou, "reject", template=str(phrase.pk), reason="房屋不在本辖区")
    decision = Decision.objects.get(sub_item=hukou)
    assert (decision.reason, decision.reason_code) == ("房屋不在本辖区", "R01")


@pytest.mark.parametrize(
    "change", [{"is_offered": False}, {"item": "medical_ins"}, {"use": "approved"}, {"owner": "zhang", "code": ""}]
)
def test_what_is_not_offered_to_this_officer_here_says_nothing(
    town: Town, hukou: SubItem, phrase: DecisionPhrase, change: dict[str, Any]
) -> None:
    owner = {"owner": town.zhang} if "owner" in change else {}
    DecisionPhrase.objects.update(**{**change, **owner})
    assert f'data-text="{GROUNDS}"' not in case(town.wang, hukou).split('id="reject"')[1]
    refused = do(town.wang, hukou, "reject", template=str(phrase.pk))
    assert refused.status_code == 422
    assert not Decision.objects.filter(sub_item=hukou).exists()


def test_an_officers_own_words_are_kept_and_forgotten(town: Town, hukou: SubItem) -> None:
    do(town.wang, hukou, "reject", reason=GROUNDS, keep_phrase="1")
    own = DecisionPhrase.objects.get()
    assert (own.owner, own.item, own.use, own.code) == (town.wang, "hukou", "rejected", "")
    address = reverse("matters:decision_phrases", args=["police"])
    assert GROUNDS in page_of(logged_in(town.wang).get(address))
    assert GROUNDS not in page_of(logged_in(town.zhang).get(address))
    logged_in(town.zhang).post(address, {"phrase": str(own.pk)})
    assert DecisionPhrase.objects.exists()
    logged_in(town.wang).post(address, {"phrase": str(own.pk)})
    assert not DecisionPhrase.objects.exists()


class TestPreview:
    def test_it_shows_the_document_and_the_certificate_and_leaves_nothing(self, town: Town, hukou: SubItem) -> None:
        events = Event.objects.count()
        outputs = {f"output.{code}": value for code, value in OUTPUTS.items()}
        seen = do(town.wang, hukou, "preview", reason="同意登记", **outputs)
        assert seen.status_code == 200
        page = page_of(seen)
        for said in ("准予办理决定书", "（发出时编号）", "同意登记", "居民户口簿", OUTPUTS["id_number"]):
            assert said in page
        assert Event.objects.count() == events
        assert not Decision.objects.filter(sub_item=hukou).exists()
        assert not OfficialDocument.objects.filter(sub_item=hukou).exists()

    def test_a_refusal_is_shown_with_its_grounds_and_remedies(
        self, town: Town, hukou: SubItem, phrase: DecisionPhrase
    ) -> None:
        page = page_of(do(town.wang, hukou, "preview", of="refusal", template=str(phrase.pk)))
        for said in ("不予办理决定书", GROUNDS, "六十日内"):
            assert said in page
        assert do(town.wang, hukou, "preview", of="refusal").status_code == 422
        assert not Decision.objects.filter(sub_item=hukou).exists()


class TestTheConsole:
    def test_the_lead_writes_them_and_a_new_version_takes_the_place_of_the_old(self, town: Town, db: None) -> None:
        zhou = logged_in(town.zhou)
        police = town.departments["police"]
        sent = {"department": police.pk, "item": "", "use": "rejected", "code": "R01", "phrase": GROUNDS}
        sent["is_offered"] = "on"
        assert zhou.post(reverse(NEW), sent).status_code == 302
        first = DecisionPhrase.objects.get()
        again = page_of(zhou.post(reverse(NEW), {**sent, "phrase": "新的说法"}))
        assert "这个代码已经有可选用的用语" in again
        change = reverse("admin:matters_decisionphrase_change", args=[first.pk])
        zhou.post(change, {"phrase": "改写"})
        first.refresh_from_db()
        assert (first.phrase, first.is_offered) == (GROUNDS, False)
        assert zhou.post(reverse(NEW), {**sent, "phrase": "新的说法"}).status_code == 302
        assert "这句用语已经有了" in page_of(zhou.post(reverse(NEW), {**sent, "phrase": "新的说法"}))

    def test_another_departments_lead_and_reviewers_keep_none(self, town: Town) -> None:
        assert logged_in(town.wang).get(reverse(NEW)).status_code in {302, 403}
