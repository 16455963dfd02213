"""What was chosen is in the application, or it is said before submitting that it is not, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from catalog.basket.combinations import freeze
from catalog.basket.session import make_combination
from catalog.combining.fulfilling import title_of
from catalog.merging.compiled import CompiledMatter
from catalog.models import Department, Matter
from catalog.wording.absences import absence_sentences
from catalog.wording.translating import translator_for
from tests.worlds.cast import LI, WANG, user_of
from tests.worlds.keeping import import_kept
from tests.worlds.tiny import write_package

SIGNS = {
    "signs/en.yaml": (
        "设置店招: Shop sign\n卫生备案: Hygiene record\n门店在哪里: Where is the shop\n商场里: in a mall\n另外要办: Also wanted\n"
    ),
    "signs/matter.yaml": """\
schema: 1
slug: signs
name: 店面手续
subject: organisation
stage: 准入准营
lead_department: tax
roles:
  - {key: company, label: 企业, is_applicant: true}
sections:
  - {key: basic, label: 基本信息}
questions:
  - key: place
    text: 门店在哪里
    options:
      - {value: street, label: 临街}
      - {value: mall, label: 商场里}
  - key: also
    text: 另外要办
    multiple: true
    options:
      - {value: hygiene, label: 卫生备案}
      - {value: waste, label: 垃圾清运}
items:
  - {item: record}
  - item: sign
    condition: {"==": [{var: answers.place}, "street"]}
  - item: hygiene
    condition: {"in": ["hygiene", {var: answers.also}]}
""",
    **{
        f"signs/items/{slug}.yaml": f"""\
slug: {slug}
name: {name}
department: tax
item_type: "20"
handling: promised
promised_limit_days: 2
legal_basis: [{{law: 广告法, article: 第四十一条}}]
lines:
  - {{code: MC, role: company, element: company.name, label: 名称, section: basic{condition}}}
"""
        for slug, name, condition in (
            ("record", "门店登记", ""),
            ("sign", "设置店招", ""),
            ("hygiene", "卫生备案", ", condition: {in: [waste, {var: answers.also}]}"),
        )
    },
}
THREE = ["opening/registration", "opening/invoicing", "signs/sign"]


@pytest.fixture
def shops(db: None, tiny: Path) -> None:
    import_kept(write_package(tiny, SIGNS), "opening")


def told(matter: CompiledMatter, answers: dict[str, Any]) -> list[str]:
    return absence_sentences(matter, matter.plan_for(answers), translator_for(matter))


def test_three_chosen_items_are_applied_for_and_only_the_fact_is_asked(shops: None) -> None:
    matter = make_combination(THREE).compiled()
    assert [question.key for question in matter.questions] == ["place"]
    plan = matter.plan_for({"place": "street"})
    assert {item.slug for item in plan.items} == {"registration", "invoicing", "sign"}
    assert told(matter, {"place": "street"}) == []
    assert title_of(matter, plan) == matter.name


def test_what_the_answers_leave_out_is_named_with_the_reason_and_not_in_the_title(shops: None) -> None:
    matter = make_combination(THREE).compiled()
    assert told(matter, {"place": "mall"}) == ["“设置店招”不在这份申请里：您在“门店在哪里”选的是“商场里”。"]
    assert title_of(matter, matter.plan_for({"place": "mall"})) == "企业设立登记、发票领用一起办"
    assert told(matter, {}) == []  # nothing is known to be left out before the question is answered
    with translation.override("en"):
        assert told(matter, {"place": "mall"}) == [
            "“Shop sign” is not part of this application: you answered “in a mall” to “Where is the shop”."
        ]


def test_a_question_of_which_nothing_was_ticked_is_the_reason_as_well(shops: None) -> None:
    matter = make_combination(["opening/registration", "signs/hygiene"]).compiled()
    assert [question.key for question in matter.questions] == ["also"]  # what else is wanted decides on its form
    assert told(matter, {"also": ["waste"]}) == ["“卫生备案”不在这份申请里：您在“另外要办”没有选它。"]
    plan = matter.plan_for({"also": ["waste"]})
    assert title_of(matter, plan) == "企业设立登记"


def test_where_nothing_chosen_is_left_nothing_is_begun(shops: None, client: Client) -> None:
    slug = freeze(make_combination(["signs/sign"])).matter.slug
    client.force_login(user_of(LI))
    refused = client.post(reverse("matters:start", args=[slug]), {"place": "mall", "place.shown": "1"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "按这样的回答，没有要办的事项" in page
    assert "“设置店招”不在这份申请里：您在“门店在哪里”选的是“商场里”。" in page
    begun = client.post(reverse("matters:start", args=[slug]), {"place": "street", "place.shown": "1"}, follow=True)
    draft = begun.context["draft"]
    changed = client.post(reverse("matters:situation", args=[draft.pk]), {"place": "mall", "place.shown": "1"})
    assert changed.status_code == 422
    assert "按这样的回答，没有要办的事项" in changed.content.decode()


def test_guide_checklist_and_pages_of_the_application_say_it_before_submitting(shops: None, client: Client) -> None:
    slug = freeze(make_combination(THREE)).matter.slug
    sentence = "“设置店招”不在这份申请里：您在“门店在哪里”选的是“商场里”。"
    for name in ("catalog:matter", "catalog:checklist"):
        assert sentence in client.get(reverse(name, args=[slug]), {"place": "mall"}).content.decode()
        assert sentence not in client.get(reverse(name, args=[slug]), {"place": "street"}).content.decode()
    client.force_login(user_of(LI))
    begun = client.post(reverse("matters:start", args=[slug]), {"place": "mall", "place.shown": "1"}, follow=True)
    assert begun.content.decode().count(sentence) == 1
    draft = begun.context["draft"]
    for name in ("matters:situation", "matters:check"):
        page = client.get(reverse(name, args=[draft.pk])).content.decode()
        assert sentence in page
        assert "<h1>企业设立登记、发票领用一起办</h1>" in page
    listed = client.get(reverse("matters:bundle_list")).content.decode()
    assert "企业设立登记、发票领用一起办" in listed
    assert "设置店招" not in listed


def test_the_departments_division_stands_behind_a_combination(shops: None) -> None:
    version = freeze(make_combination(["opening/registration", "signs/sign"]))
    assert Matter.objects.get(pk=version.matter_id).lead_department == Department.objects.get(code="market")


def test_who_stands_for_no_person_reads_why_and_keeps_the_basket(shops: None, client: Client) -> None:
    client.force_login(user_of(WANG))
    client.post(reverse("catalog:basket"), {"chosen": THREE})
    before = Matter.objects.count()
    refused = client.post(reverse("catalog:apply_for_basket"))
    assert refused.status_code == 422
    assert "网上办理要用本人的账户" in refused.content.decode()
    assert client.session["basket"]["chosen"] == THREE
    assert Matter.objects.count() == before
