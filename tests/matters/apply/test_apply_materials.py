"""Papers: what is asked, what is exempt and why, what is taken and who may see it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.storage import default_storage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings as SettingsWrapper

from matters.drafts.uploads import current_materials
from matters.models import Draft, SubmittedMaterial
from tests.matters.files import upload_corpus as corpus
from tests.pages import page_of
from tests.worlds.cast import logged_in
from tests.worlds.settling import ANSWERS, Case, build_case, draft_of, url

PHOTO = corpus.jpeg()


@pytest.fixture
def case(db: None) -> Case:
    return build_case()


def upload(client: Client, draft: Draft, *files: tuple[str, bytes], material: str = "birth_record", **more: Any) -> Any:
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(url(draft, "materials"), {"material": material, **more, "files": sent})


class TestAsking:
    def test_it_names_what_must_be_handed_in_and_what_need_not_and_why(self, case: Case) -> None:
        page = page_of(logged_in(case.li).get(url(draft_of(case), "materials")))
        assert "还需要上传 2 项材料" in page
        assert "必交" in page
        assert "选交" in page
        assert "免交" not in page  # nobody has been asked

    def test_what_the_situation_does_not_need_is_not_mentioned(self, case: Case) -> None:
        draft = draft_of(case, answers={**ANSWERS, "married": "no", "follows": "mother"})
        assert "结婚证" not in page_of(logged_in(case.li).get(url(draft, "materials")))

    def test_going_on_without_a_required_paper_names_it(self, case: Case) -> None:
        draft = draft_of(case)
        response = logged_in(case.li).post(url(draft, "materials"), {"action": "next"})
        assert response.status_code == 422
        assert '<a href="#f-birth-record">出生医学记录：还没有上传这项材料' in page_of(response)

    def test_with_all_required_papers_it_goes_on(self, case: Case) -> None:
        draft, client = draft_of(case), logged_in(case.li)
        upload(client, draft, ("a.jpg", PHOTO))
        upload(client, draft, ("b.jpg", PHOTO), material="marriage")
        assert client.post(url(draft, "materials"), {"action": "next"})["Location"] == url(draft, "check")


class TestTaking:
    def test_several_files_at_once(self, case: Case) -> None:
        draft, client = draft_of(case), logged_in(case.li)
        response = upload(client, draft, ("一.jpg", PHOTO), ("二.pdf", corpus.pdf()))
        assert response["Location"] == f"{url(draft, 'materials')}#f-birth-record"
        page = page_of(client.get(url(draft, "materials")))
        assert "一.jpg" in page
        assert "二.pdf" in page

    @pytest.mark.parametrize(
        "name", ["empty", "renamed_program", "svg", "word", "heic", "truncated_photo", "picture_bomb", "dot", "locked_pdf", "opening_script"]
    )  # fmt: skip
    def test_what_is_not_what_it_says_gets_a_sentence_at_its_material(self, case: Case, name: str) -> None:
        draft = draft_of(case)
        file_name, content, _refusal = corpus.cases()[name]
        response = upload(logged_in(case.li), draft, (file_name, content))
        assert response.status_code == 422
        assert 'class="panel material err" id="f-birth-record"' in page_of(response)
        assert not SubmittedMaterial.objects.exists()

    def test_one_bad_file_does_not_cost_the_good_ones(self, case: Case) -> None:
        draft = draft_of(case)
        response = upload(logged_in(case.li), draft, ("好.jpg", PHOTO), ("坏.jpg", b"MZ" + b"\x00" * 99))
        page = page_of(response)
        assert "“坏.jpg”：这个文件其实是程序" in page
        assert SubmittedMaterial.objects.get().original_name == "好.jpg"

    def test_a_file_over_the_limit_is_told_and_the_page_is_there(self, case: Case, settings: SettingsWrapper) -> None:
        settings.YIJIAN_UPLOAD_LIMIT_BYTES = 1024 * 1024
        draft = draft_of(case)
        response = upload(logged_in(case.li), draft, ("大.jpg", PHOTO + b"\x00" * 2 * 1024 * 1024))
        page = page_of(response)
        assert response.status_code == 422
        assert "“大.jpg”：这个文件超过 1 MB" in page
        assert 'class="panel material err" id="f-birth-record"' in page

    def test_a_body_far_over_the_limit_is_cut_and_told(self, case: Case, settings: SettingsWrapper) -> None:
        settings.YIJIAN_UPLOAD_LIMIT_BYTES = 100_000
        draft = draft_of(case)
        response = upload(logged_in(case.li), draft, ("大.jpg", PHOTO + b"\x00" * 2 * 1024 * 1024))
        assert response.status_code == 422
        assert "这个文件超过" in page_of(response)

    @pytest.mark.parametrize("size", [-1, 0])
    def test_a_file_at_the_limit_is_taken(self, case: Case, settings: SettingsWrapper, size: int) -> None:
        settings.YIJIAN_UPLOAD_LIMIT_BYTES = len(PHOTO) + 1000
        content = PHOTO + b"\x00" * (1000 + size)
        assert upload(logged_in(case.li), draft_of(case), ("a.jpg", content)).status_code == 302

    def test_nothing_chosen_is_told(self, case: Case) -> None:
        response = logged_in(case.li).post(url(draft_of(case), "materials"), {"material": "birth_record"})
        assert "还没有选择文件" in page_of(response)

    @pytest.mark.parametrize("material", ["", "nothing", "\x00", "../x"])
    def test_a_material_that_is_not_asked_for_is_not_taken(self, case: Case, material: str) -> None:
        response = upload(logged_in(case.li), draft_of(case), ("a.jpg", PHOTO), material=material)
        assert response.status_code == (400 if "\x00" in material else 422)
        assert not SubmittedMaterial.objects.exists()

    def test_each_material_takes_its_own_formats(self, case: Case) -> None:
        response = upload(logged_in(case.li), draft_of(case), ("a.pdf", corpus.pdf()), material="photo")
        assert "不收 PDF 文件" in page_of(response)

    def test_the_same_file_twice_counts_once(self, case: Case) -> None:
        draft, client = draft_of(case), logged_in(case.li)
        upload(client, draft, ("a.jpg", PHOTO))
        upload(client, draft, ("b.jpg", PHOTO))
        assert SubmittedMaterial.objects.count() == 1

    def test_there_is_an_end_to_how_many(self, case: Case) -> None:
        draft, client = draft_of(case), logged_in(case.li)
        upload(client, draft, *((f"{number}.jpg", corpus.jpeg(100 + number, 100)) for number in range(12)))
        response = upload(client, draft, ("13.jpg", corpus.jpeg(300, 100)))
        assert "已有 12 个文件" in page_of(response)

    def test_a_new_file_takes_the_place_of_an_old_one(self, case: Case) -> None:
        draft, client = draft_of(case), logged_in(case.li)
        upload(client, draft, ("旧.jpg", PHOTO))
        upload(client, draft, ("新.jpg", corpus.jpeg(400, 300)), replaces=str(SubmittedMaterial.objects.get().pk))
        assert SubmittedMaterial.objects.get().original_name == "新.jpg"

    def test_of_several_the_one_that_was_chosen_gives_way_and_the_same_file_is_no_change(self, case: Case) -> None:
        draft, client = draft_of(case), logged_in(case.li)
        pages = [corpus.jpeg(300 + number, 200) for number in range(3)]
        upload(client, draft, *((f"{number}.jpg", page) for number, page in enumerate(pages)))
        page = page_of(client.get(url(draft, "materials")))
        assert page.count('<option value="') == 4
        second = next(str(paper.pk) for paper in SubmittedMaterial.objects.all() if paper.original_name == "1.jpg")
        same = client.get(upload(client, draft, ("again.jpg", pages[1]), replaces=second).url)
        assert "“again.jpg”和已经上传的一模一样，没有改动。" in page_of(same)
        upload(client, draft, ("sharp.jpg", corpus.jpeg(400, 300)), replaces=second)
        names = [paper.original_name for paper in current_materials(draft)]
        assert names == ["0.jpg", "sharp.jpg", "2.jpg"]

    def test_a_submitted_application_takes_nothing_more(self, case: Case) -> None:
        draft = draft_of(case)
        Draft.objects.filter(pk=draft.pk).update(submitted_at=draft.saved_at)
        assert upload(logged_in(case.li), draft, ("a.jpg", PHOTO))["Location"] == url(draft, "submitted")
        assert not SubmittedMaterial.objects.exists()

    def test_a_full_disk_is_told_and_leaves_nothing_half(self, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*args: Any, **kwargs: Any) -> str:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(type(storages["default"]), "_save", full, raising=False)
        response = upload(logged_in(case.li), draft_of(case), ("a.jpg", PHOTO))
        assert "文件暂时存不下" in page_of(response)
        assert not SubmittedMaterial.objects.exists()

    def test_files_sent_after_the_session_ended_lead_to_login(self, case: Case, client: Client) -> None:
        assert "/accounts/login/" in upload(client, draft_of(case), ("a.jpg", PHOTO))["Location"]


class TestViewing:
    @pytest.fixture
    def paper(self, case: Case) -> SubmittedMaterial:
        draft = draft_of(case)
        upload(logged_in(case.li), draft, ("照片 <b>.jpg", PHOTO))
        return SubmittedMaterial.objects.get()

    def test_it_is_shown_so_that_nothing_in_it_can_act(self, case: Case, paper: SubmittedMaterial) -> None:
        response = logged_in(case.li).get(url(paper.draft, "materials", paper=paper.pk))  # type: ignore[arg-type]
        assert response["Content-Type"] == "image/jpeg"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response["Content-Security-Policy"]
        assert "default-src 'none'" in response["Content-Security-Policy"]
        assert "no-store" in response["Cache-Control"]
        assert "filename" in response["Content-Disposition"]

    def test_its_place_on_disk_tells_nothing(self, paper: SubmittedMaterial) -> None:
        assert "照片" not in paper.file.name
        assert len(paper.file.name.rpartition("/")[2]) == 36

    def test_nobody_else_sees_or_removes_it(self, case: Case, paper: SubmittedMaterial) -> None:
        address = url(paper.draft, "materials", paper=paper.pk)  # type: ignore[arg-type]
        for user in (case.stranger, case.sun):
            assert logged_in(user).get(address).status_code == 404
            assert logged_in(user).post(f"{address}remove/").status_code == 404
        assert SubmittedMaterial.objects.exists()

    def test_a_paper_of_another_draft_is_not_found_under_this_one(self, case: Case, paper: SubmittedMaterial) -> None:
        assert logged_in(case.li).get(url(draft_of(case), "materials", paper=paper.pk)).status_code == 404

    @pytest.mark.django_db(transaction=True)
    def test_removing_it_removes_the_file(self, case: Case, paper: SubmittedMaterial) -> None:
        client = logged_in(case.li)
        assert default_storage.exists(paper.file.name)
        client.post(url(paper.draft, "materials", paper=paper.pk) + "remove/")  # type: ignore[arg-type]
        assert not SubmittedMaterial.objects.exists()
        assert not default_storage.exists(paper.file.name)


class TestOrder:
    def test_files_are_moved_one_by_one_and_stand_so_for_the_department(self, case: Case) -> None:
        draft, client = draft_of(case), logged_in(case.li)
        upload(client, draft, *((f"{name}.jpg", corpus.jpeg(300 + len(name))) for name in ("red", "green", "blue")))

        def order() -> list[str]:
            return [paper.original_name for paper in current_materials(draft)]

        def move(way: str, name: str) -> Any:
            paper = next(paper for paper in current_materials(draft) if paper.original_name == name)
            return client.post(url(draft, "materials"), {"move": f"{way}:{paper.pk}"}, follow=True)

        page = page_of(client.get(url(draft, "materials")))
        assert "第 3 页" in page
        assert 'aria-label="把第 3 页“blue.jpg”往前移一页"' in page
        told = move("up", "blue.jpg")
        assert "“blue.jpg”现在是第 2 页，共 3 页。" in page_of(told)
        assert order() == ["red.jpg", "blue.jpg", "green.jpg"]
        move("down", "red.jpg")
        assert order() == ["blue.jpg", "red.jpg", "green.jpg"]
        upload(client, draft, ("last.jpg", corpus.jpeg(400)))
        assert order() == ["blue.jpg", "red.jpg", "green.jpg", "last.jpg"]

    @pytest.mark.parametrize("sent", ["up:", "up:nonsense", "down:00000000-0000-0000-0000-000000000000", "x", "first"])
    def test_what_cannot_be_moved_is_told(self, case: Case, sent: str) -> None:
        draft, client = draft_of(case), logged_in(case.li)
        upload(client, draft, ("a.jpg", PHOTO))
        paper = current_materials(draft).get()
        sent = f"up:{paper.pk}" if sent == "first" else sent
        answer = client.post(url(draft, "materials"), {"move": sent}, follow=True)
        assert "顺序没有变" in page_of(answer)
