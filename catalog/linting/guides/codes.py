"""Numbers and codes: papers, sub-items, theme, region, the item itself. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from catalog.definitions import Finding
from catalog.definitions.finding import Path
from catalog.linting.grouping import grouped
from catalog.linting.guides.facts import GuideFacts, strings, text
from catalog.linting.guides.finding import finding
from catalog.linting.guides.names import paper_core, paper_kinds, plain
from portal.identifiers.credit_codes import credit_code
from portal.identifiers.invalid import InvalidIdentifier

# GB/T 2260: the first two digits and the provinces they stand for.
PROVINCES = {
    **{
        "11": "北京",
        "12": "天津",
        "13": "河北",
        "14": "山西",
        "15": "内蒙古",
        "21": "辽宁",
        "22": "吉林",
        "23": "黑龙江",
    },
    **{"31": "上海", "32": "江苏", "33": "浙江", "34": "安徽", "35": "福建", "36": "江西", "37": "山东", "41": "河南"},
    **{"42": "湖北", "43": "湖南", "44": "广东", "45": "广西", "46": "海南", "50": "重庆", "51": "四川", "52": "贵州"},
    **{"53": "云南", "54": "西藏", "61": "陕西", "62": "甘肃", "63": "青海", "64": "宁夏", "65": "新疆", "71": "台湾"},
    **{"81": "香港", "82": "澳门"},
}
ITEM_TYPES = {
    **{"01": "行政许可", "02": "行政处罚", "03": "行政强制", "04": "行政征收", "05": "行政给付", "06": "行政检查"},
    **{"07": "行政确认", "08": "行政奖励", "09": "行政裁决", "10": "其他行政权力", "20": "公共服务"},
}
_THEME = re.compile(r"(\d\d)([TP])[A-Z]{2}\d{4}")
# A letter with a number, or with the credit code of the body that issues the paper and three digits.
_STANDARD = re.compile(r"[A-Z][0-9A-Z]{6,9}")
_STANDARD_OF_A_BODY = re.compile(r"[A-Z]([0-9A-HJ-NPQRTUWXY]{18})[0-9]{3}")
_ITEM_CODE = re.compile(r"\d{9}[0-9A-Z]\d{2}")
_URL = re.compile(r"https?://\S+|(?:www\.)[\w./?=&%-]+", re.ASCII)
_PLACE = re.compile(r"(?<=[一-鿿]{2})(?:县|区|旗)")
_CITY_TEXT = re.compile(r"市城区|市区范围|市区内|本市(?:户籍|范围|行政区域|城区)|全市范围")


def lint(guide: GuideFacts) -> Iterator[Finding]:
    """Yield what codes and numbers contradict."""
    yield from _internal(guide)
    yield from _standard(guide)
    yield from _numbers(guide)
    yield from _theme(guide)
    yield from _region(guide)
    if guide.is_item:
        yield from _item(guide)


def _internal(guide: GuideFacts) -> Iterator[Finding]:
    for code, papers in grouped(guide.papers or (), lambda paper: paper.internal_no).items():
        if len(papers) > 1:
            names = [paper.name for paper in papers]
            yield finding("duplicate_internal_no", "error", (*papers[1].path, "internal_no"), code, names)
    prefix = "" if guide.is_item else guide.theme_code
    if guide.is_item:
        prefix = text(guide.raw.get("code"))
    strange = [paper for paper in guide.papers or () if paper.internal_no and prefix not in paper.internal_no]
    for paper in strange if prefix else ():
        yield finding("internal_no_elsewhere", "warning", paper.path, paper.internal_no, prefix)


def is_standard_code(code: str) -> bool:
    """Tell whether a standard code of a paper has one of its two forms; check digits are checked."""
    if body := _STANDARD_OF_A_BODY.fullmatch(code):
        return not bad_credit_code(body[1])
    return bool(_STANDARD.fullmatch(code))


def bad_credit_code(code: str) -> str:
    """Return why a credit code is none, or an empty text."""
    try:
        credit_code(code)
    except InvalidIdentifier as error:
        return str(error.code)
    return ""


def _standard(guide: GuideFacts) -> Iterator[Finding]:
    for code, papers in grouped(guide.papers or (), lambda paper: paper.standard_code).items():
        cores = grouped(papers, lambda paper: paper_core(paper.name))
        shared = set.intersection(*(paper_kinds(paper.name) for paper in papers))
        if len(cores) > 1 and not shared:  # the same kind of paper of several persons shares its code
            names = [each[0].name for each in cores.values()]
            yield finding("standard_code_reused", "warning", (*papers[1].path, "standard_code"), code, names)
        if not is_standard_code(code):
            yield finding("standard_code_malformed", "error", (*papers[0].path, "standard_code"), code)
    for core, papers in grouped(guide.papers or (), lambda paper: paper_core(paper.name)).items():
        names = [paper.name for paper in papers]
        if len(papers) > 1 and not _apart(papers):
            yield finding("material_twice", "warning", papers[1].path, core, names)
        codes = {paper.standard_code for paper in papers} - {""}
        if len(codes) > 1:
            yield finding("standard_code_differs", "warning", papers[1].path, sorted(codes), names)


def _apart(papers: Sequence[Any]) -> bool:
    """Tell whether papers of one name belong to branches or sub-items that keep them apart."""
    branches = {(paper.group, paper.branch) for paper in papers if paper.group}
    users = [paper.users for paper in papers]
    return len(branches) == len(papers) or (None not in users and () not in users and len(set(users)) == len(users))


def _numbers(guide: GuideFacts) -> Iterator[Finding]:
    lists: dict[str, Sequence[Any]] = {"materials": guide.papers or (), "sub_items": guide.sub_items or ()}
    for key, rows in lists.items():
        for no, same in grouped(rows, lambda row: row.no).items():
            if len(same) > 1:
                yield finding("duplicate_no", "error", same[1].path, no, [row.name for row in same], key)
        numbers = {row.no for row in rows if row.no is not None}
        if numbers and len(rows) > 1 and max(numbers) <= 1000:
            gaps = [no for no in range(1, max(numbers)) if no not in numbers]
            if gaps:
                yield finding("numbering_gap", "note", (key,), None, gaps, key)
    for same in grouped(lists["sub_items"], lambda row: plain(row.title)).values():
        if len(same) > 1:
            yield finding("sub_item_twice", "error", same[1].path, same[0].title, [row.no for row in same])


def _theme(guide: GuideFacts) -> Iterator[Finding]:
    code = guide.theme_code
    if not code:
        return
    found = _THEME.fullmatch(code)
    path: Path = ("theme_code",)
    if not found or found[1] not in PROVINCES:
        yield finding("theme_code_malformed", "warning", path, code)
        return
    known = re.fullmatch(r"\d{6}", guide.region_code) and guide.region_code[:2] in PROVINCES
    if known and guide.region_code[:2] != found[1]:
        yield finding("theme_vs_region", "error", path, code, guide.region_code)
    wanted = {"T": "法人", "P": "自然人"}[found[2]]
    if guide.subject and not re.search("法人|企业|组织" if found[2] == "T" else "自然人|个人", guide.subject):
        yield finding("theme_vs_subject", "warning", path, code, guide.subject, params={"wanted": wanted})


def _region(guide: GuideFacts) -> Iterator[Finding]:
    code, name = guide.region_code, guide.region_name
    path: Path = ("region",)
    if code and (not re.fullmatch(r"\d{6}", code) or code[:2] not in PROVINCES):
        yield finding("region_code_malformed", "error", path, code)
        return
    if code and name and (wanted := _level_differs(code, name)):
        yield finding("region_code_vs_name", "error", path, code, name, params={"wanted": wanted})
    yield from _places(guide, name)
    if code:
        yield from _links(guide, code)


def _level_differs(code: str, name: str) -> str:
    """Return which level a code is of where the name says another, else an empty text."""
    name = name.removesuffix("本级").removesuffix("直属")
    level = "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"
    province = PROVINCES[code[:2]]
    if level == "province":
        return "" if name.startswith(province) else level
    if name.startswith(province) and name not in (province,) and name.endswith("省"):
        return level
    if level == "prefecture":
        return "" if re.search(r"(市|州|盟|地区)$", name) else level
    return "" if re.search(r"(县|区|旗|市)$", name) else level


def _places(guide: GuideFacts, name: str) -> Iterator[Finding]:
    if name and guide.lead and name[:2] not in guide.lead and _elsewhere(name, guide.lead):
        yield finding("region_mismatch", "warning", ("lead",), guide.lead, name, "lead")
    if name.endswith(("县", "旗")):
        texts: list[tuple[Path, str]] = [(paper.path, paper.note) for paper in guide.papers or ()]
        texts += [(("conditions", place), said) for place, said in enumerate(guide.conditions or ())]
        for path, said in texts:
            if found := _CITY_TEXT.search(said):
                yield finding("region_mismatch", "warning", path, name, found[0])


def _elsewhere(name: str, lead: str) -> bool:
    """Tell whether a body's name begins with another place of the same kind."""
    if name.endswith(("县", "区", "旗")):
        return bool(_PLACE.search(lead))
    return name.endswith(("市", "州")) and bool(re.match(r"[一-鿿]{2,7}?(?:市|州)(?!场)", lead))


def _links(guide: GuideFacts, code: str) -> Iterator[Finding]:
    for path, said in strings({key: value for key, value in guide.raw.items() if key != "source"}):
        for url in _URL.findall(said):
            segments = re.findall(rf"(?<!\d){code[:2]}\d{{3,4}}(?:0{{6}})?(?!\d)", url)
            wrong = [each for each in segments if each[:6] not in (code, code[:4] + "00", code[:2] + "0000")]
            if wrong and code not in url:
                yield finding("link_mismatch", "warning", path, code, wrong[0])
                return


def _item(guide: GuideFacts) -> Iterator[Finding]:
    code = text(guide.raw.get("code"))
    if not code:
        return
    basic = code[19:31] if len(code) in (31, 33) else code  # within an implementation code
    known_place = basic[:2] == "00" or basic[:2] in PROVINCES
    named = ITEM_TYPES.get(basic[2:4])
    if not _ITEM_CODE.fullmatch(basic) or not known_place or named is None:
        yield finding("item_code_malformed", "error", ("code",), code)
        return
    stated = text(guide.raw.get("item_type"))
    if stated in ITEM_TYPES.values() and named != stated:
        yield finding("item_type_vs_code", "error", ("item_type",), stated, named, params={"code": code})
