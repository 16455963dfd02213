"""What becomes of the files of a paper when a correction is answered: each is kept, replaced or left out on its own."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from matters.cases.department_view import read_case
from matters.drafts.uploads import store_file
from matters.files.checking import check_file
from matters.models import CorrectionRequest, SubItem, SubmittedMaterial
from matters.reviewing.corrections import Gap, answer_correction, request_correction
from matters.reviewing.supplements import EarlierFiles
from matters.wording.refusals import CorrectionInvalid, CorrectionUnchanged
from tests.matters.reviewing.test_review import approve_birth
from tests.pages import page_of
from tests.worlds.cast import logged_in
from tests.worlds.town import Town

KEY = "household_book"
BLURRED = Gap("material", KEY, "第 2 页拍糊了")


def sheet(name: str) -> SimpleUploadedFile:
    """A picture of its own for every name, the same for the same."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (sum(name.encode()) % 256, len(name), 90)).save(out, "PNG")
    return SimpleUploadedFile(f"{name}.png", out.getvalue(), content_type="image/png")


@pytest.fixture
def hukou(town: Town) -> SubItem:
    """The police's sub-item, whose household book has three pages."""
    bundle = town.submit()
    approve_birth(town, town.part(bundle, "birth_cert"))
    SubmittedMaterial.objects.filter(bundle=bundle).update(material="other")
    for name in ("page1", "page2", "page3"):
        with check_file(sheet(name), f"{name}.png") as file:
            store_file(file, owner=bundle.applicant, bundle=bundle, material=KEY)
    return town.part(bundle, "hukou")


@pytest.fixture
def asked(town: Town, hukou: SubItem) -> CorrectionRequest:
    return request_correction(town.wang, hukou, [BLURRED])


def names(hukou: SubItem) -> set[str]:
    papers = SubmittedMaterial.objects.filter(bundle=hukou.bundle, material=KEY, replaced_at=None)
    return {paper.original_name.removesuffix(".png") for paper in papers}


def in_order(hukou: SubItem) -> list[str]:
    """The pages as the department sees them."""
    [paper] = [paper for paper in read_case(SubItem.objects.get(pk=hukou.pk)).papers if paper.key == KEY]
    return [file.original_name.removesuffix(".png") for file in paper.files]


def id_of(hukou: SubItem, name: str) -> str:
    papers = SubmittedMaterial.objects.filter(bundle=hukou.bundle)
    return next(str(paper.pk) for paper in papers if paper.original_name == f"{name}.png")


def test_one_page_is_replaced_and_the_others_stay(town: Town, hukou: SubItem, asked: CorrectionRequest) -> None:
    second = EarlierFiles(instead={id_of(hukou, "page2"): sheet("page2 sharp")})
    answer_correction(town.li, asked, {}, {}, earlier={KEY: second})
    assert names(hukou) == {"page1", "page2 sharp", "page3"}
    assert SubmittedMaterial.objects.get(pk=id_of(hukou, "page2")).replaced_at is not None


def test_what_takes_a_pages_place_stands_where_that_page_stood(
    town: Town, hukou: SubItem, asked: CorrectionRequest
) -> None:
    second = EarlierFiles(instead={id_of(hukou, "page2"): sheet("page2 sharp")})
    answer_correction(town.li, asked, {}, {KEY: [sheet("page4")]}, earlier={KEY: second})
    assert in_order(hukou) == ["page1", "page2 sharp", "page3", "page4"]
    again = request_correction(town.wang, SubItem.objects.get(pk=hukou.pk), [BLURRED])
    sharper = EarlierFiles(instead={id_of(hukou, "page2 sharp"): sheet("page2 sharper")})
    answer_correction(town.li, again, {}, {}, earlier={KEY: sharper})
    assert in_order(hukou) == ["page1", "page2 sharper", "page3", "page4"]


def test_a_page_is_left_out_and_another_added(town: Town, hukou: SubItem, asked: CorrectionRequest) -> None:
    earlier = {KEY: EarlierFiles(removed=[id_of(hukou, "page3")])}
    answer_correction(town.li, asked, {}, {KEY: [sheet("page4")]}, earlier=earlier)
    assert names(hukou) == {"page1", "page2", "page4"}


def test_who_says_nothing_of_several_pages_adds_to_them(town: Town, hukou: SubItem, asked: CorrectionRequest) -> None:
    answer_correction(town.li, asked, {}, {KEY: [sheet("page2 sharp")]})
    assert names(hukou) == {"page1", "page2", "page3", "page2 sharp"}


@pytest.mark.parametrize("way", ["added", "instead", "removed and added again"])
def test_the_very_same_file_is_no_change(town: Town, hukou: SubItem, asked: CorrectionRequest, way: str) -> None:
    second = id_of(hukou, "page2")
    files = {} if way == "instead" else {KEY: [sheet("page2")]}
    said = EarlierFiles(
        instead={second: sheet("page2")} if way == "instead" else {},
        removed=[second] if way.startswith("removed") else [],
    )
    with pytest.raises(CorrectionUnchanged) as refused:
        answer_correction(town.li, asked, {}, files, earlier={KEY: said})
    assert refused.value.labels == ["户口簿"]
    assert names(hukou) == {"page1", "page2", "page3"}


def test_not_every_page_may_go(town: Town, hukou: SubItem, asked: CorrectionRequest) -> None:
    everything = [id_of(hukou, name) for name in ("page1", "page2", "page3")]
    with pytest.raises(CorrectionInvalid) as refused:
        answer_correction(town.li, asked, {}, {}, earlier={KEY: EarlierFiles(removed=everything)})
    assert "至少要留一个文件" in refused.value.problems[f"material:{KEY}"]
    assert len(names(hukou)) == 3


def test_the_page_offers_it_file_by_file(town: Town, hukou: SubItem, asked: CorrectionRequest) -> None:
    client, place = logged_in(town.li), reverse("matters:correction", args=[hukou.bundle.number, asked.pk])
    page = page_of(client.get(place))
    second, third = id_of(hukou, "page2"), id_of(hukou, "page3")
    assert f'name="instead:{second}"' in page
    assert "没有换、没有勾的文件照原样保留" in page
    same = client.post(place, {"papers_of": KEY, f"instead:{second}": sheet("page2")})
    assert same.status_code == 422
    assert "没有改动" in page_of(same)
    sent = {"papers_of": KEY, f"instead:{second}": sheet("page2 sharp"), "removed": third}
    assert client.post(place, sent).status_code == 302
    assert names(hukou) == {"page1", "page2 sharp"}


def test_pages_are_put_in_another_order_and_the_department_reads_them_so(
    town: Town, hukou: SubItem, asked: CorrectionRequest
) -> None:
    order = [id_of(hukou, name) for name in ("page3", "page1", "page2")]
    answer_correction(town.li, asked, {}, {}, earlier={KEY: EarlierFiles(order=order)})
    assert in_order(hukou) == ["page3", "page1", "page2"]


def test_another_order_goes_with_replacing_leaving_out_and_adding(
    town: Town, hukou: SubItem, asked: CorrectionRequest
) -> None:
    ids = {name: id_of(hukou, name) for name in ("page1", "page2", "page3")}
    said = EarlierFiles({ids["page2"]: sheet("sharp")}, [ids["page1"]], [ids["page3"], ids["page2"], ids["page1"]])
    answer_correction(town.li, asked, {}, {KEY: [sheet("more")]}, earlier={KEY: said})
    assert in_order(hukou) == ["page3", "sharp", "more"]


def test_the_order_they_stand_in_is_no_change(town: Town, hukou: SubItem, asked: CorrectionRequest) -> None:
    order = [id_of(hukou, name) for name in ("page1", "page2", "page3")]
    with pytest.raises(CorrectionUnchanged):
        answer_correction(town.li, asked, {}, {}, earlier={KEY: EarlierFiles(order=[*order, "nonsense"])})


def test_the_page_moves_a_file_with_a_button_and_sends_the_order(
    town: Town, hukou: SubItem, asked: CorrectionRequest
) -> None:
    client, address = logged_in(town.li), reverse("matters:correction", args=[hukou.bundle.number, asked.pk])
    page = page_of(client.get(address))
    assert 'aria-label="把第 2 页“page2.png”往前移一页"' in page
    ids = [id_of(hukou, name) for name in ("page1", "page2", "page3")]
    sent = {"papers_of": KEY, f"order:{KEY}": ids, f"stood:{KEY}": ",".join(ids)}
    moved = page_of(client.post(address, {**sent, "move": f"up:{ids[2]}"}))
    assert re.findall(rf'name="order:{KEY}" value="([^"]+)"', moved) == [ids[0], ids[2], ids[1]]
    assert f'name="stood:{KEY}" value="{sent[f"stood:{KEY}"]}"' in moved
    assert in_order(hukou) == ["page1", "page2", "page3"]  # nothing is stored before the answer is sent
    answered = client.post(address, {**sent, f"order:{KEY}": [ids[0], ids[2], ids[1]]})
    assert answered.status_code == 302
    assert in_order(hukou) == ["page1", "page3", "page2"]
    seen = page_of(logged_in(town.wang).get(reverse("matters:case", args=[hukou.number])))
    assert seen.index("page3.png") < seen.index("page2.png")
    assert "第 3 页" in seen
