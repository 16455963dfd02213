"""Uploads of a draft: the clean file, which has no name, is closed at once, whatever becomes of it."""

from __future__ import annotations

import gc

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse

from matters.drafts.discarding import discard
from matters.drafts.saving import start_draft
from matters.drafts.uploads import take_upload
from matters.files.checking import CheckedFile, FileRefused
from matters.files.limits import FILES_PER_MATERIAL
from matters.models import SubmittedMaterial
from matters.reviewing.supplements import check_papers
from matters.wording.refusals import CorrectionInvalid, Refusal
from tests.matters.reviewing.test_review import approve_birth
from tests.worlds.cast import logged_in
from tests.worlds.town import Town, build_town, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return build_town()


def still_open() -> list[CheckedFile]:
    """Return the clean files that only the collector would close: in no particular order, and with a warning."""
    return [each for each in gc.get_objects() if issubclass(type(each), CheckedFile) and not each.file.closed]


def test_the_file_of_an_upload_is_closed_whether_it_is_kept_or_not(town: Town) -> None:
    gc.collect()
    draft = start_draft(version=town.version, applicant=town.li_person, entered_by=town.li, answers={}, profile={})
    kept = []  # with what each error holds: the frames, and in them the file
    for number in range(FILES_PER_MATERIAL + 1):
        try:
            take_upload(draft, "household_book", picture(colour=f"#{number:02x}0000"), accept=("image/png",))
        except FileRefused as refused:
            kept.append(refused)
    assert [refused.code for refused in kept] == ["too_many_files"]
    assert still_open() == []
    discard(draft)
    with pytest.raises(Refusal) as too_late:
        take_upload(draft, "household_book", picture(), accept=("image/png",))
    assert isinstance(too_late.value, Refusal)
    assert still_open() == []


def test_the_files_of_a_correction_are_closed_when_one_of_them_is_refused() -> None:
    gc.collect()
    broken: list[UploadedFile] = [picture(), picture(colour="red")]
    broken[1].file.truncate(40)
    papers = check_papers({"a": [picture()], "b": broken}, {"a": ["image/png"], "b": ["image/png"]}, "person:1")
    with pytest.raises(CorrectionInvalid) as refused, papers:
        pass
    assert set(refused.value.problems) == {"material:b"}
    assert still_open() == []


def test_a_file_that_is_gone_is_told_in_words_to_whoever_opens_it(town: Town) -> None:
    bundle = town.submit()
    approve_birth(town, town.part(bundle, "birth_cert"))
    paper = SubmittedMaterial.objects.get(bundle=bundle)
    paper.file.storage.delete(paper.file.name)
    answer = logged_in(town.wang).get(reverse("matters:case_paper", args=[town.part(bundle, "hukou").number, paper.pk]))
    assert answer.status_code == 409
    assert "现在找不到" in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"


def test_a_file_that_was_changed_since_it_was_handed_in_is_shown_to_nobody(town: Town) -> None:
    bundle = town.submit()
    approve_birth(town, town.part(bundle, "birth_cert"))
    paper = SubmittedMaterial.objects.get(bundle=bundle)
    paper.file.storage.delete(paper.file.name)
    paper.file.storage.save(paper.file.name, ContentFile(b"another paper"))
    answer = logged_in(town.wang).get(reverse("matters:case_paper", args=[town.part(bundle, "hukou").number, paper.pk]))
    assert answer.status_code == 409
    assert "与登记的不一致" in answer.content.decode()
