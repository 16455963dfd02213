"""A small matter with everything the applicant's path must handle, and the people who walk it.

Guide questions with a follow-up and a stop, children who may be several, conditions, a rule over two fields, known facts, a
fact decided upstream, papers required, optional and exempt, consents of two departments.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from catalog.definitions import (
    ConsentDefinition,
    CrossRule,
    DepartmentDefinition,
    ElementDefinition,
    Exemption,
    GuideOption,
    GuideQuestion,
    ItemDefinition,
    LineDefinition,
    MaterialDefinition,
    MaterialNeed,
    MatterDefinition,
    MatterItemDefinition,
    Option,
    OutputDefinition,
    RoleDefinition,
    SectionDefinition,
)
from catalog.models import MatterVersion
from matters.drafts.profile import profile_of
from matters.drafts.saving import save_values, start_draft
from matters.models import Channel, Draft
from portal.accounts.models import User
from tests.worlds.building import World, publish
from tests.worlds.cast import CHEN, person_of
from tests.worlds.keeping import kept

SLUG = "settling"
CHILD_FIELDS = {"child:person.name": "李小满", "child:person.sex": "2", "child:birth.time": "2026-03-01T08:15"}
VALUES: dict[str, Any] = {
    **CHILD_FIELDS,
    "household:address": "南昌市西湖区一号",
    "household:posted": False,
    "household:moved_on": "2026-04-01",
    "household:kinds": ["book"],
    "child:insurance.year": "2026",
}
ANSWERS: dict[str, Any] = {"relation": "parent", "children": 1, "married": "yes"}

ELEMENTS = (
    ElementDefinition("person.name", "姓名", "person_name", known_from=("profile",)),
    ElementDefinition("person.sex", "性别", "select", (Option("1", "男"), Option("2", "女"))),
    ElementDefinition(
        "person.id_kind",
        "证件种类",
        "id_kind",
        (Option("111", "居民身份证"), Option("414", "护照")),
        known_from=("profile",),
    ),
    ElementDefinition("person.id_number", "证件号码", "id_number", known_from=("profile",), sensitive=True),
    ElementDefinition("person.phone", "手机号", "phone", known_from=("profile",)),
    ElementDefinition("birth.time", "出生时间", "datetime", constraints={"not_future": True}),
    ElementDefinition("address", "住址", "address"),
    ElementDefinition("posted", "是否邮寄", "boolean"),
    ElementDefinition("post.address", "寄送地址", "longtext"),
    ElementDefinition("moved_on", "迁入日期", "date"),
    ElementDefinition("kinds", "领取的证件", "multiselect", (Option("book", "户口簿"), Option("card", "身份证"))),
    ElementDefinition("insurance.year", "参保年度", "integer", constraints={"min": 2026, "max": 2030}),
)
MATERIALS = (
    MaterialDefinition("birth_record", "出生医学记录", accept=("jpg", "png", "pdf")),
    MaterialDefinition("photo", "照片", accept=("jpg",)),
    MaterialDefinition("marriage", "结婚证"),
)
REGISTER = ItemDefinition(
    slug="register",
    name="户口登记",
    department="police",
    lines=(
        LineDefinition("SQR", "applicant", "person.name", "申请人姓名", section="applicant", order=1),
        LineDefinition("ZJZL", "applicant", "person.id_kind", "证件种类", section="applicant", order=2),
        LineDefinition("ZJHM", "applicant", "person.id_number", "证件号码", section="applicant", order=3),
        LineDefinition("LXDH", "applicant", "person.phone", "手机号", section="applicant", order=3),
        LineDefinition("XM", "child", "person.name", "孩子姓名", section="child", order=4, reason="登记用"),
        LineDefinition("XB", "child", "person.sex", "孩子性别", section="child", order=5),
        LineDefinition("CSSJ", "child", "birth.time", "出生时间", section="child", order=6),
        LineDefinition("DZ", "household", "address", "落户地址", section="household", order=7),
        LineDefinition("QRRQ", "household", "moved_on", "迁入日期", section="household", order=8),
        LineDefinition("LQ", "household", "kinds", "领取的证件", section="household", order=9, required=False),
        LineDefinition("YJ", "household", "posted", "是否邮寄", section="household", order=10),
        LineDefinition("YJDZ", "household", "post.address", "寄送地址", condition={"==": [{"var": "household:posted"}, True]}, section="household", order=11),
    ),
    materials=(
        MaterialNeed("birth_record", reason="证明出生"),
        MaterialNeed("photo", necessity="optional"),
        MaterialNeed("marriage", condition={"==": [{"var": "answers.married"}, "yes"]}, exemptions=(Exemption("shared_data", "civil"),)),
    ),
    outputs=(OutputDefinition("number", "公民身份号码", "id_number", feeds="child:person.id_number"),),
    consents=(ConsentDefinition("check", "同意公安核验我的户籍信息"),),
    cross_rules=(
        CrossRule("moved_before_birth", {"<": [{"var": "household:moved_on"}, "2020-01-01"]}, "迁入日期太早，请核对。", ("household:moved_on",)),
    ),
    promised_limit_days=5,
)  # fmt: skip
INSURE = ItemDefinition(
    slug="insure",
    name="医保参保",
    department="insurance",
    lines=(
        LineDefinition("name", "child", "person.name", "参保人姓名", section="child", order=1),
        LineDefinition("idno", "child", "person.id_number", "公民身份号码", section="insurance", order=2),
        LineDefinition("year", "child", "insurance.year", "参保年度", section="insurance", order=3),
    ),
    consents=(
        ConsentDefinition("share", "同意医保使用户口登记的结果"),
        ConsentDefinition("news", "愿意接收医保提醒", required=False),
    ),
    promised_limit_days=3,
)
DEFINITION = MatterDefinition(
    slug=SLUG,
    name="安家落户",
    lead_department="police",
    roles=(
        RoleDefinition("applicant", "申请人", is_applicant=True),
        RoleDefinition("child", "孩子", count={"var": "answers.children"}, maximum=3),
        RoleDefinition("household", "家庭户"),
    ),
    questions=(
        GuideQuestion(
            "relation",
            "您是孩子的",
            options=(GuideOption("parent", "父亲或母亲"), GuideOption("other", "其他人", stops="其他人代办请到窗口。")),
        ),
        GuideQuestion("children", "几个孩子", minimum=1, maximum=3),
        GuideQuestion("married", "父母是否结婚", options=(GuideOption("yes", "是"), GuideOption("no", "否"))),
        GuideQuestion(
            "follows",
            "随谁落户",
            options=(GuideOption("mother", "母亲"), GuideOption("father", "父亲")),
            condition={"==": [{"var": "answers.married"}, "no"]},
        ),
    ),
    items=(MatterItemDefinition("register", per="child"), MatterItemDefinition("insure", per="child")),
    sections=(
        SectionDefinition("child", "孩子"),
        SectionDefinition("household", "落户"),
        SectionDefinition("applicant", "申请人"),
        SectionDefinition("insurance", "医保"),
    ),
    departments=(
        DepartmentDefinition("police", "市公安局", "公安"),
        DepartmentDefinition("insurance", "市医疗保障局", "医保"),
    ),
    translations={"en": {"安家落户": "Settling in", "孩子姓名": "Child's name"}},
)


POSTS = {
    "wang": (("police", "reviewer"),),
    "zhao": (("insurance", "reviewer"),),
    "sun": (("police", "clerk"), ("insurance", "clerk")),
}


class Case(World):
    """Wang reviews for the police and Zhao for insurance; Sun's window is for both."""


def build_case() -> Case:
    """Publish the matter and register the people."""
    return kept("case", lambda: Case.build(publish_settling(REGISTER, INSURE), POSTS))


def publish_settling(*items: ItemDefinition) -> MatterVersion:
    """Freeze the matter with these items as its current version."""
    return publish(DEFINITION, *items, elements=ELEMENTS, materials=MATERIALS)


def with_line(item: ItemDefinition, line: LineDefinition) -> ItemDefinition:
    """Return the item with one more line."""
    return replace(item, lines=(*item.lines, line))


def draft_of(case: Case, *, user: User | None = None, answers: dict[str, Any] | None = None, **values: Any) -> Draft:
    """Return a draft of Li's with these values typed."""
    draft = start_draft(
        version=case.version,
        applicant=case.li_person,
        entered_by=user or case.li,
        answers=ANSWERS if answers is None else answers,
        profile=profile_of(case.li_person),
    )
    if values:
        save_values(draft, values, seen=draft.revision)
    return draft


def counter_draft(case: Case) -> Draft:
    """Return a draft that clerk Sun enters at the window for old Chen."""
    visitor = person_of(CHEN)
    return start_draft(
        version=case.version,
        applicant=visitor,
        entered_by=case.sun,
        answers=ANSWERS,
        profile=profile_of(visitor),
        channel=Channel.COUNTER,
    )


def posted(draft: Draft, values: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return what a browser without scripts posts for these values, dates in their boxes."""
    data: dict[str, Any] = {"revision": draft.revision, **more}
    for key, value in values.items():
        if key.endswith((":birth.time", ":moved_on")):
            day, _mark, time = value.partition("T")
            pieces = [*day.split("-"), *time.split(":")] if time else day.split("-")
            data |= {
                f"{key}.{part}": piece
                for part, piece in zip(("year", "month", "day", "hour", "minute"), pieces, strict=False)
            }
        elif isinstance(value, bool):
            data[key] = "true" if value else "false"
        else:
            data[key] = value
    return data


def url(draft: Draft, step: str, *, paper: uuid.UUID | None = None) -> str:
    """Return a step's address."""
    return f"/drafts/{draft.pk}/{step}/" + (f"{paper}/" if paper else "")
