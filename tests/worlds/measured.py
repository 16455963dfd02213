"""A town to measure in: the real newborn matter, applicants with sessions, and as many drafts and bundles as wanted."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from catalog.merging.compiled import Plan
from catalog.models import Department, MatterVersion
from catalog.packages.importing import CONTENT, import_package
from catalog.staff.memberships import enroll
from catalog.versions.matters import current_version
from matters.drafts.profile import profile_of
from matters.drafts.saving import plan_of, read_form, save_answers, save_consents, save_values, start_draft
from matters.drafts.uploads import accepted_types, take_upload
from matters.models import Draft, SubmittedMaterial
from portal.accounts.models import Person, User
from portal.accounts.people import register_person
from portal.front.demo.births import ANSWERS, BIRTHS, form_values, scanned_page
from portal.lib.uuid7 import uuid7
from portal.lib.vault import seal


@dataclass
class Town:
    """The matter's version, one applicant who is logged in, and a complete draft to copy."""

    version: MatterVersion
    applicant: Person
    user: User
    session: str
    draft: Draft
    plan: Plan

    def drafts(self, count: int) -> list[Draft]:
        """Return fresh drafts, each complete with its papers: copies of the one filled in by hand."""
        document = read_form(self.draft).to_json()
        papers = list(SubmittedMaterial.objects.filter(draft=self.draft))
        copies = [
            Draft(
                id=uuid7(),
                matter_version=self.version,
                applicant=self.applicant,
                entered_by=self.user,
                answers=self.draft.answers,
                revision=self.draft.revision,
                submission_key=uuid7(),
            )
            for _number in range(count)
        ]
        for copy in copies:
            copy.form_sealed = seal(document, f"draft.form:{copy.pk}")
        Draft.objects.bulk_create(copies, batch_size=500)
        SubmittedMaterial.objects.bulk_create(
            (_paper_on(paper, copy) for copy in copies for paper in papers), batch_size=500
        )
        return copies

    def officer(self, department: Department) -> str:
        """Return the session of somebody who reviews in a department."""
        user = User.objects.create_user(f"officer-{uuid.uuid4().hex[:8]}", is_staff=True)
        enroll(user, department, "reviewer")
        return _session(user)


def build() -> Town:
    """Load the catalog and fill in one application completely."""
    import_package(CONTENT)
    birth = BIRTHS[0]
    user = User.objects.create_user("applicant", name=birth.applicant.name)
    applicant = register_person(
        name=birth.applicant.name,
        document_kind="111",
        number=birth.applicant.number,
        phone=birth.applicant.phone,
        user=user,
        method="demo",
    )
    version = current_version("newborn")
    draft = start_draft(version=version, applicant=applicant, entered_by=user, answers={}, profile={})
    save_answers(draft, ANSWERS | {"relation": birth.relation, "claim": "yes"}, profile_of(applicant))
    plan = plan_of(draft)
    values: dict[str, Any] = {
        key: value
        for key, value in form_values(birth, timezone.localdate() - timedelta(days=9)).items()
        if key in plan.fields
    }
    save_values(draft, values, seen=draft.revision)
    for material in plan.materials_for(values):
        if material.is_owed:
            accepted = accepted_types(material.accept)
            kind = "JPEG" if "image/jpeg" in accepted else "PDF"
            page = SimpleUploadedFile(f"{material.name}.{kind.lower()}", scanned_page(material.code, kind))
            take_upload(draft, material.key, page, accept=accepted)
    save_consents(draft, [consent.key for consent in plan.consents])
    return Town(version, applicant, user, _session(user), draft, plan)


def _paper_on(paper: SubmittedMaterial, draft: Draft) -> SubmittedMaterial:
    values = {field.attname: getattr(paper, field.attname) for field in paper._meta.concrete_fields}
    return SubmittedMaterial(**{**values, "id": uuid7(), "draft_id": draft.pk})


def _session(user: User) -> str:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "portal.accounts.backends.AccountBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)
