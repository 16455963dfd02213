"""A matter of organisations and those who act for them: Li represents one company, the stranger another; Zhang and Qian are handlers.

Each company, and each person as themselves, carries a canary in every field that they fill in, so that a page which shows one to whoever
acts for the other is found out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse

from catalog.definitions import (
    DepartmentDefinition,
    ElementDefinition,
    ItemDefinition,
    LineDefinition,
    MaterialDefinition,
    MatterDefinition,
    MatterItemDefinition,
    ResultDefinition,
    RoleDefinition,
    SectionDefinition,
)
from catalog.models import CertificateType
from matters.drafts.profile import profile_of
from matters.drafts.saving import save_values, start_draft
from matters.models import Bundle, Draft
from matters.submitting.submission import submit_bundle
from portal.accounts.models import Handler, Mandate, Organisation, Person, User
from portal.accounts.organisations.activities import Evidence, invite, join, register_organisation
from portal.accounts.people import register_person
from tests.worlds.building import FaceData, World, publish
from tests.worlds.cast import logged_in
from tests.worlds.keeping import kept
from tests.worlds.town import advance

SLUG = "signboard"
NOODLES, TRUCKS = ("清风面馆有限公司", "91360102MA9999013M"), ("长路运输有限公司", "91360981MA990001X6")

ELEMENTS = (
    ElementDefinition("person.name", "姓名", "person_name", known_from=("profile",)),
    ElementDefinition("company.name", "名称", "organisation_name"),
    ElementDefinition("company.credit_code", "统一社会信用代码", "credit_code"),
    ElementDefinition("sign.text", "招牌文字", "text"),
)
PERMIT = ItemDefinition(
    slug="permit",
    name="招牌许可",
    department="police",
    lines=(
        LineDefinition("MC", "company", "company.name", "名称", section="company", order=1),
        LineDefinition("DM", "company", "company.credit_code", "统一社会信用代码", section="company", order=2),
        LineDefinition("JB", "agent", "person.name", "经办人姓名", section="company", order=3),
        LineDefinition("WZ", "company", "sign.text", "招牌文字", section="company", order=4),
    ),
    results=(
        ResultDefinition(
            "sign_permit",
            {"name": "field:company:company.name", "text": "field:company:sign.text"},
            name="招牌许可证",
            holder="company",
        ),
    ),
    promised_limit_days=3,
)
SIGNBOARD = MatterDefinition(
    slug=SLUG,
    name="挂招牌",
    subject="organisation",
    lead_department="police",
    roles=(RoleDefinition("company", "企业"), RoleDefinition("agent", "经办人", is_applicant=True)),
    items=(MatterItemDefinition("permit"),),
    sections=(SectionDefinition("company", "企业"),),
    departments=(DepartmentDefinition("police", "市公安局", "公安"),),
)
POSTS = {"wang": (("police", "reviewer"), ("police", "lead")), "sun": (("police", "clerk"),)}


@dataclass
class Companies(World):
    """Wang decides. ``noodles``: Li's company, for which Zhang handles everything and Qian other matters; ``trucks``: the stranger's, and Li's as handler."""

    noodles: Organisation
    trucks: Organisation
    zhang_person: Person
    qian_person: Person

    def client(self, user: User, principal: Organisation | None = None) -> Client:
        """Return a browser in which somebody acts for an organisation, or for themselves."""
        client = logged_in(user)
        if principal is not None:
            client.post(reverse("accounts:act_for"), {"principal": str(principal.pk)})
        return client

    def draft(
        self,
        person: Person,
        organisation: Organisation | None,
        canary: str,
        *,
        mandate: Mandate | None = None,
        entered_by: User | None = None,
        **values: Any,
    ) -> Draft:
        """Begin an application with a canary in it, also under a mandate."""
        assert person.user is not None
        draft = start_draft(
            version=self.version,
            applicant=person,
            entered_by=entered_by or person.user,
            mandate=mandate,
            answers={},
            profile=profile_of(person),
            organisation=organisation,
        )
        typed = {"company:sign.text": canary, **values}
        if organisation is None:
            typed = {"company:company.name": f"{canary}公司", "company:company.credit_code": NOODLES[1], **typed}
        save_values(draft, typed, seen=draft.revision)
        return draft

    def submit(self, person: Person, organisation: Organisation | None, canary: str) -> Bundle:
        """File an application and let it be dispatched."""
        draft = self.draft(person, organisation, canary)
        assert person.user is not None
        bundle = submit_bundle(draft=draft, by=person.user)
        advance([bundle.pk])
        return bundle

    def handler(self, person: Person, organisation: Organisation) -> Handler:
        """Return as whom somebody acts for an organisation."""
        return Handler.objects.in_force().get(person=person, organisation=organisation)


def build_companies() -> Companies:
    """Publish the matter, register the people and their companies."""
    return kept("companies", _build)


def _build() -> Companies:
    version = publish(SIGNBOARD, PERMIT, elements=ELEMENTS, materials=(MaterialDefinition("photo", "照片"),))
    face = FaceData("sign_permit", "招牌许可证", "police", ("name", "text"))
    base = World.build(version, POSTS, (face,))
    CertificateType.objects.update(subject="organisation")
    stranger = base.stranger.person
    people = [
        register_person(name=name, document_kind="111", number=number, user=user, method="demo")
        for name, number, user in (
            ("张经办", "360102199003079991", base.zhang),
            ("钱经办", "360113202402299987", base.qian),
        )
    ]
    evidence = Evidence("demo")
    noodles, trucks = (
        register_organisation(name=name, code=code, legal_representative=person, evidence=evidence)
        for (name, code), person in ((NOODLES, base.li_person), (TRUCKS, stranger))
    )
    for organisation, boss, person, matters in (
        (noodles, base.li_person, people[0], None),
        (noodles, base.li_person, people[1], ["something-else"]),
        (trucks, stranger, base.li_person, None),
    ):
        own = Handler.objects.get(organisation=organisation, person=boss)
        join(person, invite(own, for_whom=person.name, matters=matters)[1])
    return Companies(**vars(base), noodles=noodles, trucks=trucks, zhang_person=people[0], qian_person=people[1])
