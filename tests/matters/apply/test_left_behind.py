"""What a situation that was left asked for is not filed, and the applicant hears so before submitting."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from django.core.files.storage import default_storage
from pytest_django import DjangoCaptureOnCommitCallbacks

from catalog.compiling import compile_matter
from catalog.definitions import MatterItemDefinition
from catalog.merging.compiled import CompiledMatter
from matters.apply_pages.left_behind import left_behind
from matters.cases.sealed_form import open_bundle_form
from matters.core.draft_document import DraftDocument
from matters.drafts.saving import save_consents
from matters.drafts.uploads import take_upload
from matters.models import Bundle, Draft, SubmittedMaterial
from matters.submitting.submission import submit_bundle
from tests.pages import page_of
from tests.worlds.cast import logged_in
from tests.worlds.settling import (
    ANSWERS,
    DEFINITION,
    ELEMENTS,
    INSURE,
    MATERIALS,
    REGISTER,
    VALUES,
    Case,
    build_case,
    draft_of,
    url,
)
from tests.worlds.town import picture

TWO_MARRIED = {**ANSWERS, "children": 2}
ONE_UNMARRIED = {"relation": "parent", "children": "1", "married": "no", "follows": "mother"}
SECOND = {"child#2:person.name": "李大满", "child#2:insurance.year": "2027", "household:post.address": "一号"}
HEADING = "填过或传过、这次不提交的"


@pytest.fixture
def case(db: None) -> Case:
    return build_case()


@pytest.fixture
def draft(case: Case) -> Draft:
    """Return a draft for two children of a couple, with the marriage certificate handed in."""
    draft = draft_of(case, answers=TWO_MARRIED, **VALUES, **SECOND)
    take_upload(draft, "birth_record", picture("出生记录.png"), accept=("image/png",))
    take_upload(draft, "marriage", picture("结婚证.png", "red"), accept=("image/png",))
    save_consents(draft, ["register.check", "insure.share", "register#2.check", "insure#2.share"])
    return draft


def leave(case: Case, draft: Draft, **answers: Any) -> None:
    sent = {**ONE_UNMARRIED, **answers}
    assert logged_in(case.li).post(url(draft, "situation"), sent).status_code == 302
    draft.refresh_from_db()


def test_the_check_page_says_what_will_not_be_filed(case: Case, draft: Draft) -> None:
    before = page_of(logged_in(case.li).get(url(draft, "check"))).partition(HEADING)[2].partition("</section>")[0]
    assert "寄送地址" in before  # not to be sent by post
    assert "结婚证" not in before
    leave(case, draft)
    page = page_of(logged_in(case.li).get(url(draft, "check")))
    left = page.partition(HEADING)[2].partition("</section>")[0]
    for name in ("结婚证", "结婚证.png", "孩子（第 2 位） · 孩子姓名", "孩子（第 2 位） · 参保年度", "寄送地址"):
        assert name in left
    assert "申请人姓名" not in left


def test_it_is_not_filed(
    case: Case, draft: Draft, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    leave(case, draft)
    file = str(SubmittedMaterial.objects.get(material="marriage").file.name)
    with django_capture_on_commit_callbacks(execute=True):
        bundle = submit_bundle(draft=draft, by=case.li)
    form = open_bundle_form(bundle)
    assert not form.values.keys() & SECOND.keys()
    assert set(form.consents) == {"register.check", "insure.share"}
    assert list(bundle.materials.values_list("material", flat=True)) == ["birth_record"]
    assert not SubmittedMaterial.objects.exclude(bundle=bundle).exists()
    assert not default_storage.exists(file)
    page = page_of(logged_in(case.li).get(url(draft, "receipt")))
    assert "结婚证" not in page
    assert "出生记录.png" in page


def test_it_comes_back_with_its_situation(case: Case, draft: Draft) -> None:
    leave(case, draft)
    leave(case, draft, children="2", married="yes")
    page = page_of(logged_in(case.li).get(url(draft, "check")))
    assert "李大满" in page
    assert "结婚证.png" in page
    assert "结婚证" not in page.partition(HEADING)[2].partition("</section>")[0]


def test_a_paper_filed_before_bears_its_name(case: Case, draft: Draft) -> None:
    """Bundles of before may hold such a paper: receipt and progress name it all the same."""
    leave(case, draft)
    bundle = submit_bundle(draft=draft, by=case.li)
    paper = Bundle.objects.get(pk=bundle.pk).materials.get()
    SubmittedMaterial.objects.filter(pk=paper.pk).update(material="marriage")
    client = logged_in(case.li)
    for page in (client.get(url(draft, "receipt")), client.get(f"/bundles/{bundle.number}/")):
        assert "结婚证" in page_of(page)


def test_consents_to_what_is_not_applied_for_now_are_listed_by_their_text(case: Case, draft: Draft) -> None:
    check = url(draft, "check")
    assert "您的同意" not in page_of(logged_in(case.li).get(check))
    leave(case, draft)  # of the second child's registration; the first child's bears the same text
    assert "您的同意" not in page_of(logged_in(case.li).get(check))
    save_consents(draft, ["register.check", "insure.share", "gone.check", "register.nonsense"])
    assert "您的同意" not in page_of(logged_in(case.li).get(check))


def test_a_consent_to_an_item_that_is_left_is_named(case: Case, draft: Draft) -> None:
    never = {"==": [1, 2]}
    uses = (MatterItemDefinition("register", per="child"), MatterItemDefinition("insure", condition=never, per="child"))
    definition = dataclasses.replace(DEFINITION, items=uses)
    matter = CompiledMatter(compile_matter(definition, (REGISTER, INSURE), ELEMENTS, MATERIALS))
    document = DraftDocument(consents=dict.fromkeys(("insure.share", "insure#2.share", "register.check", "gone.x"), ""))
    left = left_behind(matter.plan_for(ANSWERS), (), document, (), str)
    assert left.consents == ("同意医保使用户口登记的结果",)


def test_what_was_left_is_removed_by_hand(case: Case, draft: Draft) -> None:
    leave(case, draft)
    client = logged_in(case.li)
    paper = SubmittedMaterial.objects.get(material="marriage")
    remove = url(draft, "materials") + f"{paper.pk}/remove/"
    for name in ("check", "materials"):
        page = page_of(client.get(url(draft, name)))
        assert f'action="{remove}"' in page
        assert 'aria-label="移除 结婚证.png"' in page
    answer = client.post(remove, {"check": "1"})
    assert answer["Location"] == url(draft, "check")
    assert not SubmittedMaterial.objects.filter(pk=paper.pk).exists()
    assert remove not in page_of(client.get(url(draft, "materials")))
