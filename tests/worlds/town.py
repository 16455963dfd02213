"""A small town for tests: three departments whose items depend on each other, and the people who apply and decide.

Every fact that only one department may see carries a canary, so that a page that shows it to another is found out.
"""

from __future__ import annotations

import io
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from catalog.definitions import (
    CrossRule,
    DepartmentDefinition,
    Dependency,
    ElementDefinition,
    Exemption,
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
from matters.dispatching.fanout import advance_bundles
from matters.drafts.saving import save_values, start_draft
from matters.drafts.uploads import take_upload
from matters.models import Bundle, Channel, SubItem
from matters.submitting.submission import submit_bundle
from portal.accounts.models import Person
from tests.worlds.building import FaceData, World, publish
from tests.worlds.keeping import kept

CHILD_NUMBER = "360103202611120019"
CANARY_HEALTH = "只给卫健看的字"
CANARY_POLICE = "只给公安看的字"
CANARY_INSURANCE = "只给医保看的字"

ELEMENTS = (
    ElementDefinition("person.name", "姓名", "person_name"),
    ElementDefinition("person.sex", "性别", "select", (Option("1", "男"), Option("2", "女"))),
    ElementDefinition("person.birth_date", "出生日期", "date"),
    ElementDefinition("person.id_number", "公民身份号码", "text"),
    ElementDefinition("birth.hospital", "出生医院", "text"),
    ElementDefinition("hukou.address", "落户地址", "address"),
    ElementDefinition("hukou.reason", "落户说明", "longtext"),
    ElementDefinition(
        "insurance.kind", "参保种类", "select", (Option("resident", "城乡居民"), Option("other", "其他"))
    ),
    ElementDefinition("insurance.note", "参保说明", "text"),
)
MATERIALS = (
    MaterialDefinition("household_book", "户口簿", accept=("jpg", "png", "pdf")),
    MaterialDefinition("marriage_certificate", "结婚证"),
    MaterialDefinition("birth_paper", "出生医学证明"),
)
ITEMS = (
    ItemDefinition(
        slug="birth_cert",
        name="出生医学证明",
        department="health",
        lines=(
            LineDefinition("xm", "child", "person.name", "新生儿姓名", section="child", order=1),
            LineDefinition("xb", "child", "person.sex", "性别", section="child", order=2),
            LineDefinition(
                "csrq",
                "child",
                "person.birth_date",
                "出生日期",
                constraints={"not_future": True},
                section="child",
                order=3,
            ),
            LineDefinition("yy", "child", "birth.hospital", "出生医院", section="child", order=4),
        ),
        outputs=(OutputDefinition("number", "出生医学证明编号", constraints={"pattern": "[A-Z][0-9]{9}"}),),
        results=(
            ResultDefinition(
                "birth_certificate",
                {
                    "number": "output:number",
                    "name": "field:child:person.name",
                    "hospital": "field:child:birth.hospital",
                },
                name="出生医学证明",
                holder="child",
            ),
        ),
        promised_limit_days=1,
    ),
    ItemDefinition(
        slug="hukou",
        name="户口登记",
        department="police",
        lines=(
            LineDefinition("XM", "child", "person.name", "姓名", section="child", order=1),
            LineDefinition("XB", "child", "person.sex", "性别", section="child", order=2),
            LineDefinition("DZ", "household", "hukou.address", "户口所在地址", section="household", order=3),
            LineDefinition("SM", "household", "hukou.reason", "落户说明", required=False, section="household", order=4),
        ),
        materials=(
            MaterialNeed("birth_paper", exemptions=(Exemption("result", "birth_cert"),)),
            MaterialNeed("household_book", reason="核对户口"),
            MaterialNeed("marriage_certificate", necessity="optional"),
        ),
        outputs=(
            OutputDefinition(
                "id_number", "公民身份号码", constraints={"pattern": "[0-9]{17}[0-9X]"}, feeds="child:person.id_number"
            ),
            OutputDefinition("registered_on", "登记日期", "date"),
            OutputDefinition("registered", "登记人数", "integer", required=False),
        ),
        results=(
            ResultDefinition(
                "household_register",
                {
                    "name": "field:child:person.name",
                    "sex": "field:child:person.sex",
                    "id_number": "output:id_number",
                    "registered_on": "output:registered_on",
                    "kind": "const:家庭户",
                },
                name="居民户口簿",
                holder="child",
            ),
        ),
        promised_limit_days=5,
    ),
    ItemDefinition(
        slug="medical_ins",
        name="医保参保登记",
        department="insurance",
        lines=(
            LineDefinition("name", "child", "person.name", "参保人姓名", section="child", order=1),
            LineDefinition("idno", "child", "person.id_number", "公民身份号码", section="child", order=2),
            LineDefinition("kind", "child", "insurance.kind", "参保种类", section="insurance", order=3),
            LineDefinition(
                "note",
                "child",
                "insurance.note",
                "参保说明",
                condition={"==": [{"var": "child:insurance.kind"}, "other"]},
                section="insurance",
                order=4,
            ),
        ),
        cross_rules=(
            CrossRule(
                "not_same",
                {"==": [{"var": "child:insurance.note"}, "无"]},
                "参保说明请写具体",
                ("child:insurance.note",),
            ),
        ),
        promised_limit_days=3,
    ),
)
MATTER = MatterDefinition(
    slug="newborn",
    name="新生儿出生",
    lead_department="health",
    roles=(RoleDefinition("child", "新生儿"), RoleDefinition("household", "户口")),
    items=(
        MatterItemDefinition("birth_cert"),
        MatterItemDefinition("hukou", after=(Dependency("birth_cert", "must_finish_first"),)),
        MatterItemDefinition("medical_ins", after=(Dependency("hukou", "result_feeds"),)),
    ),
    sections=(
        SectionDefinition("child", "新生儿"),
        SectionDefinition("household", "户口"),
        SectionDefinition("insurance", "医保"),
    ),
    departments=(
        DepartmentDefinition("health", "市卫生健康委员会", "卫健"),
        DepartmentDefinition("police", "市公安局", "公安"),
        DepartmentDefinition("insurance", "市医疗保障局", "医保"),
    ),
)
VALUES: dict[str, Any] = {
    "child:person.name": "李小满",
    "child:person.sex": "1",
    "child:person.birth_date": "2026-11-12",
    "child:birth.hospital": f"市妇幼保健院{CANARY_HEALTH}",
    "household:hukou.address": f"南昌市西湖区一号{CANARY_POLICE}",
    "child:insurance.kind": "other",
    "child:insurance.note": CANARY_INSURANCE,
}
CERTIFICATE_TYPES = (
    FaceData("birth_certificate", "出生医学证明", "health", ("number", "name", "hospital")),
    FaceData("household_register", "居民户口簿", "police", ("name", "sex", "id_number", "registered_on", "kind")),
)
POSTS = {
    "wang": (("police", "reviewer"),),
    "zhang": (("police", "reviewer"),),
    "zhou": (("police", "lead"),),
    "zhao": (("health", "reviewer"),),
    "qian": (("insurance", "reviewer"),),
    "sun": (("health", "clerk"), ("police", "clerk"), ("insurance", "clerk")),
}


@dataclass
class Town(World):
    """Wang and Zhang review for the police and Zhou leads them, Zhao for health, Qian for insurance; Sun's window is for all three."""

    def submit(
        self,
        *,
        channel: str = Channel.ONLINE,
        dispatch: bool = True,
        applicant: Person | None = None,
        **values: Any,
    ) -> Bundle:
        """Fill in and submit an application as Li would (or the window for somebody else), and let it be dispatched."""
        by = self.li if channel == Channel.ONLINE else self.sun
        draft = start_draft(
            version=self.version,
            applicant=applicant or self.li_person,
            entered_by=by,
            answers={},
            profile={},
            channel=channel,
        )
        save_values(draft, {**VALUES, **values}, seen=draft.revision)
        take_upload(draft, "household_book", picture(), accept=("image/png",))
        bundle = submit_bundle(draft=draft, by=by)
        if dispatch:
            advance([bundle.pk])
        return bundle

    def part(self, bundle: Bundle, key: str) -> SubItem:
        """Return a sub-item as an activity gets it."""
        return SubItem.objects.for_case().get(bundle=bundle, key=key)


def advance(bundle_ids: list[uuid.UUID]) -> None:
    """Do what the worker does: give the sub-items of the bundles their turn."""
    from django.db import transaction

    with transaction.atomic():
        advance_bundles(bundle_ids)


def build_town() -> Town:
    """Create the town."""

    def build() -> Town:
        version = publish(MATTER, *ITEMS, elements=ELEMENTS, materials=MATERIALS)
        return Town.build(version, POSTS, CERTIFICATE_TYPES)

    return kept("town", build)


def picture(name: str = "户口簿.png", colour: str = "white") -> SimpleUploadedFile:
    """Return a small picture as a browser uploads it."""
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(buffer, "PNG")
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="image/png")
