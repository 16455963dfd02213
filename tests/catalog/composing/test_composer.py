"""The page a matter is composed on, and the one an item is described on."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from catalog.composing.locking import fingerprint
from catalog.models import (
    GuideOption,
    GuideQuestion,
    ItemMaterial,
    ItemResult,
    Matter,
    MatterDependency,
    MatterItem,
    ServiceItem,
)
from catalog.publishing.publishing import publish
from catalog.staff.managers import REVIEWERS
from tests.catalog.composing.conftest import address
from tests.catalog.composing.page_forms import page_form
from tests.worlds.cast import DENG, SUN, cataloguer, logged_in


def form_of(desk: Client, definition: Matter | ServiceItem) -> dict[str, list[str]]:
    page = desk.get(address(definition))
    assert page.status_code == 200
    return page_form(page.content.decode(), f"{definition._meta.model_name}_form")


def prefix_of(form: dict[str, list[str]], relation: str, pk: int) -> str:
    """Return the prefix of a part's fields."""
    name = next(
        name
        for name, values in form.items()
        if name.endswith("-id") and name.startswith(f"{relation}-") and values == [str(pk)]
    )
    return name.removesuffix("-id")


def save(desk: Client, definition: Matter | ServiceItem, form: dict[str, list[str]]) -> Any:
    """Save as a browser sends the form: it has no file. As parts of a message its thousand fields took a third of these tests."""
    sent = urlencode({**form, "_continue": ["1"]}, doseq=True)
    return desk.post(address(definition), sent, content_type="application/x-www-form-urlencoded")


def told(page: Any) -> list[str]:
    """Return the errors a page shows; none where it was saved."""
    if page.status_code == 302:
        return []
    html = page.content.decode()
    found = re.findall(r'(?s)class="(?:row-error|errorlist[^"]*)"[^>]*>(.*?)</(?:p|ul)>', html)
    return [re.sub(r"<[^>]+>", "", each) for each in found] or ["not saved"]


def errors_of(page: Any) -> str:
    return page.content.decode()


def test_saving_an_untouched_matter_changes_nothing(desk: Client, opening: Matter) -> None:
    before = fingerprint(opening)
    assert told(save(desk, opening, form_of(desk, opening))) == []
    assert fingerprint(opening) == before


def test_saving_an_untouched_item_changes_nothing(desk: Client, opening: Matter) -> None:
    for item in ServiceItem.objects.all():
        before = fingerprint(item)
        assert told(save(desk, item, form_of(desk, item))) == []
        assert fingerprint(item) == before


def test_the_composer_of_a_real_matter_asks_a_bounded_number_of_queries_and_loses_nothing(
    newborn: Matter, desk: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(115):
        page = desk.get(address(newborn))
    html = page.content.decode()
    assert "“父母的户口在哪里”是“都在江西省”" in html
    assert "“公民身份号码”自动填入" in html
    assert "每个新生儿一份" in html
    before = fingerprint(newborn)
    assert told(save(desk, newborn, page_form(html, "matter_form"))) == []
    assert fingerprint(newborn) == before
    hukou = ServiceItem.objects.get(slug="hukou")
    with django_assert_max_num_queries(80):
        page = desk.get(address(hukou))
    before = fingerprint(hukou)
    assert told(save(desk, hukou, page_form(page.content.decode(), "serviceitem_form"))) == []
    assert fingerprint(hukou) == before


def test_what_was_refused_once_can_be_mended_and_saved(desk: Client, registration: ServiceItem) -> None:
    """The page that is shown again with its mistake asks for nothing that the first did not; scripts send no blank rows."""
    shown = form_of(desk, registration)
    form = {name: values for name, values in shown.items() if not re.search(r"-constraints-(row|[0-9]+-)", name)}
    refused = save(desk, registration, {**form, "name": [""]})
    assert refused.status_code == 200
    again = page_form(refused.content.decode(), "serviceitem_form")
    assert [name for name in again if name.endswith("-json")] == []
    again["name"] = ["公司设立登记"]
    saved = save(desk, registration, again)
    assert saved.status_code == 302, told(saved)
    registration.refresh_from_db()
    assert registration.name == "公司设立登记"


def test_the_items_stand_in_their_stages(desk: Client, opening: Matter) -> None:
    html = desk.get(address(opening)).content.decode()
    first, second = html.index("第 1 阶段"), html.index("第 2 阶段")
    assert first < html.index("企业设立登记</b>") < second < html.index("发票领用</b>")
    assert "“要领用发票吗”是“要”时办" in html
    assert "结果代替发票领用的“营业执照”" in html


def test_a_wait_for_another_item_and_a_group_are_saved(desk: Client, opening: Matter) -> None:
    form = form_of(desk, opening)
    entry = MatterItem.objects.get(item__slug="registration")
    other = MatterItem.objects.get(item__slug="invoicing")
    MatterDependency.objects.all().delete()
    form = form_of(desk, opening)
    mine = prefix_of(form, "items", other.pk)
    form[f"{mine}-group"] = ["way"]
    form[f"{mine}-after-row"] = ["0"]
    form[f"{mine}-after-0-prerequisite"] = ["企业设立登记"]
    form[f"{mine}-after-0-kind"] = ["must_finish_first"]
    form[f"{mine}-after-0-what"] = ["先有执照"]
    assert told(save(desk, opening, form)) == []
    other.refresh_from_db()
    assert other.group == "way"
    (wait,) = other.after.all()
    assert (wait.prerequisite, wait.kind, wait.what) == (entry, "must_finish_first", "先有执照")


def test_options_can_exchange_their_values_in_one_go(desk: Client, opening: Matter) -> None:
    question = GuideQuestion.objects.get(key="invoices")
    form = form_of(desk, opening)
    mine = prefix_of(form, "questions", question.pk)
    form[f"{mine}-options-0-value"], form[f"{mine}-options-1-value"] = ["yes"], ["no"]
    assert told(save(desk, opening, form)) == []
    assert list(question.options.values_list("value", "label")) == [("yes", "不要"), ("no", "要")]


def test_rows_are_kept_in_the_order_they_are_sent_in(desk: Client, opening: Matter) -> None:
    question = GuideQuestion.objects.get(key="invoices")
    form = form_of(desk, opening)
    mine = prefix_of(form, "questions", question.pk)
    form[f"{mine}-options-row"] = ["1", "0"]
    assert told(save(desk, opening, form)) == []
    assert list(question.options.values_list("value", flat=True)) == ["yes", "no"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"==": [', "这不是一条写得对的规则"),
        ('{"foo": 1}', "条件里不能用“foo”"),
        ("[" * 20_000, "这不是一条写得对的规则"),
        (json.dumps({"!": {"!": {"!": "x" * 501}}}), "条件里的文字最多 500 个字"),
    ],
)
def test_a_rule_that_is_none_is_refused_beside_its_field_and_kept(
    desk: Client, opening: Matter, text: str, sentence: str
) -> None:
    entry = MatterItem.objects.get(item__slug="invoicing")
    form = form_of(desk, opening)
    name = f"{prefix_of(form, 'items', entry.pk)}-condition"
    form[name] = [text]
    form["summary"] = ["改了一句话"]
    page = save(desk, opening, form)
    assert page.status_code == 200
    assert sentence in errors_of(page)
    again = page_form(errors_of(page), "matter_form")
    assert again[name] == [text]
    assert again["summary"] == ["改了一句话"]


def test_a_rule_that_rows_cannot_show_survives_being_saved(desk: Client, opening: Matter) -> None:
    rule = {"if": [{"==": [{"var": "answers.invoices"}, "yes"]}, True, False]}
    MatterItem.objects.filter(item__slug="invoicing").update(condition=rule)
    form = form_of(desk, opening)
    form["summary"] = ["另一句话"]
    assert told(save(desk, opening, form)) == []
    assert MatterItem.objects.get(item__slug="invoicing").condition == rule


def test_whoever_comes_second_is_told_and_keeps_what_was_typed(desk: Client, opening: Matter) -> None:
    form = form_of(desk, opening)
    GuideOption.objects.filter(value="yes").update(label="领用")
    form["summary"] = ["我写的一句话"]
    page = save(desk, opening, form)
    assert page.status_code == 200
    assert "别人刚才改过并保存了：选项" in errors_of(page)
    opening.refresh_from_db()
    assert opening.summary != "我写的一句话"
    again = page_form(errors_of(page), "matter_form")
    assert again["summary"] == ["我写的一句话"]
    assert told(save(desk, opening, again)) == []
    opening.refresh_from_db()
    assert opening.summary == "我写的一句话"


def test_a_part_that_somebody_deleted_meanwhile_is_no_crash(desk: Client, opening: Matter) -> None:
    form = form_of(desk, opening)
    GuideQuestion.objects.all().delete()
    page = save(desk, opening, form)
    assert page.status_code == 200
    assert "引导问题" in errors_of(page)
    assert save(desk, opening, page_form(errors_of(page), "matter_form")).status_code in (200, 302)


def test_publishing_meanwhile_is_no_change_of_the_draft(desk: Client, opening: Matter) -> None:
    form = form_of(desk, opening)
    Matter.objects.filter(pk=opening.pk).update(current_version=None)
    publish(opening)
    assert told(save(desk, opening, form)) == []


def test_looking_at_what_is_not_saved_saves_nothing(desk: Client, opening: Matter) -> None:
    form = form_of(desk, opening)
    entry = MatterItem.objects.get(item__slug="invoicing")
    mine = prefix_of(form, "items", entry.pk)
    form[f"{mine}-condition"] = [json.dumps({"==": [{"var": "answers.invoices"}, "never"]})]
    before = fingerprint(opening)
    side = desk.post(address(opening), {**form, "_look": ["1"]}).content.decode()
    assert "没有哪种情形会办到这个事项" in side
    assert f"#matteritem-{entry.item.slug}" in side
    assert fingerprint(opening) == before
    assert "成功" not in desk.get(address(opening)).content.decode()


def test_an_item_is_found_by_name_or_code_and_a_wrong_one_is_told(desk: Client, opening: Matter) -> None:
    found = desk.get(reverse("admin:catalog_suggest_items"), {"q": "发票"}).json()
    assert found == [{"value": "发票领用（invoicing）", "label": "税务"}]
    MatterItem.objects.filter(item__slug="invoicing").delete()
    form = form_of(desk, opening)
    blank = next(name for name, values in form.items() if name.endswith("-item") and values == [""])
    form[blank] = ["没有的事项"]
    page = save(desk, opening, form)
    assert "没有“没有的事项”，请从列表里选。" in errors_of(page)
    form[blank] = ["发票领用（invoicing）"]
    assert told(save(desk, opening, form)) == []
    assert list(opening.items.values_list("item__slug", "position")) == [("registration", 0), ("invoicing", 1)]


def test_a_face_that_names_no_field_is_refused_at_its_row(desk: Client, registration: ServiceItem) -> None:
    result = ItemResult.objects.get(item=registration)
    form = form_of(desk, registration)
    mine = prefix_of(form, "results", result.pk)
    assert form[f"{mine}-face-0-field"] == ["field:company:company.name"]
    form[f"{mine}-face-0-kind"] = ["const"]
    page = save(desk, registration, form)
    assert "请填写固定文字。" in errors_of(page)
    form[f"{mine}-face-0-words"] = ["营业执照"]
    assert told(save(desk, registration, form)) == []
    result.refresh_from_db()
    assert result.face == {"name": "const:营业执照"}


def test_demands_must_suit_the_type_of_the_fact(desk: Client, registration: ServiceItem) -> None:
    line = registration.lines.get(code="MC")
    form = form_of(desk, registration)
    mine = prefix_of(form, "lines", line.pk)
    form |= {
        f"{mine}-constraints-row": ["0"],
        f"{mine}-constraints-0-name": ["not_future"],
        f"{mine}-constraints-0-value": ["是"],
    }
    assert "“不能晚于今天”不能用于这一类型。" in errors_of(save(desk, registration, form))
    form |= {f"{mine}-constraints-0-name": ["min_length"], f"{mine}-constraints-0-value": ["二"]}
    assert "请填一个整数" in errors_of(save(desk, registration, form))
    form |= {f"{mine}-constraints-0-value": ["2"]}
    assert told(save(desk, registration, form)) == []
    line.refresh_from_db()
    assert line.constraints == {"min_length": 2}


def test_exemptions_are_edited_with_the_paper(desk: Client, opening: Matter) -> None:
    need = ItemMaterial.objects.get(material__code="licence")
    form = form_of(desk, need.item)
    mine = prefix_of(form, "materials", need.pk)
    form |= {
        f"{mine}-exemptions-row": ["0", "1"],
        f"{mine}-exemptions-1-kind": ["shared_data"],
        f"{mine}-exemptions-1-reference": ["nobody"],
    }
    assert "没有“nobody”，请从列表里选。" in errors_of(save(desk, need.item, form))
    form[f"{mine}-exemptions-1-reference"] = ["market"]
    assert told(save(desk, need.item, form)) == []
    assert list(need.exemptions.values_list("kind", "reference")) == [
        ("result", "registration"),
        ("shared_data", "market"),
    ]


def test_what_is_open_is_listed_with_the_way_to_it(desk: Client, opening: Matter) -> None:
    line = ServiceItem.objects.get(slug="invoicing").lines.get(code="ZZ")
    type(line).objects.filter(pk=line.pk).update(confidence="open")
    html = desk.get(address(opening)).content.decode()
    assert f"{address(line.item)}#formline-ZZ" in html
    assert 'id="formline-ZZ"' in desk.get(address(line.item)).content.decode()
    assert "一份指南" in desk.get(address(ServiceItem.objects.get(slug="registration"))).content.decode()


def test_who_may_only_look_cannot_change_anything(opening: Matter, db: None) -> None:
    client = logged_in(cataloguer(DENG, REVIEWERS))
    page = client.get(address(opening))
    assert page.status_code == 200
    assert client.post(address(opening), {"name": "改"}).status_code == 403
    client = logged_in(cataloguer(SUN))
    assert client.get(address(opening)).status_code == 403
    assert client.get(reverse("admin:catalog_preview", args=[opening.pk])).status_code == 403


def test_an_option_has_sources_of_its_own_and_an_unknown_one_is_told(desk: Client, opening: Matter) -> None:
    question = GuideQuestion.objects.get(key="invoices")
    form = form_of(desk, opening)
    mine = prefix_of(form, "questions", question.pk)
    form[f"{mine}-options-1-sources"] = ["S1、S9"]
    assert "没有这个代号：S9。" in errors_of(save(desk, opening, form))
    form[f"{mine}-options-1-sources"] = ["S1"]
    form[f"{mine}-options-1-confidence"] = ["seen"]
    assert told(save(desk, opening, form)) == []
    option = question.options.get(value="yes")
    assert (option.sources, option.confidence) == (["S1"], "seen")


def test_everything_works_without_scripts(desk: Client, opening: Matter) -> None:
    """One empty row, one empty card, a number for the order and a box to delete are there to be filled in."""
    question = GuideQuestion.objects.get(key="invoices")
    form = form_of(desk, opening)
    mine = prefix_of(form, "questions", question.pk)
    assert form[f"{mine}-options-row"] == ["0", "1", "2"]
    form |= {f"{mine}-options-2-value": ["later"], f"{mine}-options-2-label": ["以后再说"]}
    form[f"{mine}-options-0-DELETE"] = ["1"]
    first = prefix_of(form, "items", MatterItem.objects.get(item__slug="registration").pk)
    form[f"{first}-position"] = ["9"]
    assert told(save(desk, opening, form)) == []
    assert list(question.options.values_list("value", flat=True)) == ["yes", "later"]
    assert list(opening.items.values_list("item__slug", flat=True)) == ["invoicing", "registration"]


def test_a_definition_may_send_more_fields_than_other_forms(desk: Client, opening: Matter) -> None:
    form = form_of(desk, opening)
    many = {f"x{number}": ["1"] for number in range(1500)}
    assert told(save(desk, opening, {**form, **many})) == []
    assert desk.post(reverse("admin:counter"), many).status_code == 400
