"""A small newborn matter for examples: two children may be born, six offices become three."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

from catalog.compiling import compile_matter
from catalog.definitions import (
    ConsentDefinition,
    CrossRule,
    DepartmentDefinition,
    Dependency,
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
    ResultDefinition,
    RoleDefinition,
    SectionDefinition,
)
from catalog.merging.compiled import CompiledMatter


def var(name: str) -> dict[str, str]:
    return {"var": name}


ELEMENTS = {
    element.code: element
    for element in (
        ElementDefinition("person.name", "姓名", "person_name", known_from=("profile",)),
        ElementDefinition("person.sex", "性别", "select", (Option("1", "男"), Option("2", "女"))),
        ElementDefinition("person.birth", "出生时间", "datetime", constraints={"not_future": True}),
        ElementDefinition(
            "person.id_kind",
            "证件类型",
            "id_kind",
            (Option("111", "居民身份证"), Option("414", "护照")),
            known_from=("profile",),
        ),
        ElementDefinition(
            "person.id_number",
            "证件号码",
            "id_number",
            sensitive=True,
            authority="police",
            known_from=("shared:police", "profile"),
        ),
        ElementDefinition("person.phone", "手机号码", "phone", known_from=("profile",)),
        ElementDefinition(
            "person.ethnicity", "民族", "select", (Option("01", "汉族"), Option("02", "蒙古族"), Option("04", "藏族"))
        ),
        ElementDefinition("claim.account", "银行账号", "bank_account"),
        ElementDefinition("person.signature", "签名", "signature"),
    )
}
MATERIALS = {
    material.code: material
    for material in (
        MaterialDefinition("birth_paper", "出生医学证明", "L100", ("pdf", "jpg")),
        MaterialDefinition("register", "居民户口簿", "L200"),
        MaterialDefinition("photo", "照片"),
        MaterialDefinition("ethnic_statement", "民族成份申请"),
        MaterialDefinition("form", "登记表"),
    )
}
CERTIFICATE = ItemDefinition(
    "certificate",
    "出生医学证明首次签发",
    "health",
    lines=(
        LineDefinition(
            "XM",
            "child",
            "person.name",
            "新生儿姓名",
            section="child",
            constraints={"identifier": "newborn_name"},
            order=1,
        ),
        LineDefinition("XB", "child", "person.sex", "性别", section="child", order=2),
        LineDefinition("CS", "child", "person.birth", "出生时间", section="child", order=3, help="精确到分"),
        LineDefinition("MXM", "mother", "person.name", "母亲姓名", section="parents"),
        LineDefinition("MLX", "mother", "person.id_kind", "证件类型", section="parents"),
        LineDefinition("MHM", "mother", "person.id_number", "证件号码", section="parents", reuse="confirm"),
        LineDefinition(
            "FXM",
            "father",
            "person.name",
            "父亲姓名",
            section="parents",
            condition={"==": [var("answers.marriage"), "married"]},
        ),
        LineDefinition("QM", "mother", "person.signature", "签名", section="parents"),
    ),
    materials=(MaterialNeed("form", exemptions=(Exemption("generated"),)),),
    outputs=(OutputDefinition("number", "证明编号", constraints={"pattern": r"[A-Z]\d{9}"}),),
    results=(
        ResultDefinition(
            "birth_certificate",
            {"name": "field:child:person.name", "number": "output:number", "by": "const:院方"},
            holder="child",
        ),
    ),
    consents=(ConsentDefinition("share", "同意共享"),),
    statutory_limit_days=5,
    promised_limit_days=1,
    legal_basis="《母婴保健法》",
    visits=1,
    visits_together=0,
    steps=2,
)
REGISTRATION = ItemDefinition(
    "registration",
    "出生登记",
    "police",
    lines=(
        LineDefinition("name", "child", "person.name", "姓名", section="child"),
        LineDefinition("sex", "child", "person.sex", "性别", section="child"),
        LineDefinition("mother", "mother", "person.name", "母亲姓名", section="parents"),
        LineDefinition("ethnicity", "child", "person.ethnicity", "民族", section="child"),
        LineDefinition("mother_ethnicity", "mother", "person.ethnicity", "母亲民族", section="parents", required=False),
        LineDefinition("sign", "mother", "person.signature", "申报人签名", section="parents"),
    ),
    materials=(
        MaterialNeed(
            "birth_paper", exemptions=(Exemption("result", "birth_certificate"),), role="child", reason="证明出生事实"
        ),
        MaterialNeed(
            "register", exemptions=(Exemption("certificate", "household_register"), Exemption("shared_data", "police"))
        ),
        MaterialNeed(
            "ethnic_statement", condition={"!=": [var("child:person.ethnicity"), var("mother:person.ethnicity")]}
        ),
    ),
    outputs=(OutputDefinition("id_number", "公民身份号码", "id_number", feeds="child:person.id_number"),),
    results=(ResultDefinition("household_register", holder="child"),),
    consents=(ConsentDefinition("share", "同意共享"), ConsentDefinition("post", "同意邮寄", required=False)),
    cross_rules=(
        CrossRule(
            "same_name",
            {"==": [var("child:person.name"), var("mother:person.name")]},
            "新生儿与母亲同名，请核对",
            ("name", "mother"),
        ),
    ),
    statutory_limit_days=10,
    promised_limit_days=3,
    legal_basis="《户口登记条例》",
    visits=1,
    visits_together=0,
)
INSURANCE = ItemDefinition(
    "insurance",
    "城乡居民参保登记",
    "insurance",
    lines=(
        LineDefinition("xm", "child", "person.name", "新生儿姓名", section="child", reuse="confirm"),
        LineDefinition("sfz", "child", "person.id_number", "身份证号", section="child"),
        LineDefinition("tel", "mother", "person.phone", "联系电话", section="contact", reuse="ask"),
    ),
    materials=(
        MaterialNeed("birth_paper", role="child"),
        MaterialNeed(
            "register", "deferrable", form="paper", copies=2, exemptions=(Exemption("shared_data", "police"),)
        ),
        MaterialNeed("photo", "optional", role="child"),
    ),
    promised_limit_days=1,
    visits=1,
    visits_together=1,
)
MATTER = MatterDefinition(
    "family",
    "新生儿出生",
    lead_department="health",
    roles=(
        RoleDefinition("child", "新生儿", count=var("answers.children"), maximum=3),
        RoleDefinition("mother", "母亲", is_applicant={"==": [var("answers.applicant"), "mother"]}),
        RoleDefinition("father", "父亲", is_applicant={"==": [var("answers.applicant"), "father"]}),
    ),
    questions=(
        GuideQuestion(
            "marriage",
            "父母是否已婚？",
            options=(GuideOption("married", "已婚"), GuideOption("single", "未婚", stops="请到窗口办理")),
        ),
        GuideQuestion(
            "applicant",
            "谁来申请？",
            options=(
                GuideOption("mother", "母亲"),
                GuideOption("father", "父亲", condition={"==": [var("answers.marriage"), "married"]}),
            ),
        ),
        GuideQuestion("children", "生了几个孩子？", minimum=1, maximum=3),
    ),
    items=(
        MatterItemDefinition("certificate", per="child"),
        MatterItemDefinition(
            "registration", per="child", after=(Dependency("certificate", "result_feeds", "凭出生医学证明落户"),)
        ),
        MatterItemDefinition("insurance", per="child", optional=True, reason="一年内参保，出生之日起享受待遇"),
    ),
    sections=(
        SectionDefinition("child", "新生儿信息", "按出生记录填写"),
        SectionDefinition("parents", "父母信息"),
        SectionDefinition("contact", "联系方式"),
    ),
    departments=(
        DepartmentDefinition("health", "市卫生健康委员会", "卫健委"),
        DepartmentDefinition("police", "市公安局", "公安"),
        DepartmentDefinition("insurance", "市医疗保障局"),
    ),
    translations={"en": {"姓名": "Name"}},
)
ITEMS = {item.slug: item for item in (CERTIFICATE, REGISTRATION, INSURANCE)}
ONE = {"marriage": "married", "applicant": "mother", "children": 1, "items": ["insurance"]}
TWINS = {**ONE, "children": 2}
VALUES: dict[str, Any] = {
    "child:person.name": "李小宝",
    "child:person.sex": "1",
    "child:person.birth": "2025-05-01T08:30",
    "child:person.ethnicity": "01",
    "mother:person.name": "王芳",
    "mother:person.id_kind": "111",
    "mother:person.id_number": "360102199003079991",
    "mother:person.ethnicity": "01",
    "mother:person.phone": "13800138000",
    "father:person.name": "李雷",
    "mother:person.signature@certificate": "王芳",
    "mother:person.signature@registration": "王芳",
}


def compiled(**changes: Any) -> CompiledMatter:
    """Return the matter compiled; keywords replace whole items or, as ``matter``, the matter."""
    matter = changes.pop("matter", MATTER)
    return CompiledMatter(copy.deepcopy(compile_matter(matter, {**ITEMS, **changes}, ELEMENTS, MATERIALS)))


def with_line(item: ItemDefinition, code: str, /, **changes: Any) -> ItemDefinition:
    """Return the item with one line changed."""
    return replace(item, lines=tuple(replace(line, **changes) if line.code == code else line for line in item.lines))
