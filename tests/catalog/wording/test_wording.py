"""What a guide says in words: limits that only a note tells, papers that may follow, laws in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from catalog.merging.planned import Reason
from catalog.merging.reasons import Why
from catalog.models import Matter
from catalog.packages.importing import import_package
from catalog.versions.matters import compiled
from catalog.wording import translating
from catalog.wording.limits import limit_or_note
from catalog.wording.problems import because, why_asked
from tests.worlds.keeping import import_kept

LAW = "《公司法》第二十九条"


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    """Speak Chinese, whatever the page before spoke, and leave it so."""
    with translation.override("zh-hans"):
        yield


@pytest.mark.parametrize(
    ("which", "number", "note", "said"),
    [
        ("statutory", None, "承诺 15 个工作日；法定 60 日（自然日）", "见说明"),
        ("statutory", None, "含制卡", "未公布"),
        ("statutory", None, "截止后 30 个法定工作日内作出结论", "未公布"),
        ("statutory", 60, "法定 60 日（自然日）", "60 个工作日"),
        ("promised", None, "本市承诺时限以登记中心公布的为准", "见说明"),
        ("promised", None, "法定 30 日", "未公布"),
        ("promised", None, "自收到申请起 30 日为冷静期；符合条件的当场发证", "见说明"),
        ("promised", None, "截止后 30 个法定工作日内作出结论", "见说明"),
        ("promised", None, "系统自动生成", "未公布"),
    ],
)
def test_a_limit_that_only_the_note_tells_points_to_it(which: str, number: int | None, note: str, said: str) -> None:
    assert limit_or_note(which, number, "working_days", note) == said


def test_a_purpose_of_several_items_is_told_once_after_their_names() -> None:
    whys = [Why(item, "d", purpose, (), ()) for item, purpose in (("a", "核对身份"), ("b", "核对身份"), ("c", ""))]
    assert why_asked(whys[:2], str.upper) == "用于A、B（核对身份）"
    assert why_asked(whys, str.upper) == "用于A、B（核对身份）；C"


def test_the_usual_situation_is_spoken_of_without_saying_you() -> None:
    reasons = [Reason("q", "要领发票吗", "要"), Reason("p", "在哪里", "本市")]
    assert because(reasons, assumed=True) == "“要领发票吗”选“要”、“在哪里”选“本市”的，需要这一项"
    assert because(reasons) == "因为您选择了“要”（要领发票吗）、“本市”（在哪里）"


@pytest.fixture
def worded(db: None, tiny: Path, edit: Callable[[str, str, str], None]) -> None:
    """Publish the tiny matter with a limit in calendar days, one told only by a note, and a paper that may follow."""
    edit(
        "opening/items/registration.yaml",
        "promised_limit_days: 1\n",
        "promised_limit_days: 30\nlimit_unit: calendar_days\nlimit_note: 法定 60 日（自然日）\n",
    )
    edit(
        "opening/items/registration.yaml",
        "  - {material: charter, reason: 登记}",
        "  - {material: charter, reason: 登记, necessity: deferrable}",
    )
    (tiny / "opening/en.yaml").write_text(
        f"开办企业: Opening a company\n{LAW}: Company Law, article 29\n", encoding="utf-8"
    )
    import_kept(tiny, "opening")


@pytest.mark.parametrize(
    "url", ["/matters/opening/", "/matters/opening/checklist/?invoices=no", "/items/registration/"]
)
def test_calendar_days_are_called_so_and_the_note_is_there_to_read(worded: None, client: Client, url: str) -> None:
    page = client.get(url).content.decode()
    assert "30 个自然日" in page
    assert "法定 60 日（自然日）" in page


@pytest.mark.parametrize("url", ["/matters/opening/", "/items/registration/"])
def test_a_limit_beside_its_note_is_not_called_unpublished(worded: None, client: Client, url: str) -> None:
    assert "见说明" in client.get(url).content.decode()


@pytest.mark.parametrize("url", ["/matters/opening/", "/matters/opening/checklist/?invoices=no"])
def test_a_paper_that_may_follow_is_marked_so(worded: None, client: Client, url: str) -> None:
    page = client.get(url).content.decode()
    assert "可以后补" in page
    assert "可不交" not in page


@pytest.mark.parametrize("url", ["/matters/opening/", "/items/registration/"])
def test_a_law_is_cited_in_the_readers_language_where_that_is_known(worded: None, client: Client, url: str) -> None:
    assert LAW in client.get(url).content.decode()
    page = client.get(url, headers={"accept-language": "en"}).content.decode()
    assert "<span>Company Law, article 29</span>" in page
    assert LAW not in page


@pytest.mark.parametrize("turn", ["the first", "the next"])
def test_no_test_is_translated_by_the_versions_of_another(newborn_guide: Matter, turn: str) -> None:
    compiled.cache_clear()
    translating._translations.cache_clear()
    with translation.override("en"):
        assert translating.translate("一个没有译文的词") == "一个没有译文的词"


@pytest.mark.parametrize("url", ["/matters/opening/", "/items/registration/"])
def test_a_law_without_translation_is_marked_as_chinese(opening: Matter, client: Client, url: str) -> None:
    page = client.get(url, headers={"accept-language": "en"}).content.decode()
    assert f'<span lang="zh-Hans">{LAW}</span>' in page


def test_a_paper_that_depends_on_the_form_is_not_called_required(
    db: None, tiny: Path, edit: Callable[[str, str, str], None], client: Client
) -> None:
    edit(
        "opening/items/registration.yaml",
        "  - {material: charter, reason: 登记}",
        "  - {material: charter, reason: 登记}\n"
        '  - {material: licence, condition: {">": [{var: "company:company.capital"}, 100]}, reason: 核对}',
    )
    import_package(tiny)
    guide = client.get("/matters/opening/").content.decode()
    assert "要您交的：1 份" in guide
    assert "另有 1 份看情况" in guide
    assert guide.count("看您怎么填") == 1
    checklist = client.get("/matters/opening/checklist/?invoices=no").content.decode()
    assert "提交 <b>1</b> 份材料" in checklist
