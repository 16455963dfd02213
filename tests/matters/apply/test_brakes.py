"""What one person may do in a minute, and that a busy site says so and loses nothing."""

from __future__ import annotations

import pytest
from pytest_django import Settings as SettingsWrapper

from matters.models import Bundle, Draft, SubmittedMaterial
from matters.views import brakes
from portal.lib.braking import Brake
from portal.sandbox import running
from tests.matters.apply.test_apply_materials import PHOTO, upload
from tests.pages import page_of
from tests.worlds.cast import logged_in
from tests.worlds.settling import ANSWERS, Case, build_case, draft_of, url


@pytest.fixture
def case(db: None, limits_of_one_minute: None) -> Case:
    return build_case()


def test_uploads_of_one_person_have_a_limit_of_their_own(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matters.views.apply_materials.UPLOADS", Brake("upload", by_person=3, by_address=5))
    draft, client = draft_of(case), logged_in(case.li)
    assert upload(client, draft, ("a.jpg", PHOTO), ("b.jpg", PHOTO)).status_code == 302
    refused = upload(client, draft, ("c.jpg", PHOTO), ("d.jpg", PHOTO))
    assert refused.status_code == 429
    assert "您上传得太快" in page_of(refused)
    assert SubmittedMaterial.objects.filter(draft=draft).count() == 1  # the same photo twice is one paper


def test_one_request_decodes_no_more_files_than_a_paper_takes(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matters.views.apply_materials.FILES_PER_MATERIAL", 1)
    draft, client = draft_of(case), logged_in(case.li)
    answer = upload(client, draft, ("a.jpg", PHOTO), ("b.jpg", b"not looked at"))
    assert "一次最多传 1 个文件" in page_of(answer)
    assert "b.jpg" not in page_of(answer)
    assert SubmittedMaterial.objects.filter(draft=draft).count() == 1


def test_nor_goes_it_on_for_ever(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matters.views.apply_materials.SECONDS_OF_A_REQUEST", -1)
    draft, client = draft_of(case), logged_in(case.li)
    answer = upload(client, draft, ("a.jpg", PHOTO), ("b.jpg", PHOTO), ("c.jpg", PHOTO))
    assert "这些还没有收，请分几次再传：b.jpg、c.jpg" in page_of(answer)
    assert SubmittedMaterial.objects.get(draft=draft).original_name == "a.jpg"


def test_so_have_new_applications(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matters.views.apply.DRAFTS", Brake("draft", by_person=1, by_address=9))
    client = logged_in(case.li)
    sent = {**ANSWERS, **{f"{key}.shown": "1" for key in ANSWERS}}
    start = f"/apply/{case.version.matter.slug}/?new=1"
    assert client.post(start, sent).status_code == 302
    refused = client.post(start, sent)
    assert refused.status_code == 429
    assert "这一份还没有开始" in page_of(refused)
    assert Draft.objects.count() == 1


def test_so_has_autosave(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matters.views.apply_form.SAVES", Brake("save", by_person=0, by_address=9))
    refused = logged_in(case.li).post(
        url(draft_of(case), "autosave"), {"revision": 1, "values": {}}, content_type="application/json"
    )
    assert refused.status_code == 429
    assert refused.json()["code"] == "busy"  # the page tries again by itself


def test_so_has_submitting(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matters.views.apply_submit.SUBMITS", Brake("submit", by_person=0, by_address=9))
    draft = draft_of(case)
    sent = {"submission_key": str(draft.submission_key), "revision": draft.revision, "truth": "1"}
    refused = logged_in(case.li).post(url(draft, "submit"), sent)
    assert refused.status_code == 429
    assert "这次没有提交" in page_of(refused)
    assert not Bundle.objects.exists()


def test_what_one_person_lets_the_site_decode_has_a_limit(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matters.files.checking.DECODING_MILLISECONDS", 0)
    draft, client = draft_of(case), logged_in(case.li)
    assert upload(client, draft, ("a.jpg", PHOTO)).status_code == 302
    assert "您上传得太快" in page_of(upload(client, draft, ("b.jpg", PHOTO)))


def test_a_busy_site_says_so_and_keeps_what_was_there(case: Case, settings: SettingsWrapper) -> None:
    draft, client = draft_of(case), logged_in(case.li)
    upload(client, draft, ("a.jpg", PHOTO))
    settings.YIJIAN_SANDBOX_WAITING = 0
    refused = upload(client, draft, ("b.jpg", PHOTO))
    page = page_of(refused)
    assert refused.status_code == 422
    assert "请等几秒再传一次" in page
    assert "a.jpg" in page


@pytest.mark.parametrize("brake", [brakes.UPLOADS, brakes.DRAFTS, brakes.SAVES, brakes.SUBMITS])
def test_a_hall_behind_one_address_may_do_more_than_one_person(brake: Brake) -> None:
    assert brake.by_address >= 10 * brake.by_person


def test_the_helper_is_warm_before_the_first_file_comes(case: Case) -> None:
    running._helper.end()
    logged_in(case.li).get(url(draft_of(case), "materials"))
    assert running._helper.process is not None
