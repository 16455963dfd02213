"""A matter's guide against the guides of the single items it refers to. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from catalog.definitions import Finding
from catalog.linting.guides.counts import HANDED_IN
from catalog.linting.guides.facts import GuideFacts, GuidePaper, GuideSubItem, number, strings
from catalog.linting.guides.fees import stated_fee
from catalog.linting.guides.finding import finding
from catalog.linting.guides.names import FORM, longest_common, paper_core, paper_kinds, plain, same_paper

_AGES = re.compile(r"(男|女)[一-鿿]{0,3}\s*(\d\d)")
_NOTHING = ("", "无", "暂无", "无结果样本")


def lint(guide: GuideFacts, items: Mapping[str, GuideFacts]) -> Iterator[Finding]:
    """Yield what a guide contradicts in its items' own guides; ``items``: by key. References that are not there are passed over."""
    subs = [(each, [items[ref] for ref in each.items if ref in items]) for each in guide.sub_items or ()]
    missing: dict[tuple[str, ...], list[GuideSubItem]] = {}
    for each, own in subs:
        if own:
            yield from _limits(each, own)
            missing.setdefault(tuple(_missing_papers(guide, each, own)), []).append(each)
            yield from _ages(guide, each, own)
    for names, asking in missing.items():
        if names:
            params = {"items": [each.title for each in asking]}
            yield finding("item_material_missing", "warning", asking[0].path, None, list(names), params=params)
    yield from _necessity(guide, subs)
    yield from _results(guide, subs)
    yield from _fees(guide, [item for _each, own in subs for item in own])


def _limits(each: GuideSubItem, own: list[GuideFacts]) -> Iterator[Finding]:
    path = (*each.path, "promised_days")
    legal = [days for item in own if (days := number(item.raw.get("legal_days"))) is not None]
    promised = {days for item in own if (days := number(item.raw.get("promised_days"))) is not None}
    if each.days is None:
        return
    if legal and each.days > max(legal):
        params = {"item": each.title}
        yield finding("promise_beyond_statute", "error", path, each.days, max(legal), "sub_item", params)
    if promised and each.days not in promised:
        found = sorted(promised)[0]
        yield finding("promise_vs_item", "warning", path, each.days, found, params={"item": each.title})


def _missing_papers(guide: GuideFacts, each: GuideSubItem, own: list[GuideFacts]) -> list[str]:
    """Return papers that an item always needs and the guide does not list, produce or fold into its one form."""
    if guide.papers is None or not all(paper.name for paper in guide.papers):
        return []
    listed = [paper.name for paper in guide.papers]
    produced = [other.result for other in guide.sub_items or () if other.no != each.no and other.result]
    one_form = any(FORM.search(name) and "一件事" in name for name in map(plain, listed))
    missing: dict[str, None] = {}
    for item in own:
        for paper in item.papers or ():
            if not paper.required or paper.conditional or paper.group or paper.exempt == "generated":
                continue
            if "identity" in paper_kinds(paper.name):
                continue  # whoever is logged in has been identified
            folded = one_form and FORM.search(paper.name) and not re.search(r"盖章|签章|公章", paper.note)
            if not folded and not any(same_paper(paper.name, name) for name in [*listed, *produced]):
                missing[paper.name] = None
    return list(missing)


def _necessity(guide: GuideFacts, subs: list[tuple[GuideSubItem, list[GuideFacts]]]) -> Iterator[Finding]:
    for paper in guide.papers or ():
        users = [own for each, own in subs if own and (paper.for_all or paper.users is None or each.no in paper.users)]
        same: list[GuidePaper] = []
        for own in users:
            same += [
                each for item in own for each in item.papers or () if paper_core(each.name) == paper_core(paper.name)
            ]
        if not same or paper.conditional:
            continue
        path = (*paper.path, "necessity")
        if paper.required and all(each.necessity == "optional" for each in same):
            yield finding("required_but_item_optional", "warning", path, "required", [paper.name])
        if paper.necessity == "optional" and all(each.required and not each.conditional for each in same):
            yield finding("optional_but_item_required", "warning", path, "optional", [paper.name])
        free = {each.exempt for each in same} & {"certificate", "interface", "generated"}
        if paper.exempt == HANDED_IN and free and HANDED_IN not in {each.exempt for each in same}:
            params = {"exempt": sorted(free)[0]}
            yield finding("asked_but_item_exempt", "note", paper.path, HANDED_IN, [paper.name], params=params)


def _results(guide: GuideFacts, subs: list[tuple[GuideSubItem, list[GuideFacts]]]) -> Iterator[Finding]:
    spelt: dict[str, dict[str, None]] = {}
    for each, own in subs:
        own_results = [str(item.raw.get("result") or "").strip() for item in own]
        for result in [each.result, *own_results]:
            if result not in _NOTHING:
                spelt.setdefault(plain(result), {})[result] = None
        stated = {plain(result) for result in own_results if result not in _NOTHING}
        if each.result not in _NOTHING and stated and plain(each.result) not in stated:
            path = (*each.path, "result")
            yield finding("result_vs_item", "note", path, each.result, own_results[0], params={"item": each.title})
    for variants in spelt.values():
        if len(variants) > 1:
            yield finding("result_name", "note", ("sub_items",), None, list(variants))


def _fees(guide: GuideFacts, own: list[GuideFacts]) -> Iterator[Finding]:
    fee, path = stated_fee(guide)
    free = (isinstance(fee, Mapping) and fee.get("charged") is False) or (
        isinstance(fee, str) and bool(re.search(r"^无$|不收费|免费|免收", fee))
    )
    charging = [
        item.name for item in own if isinstance(item.raw.get("fee"), Mapping) and item.raw["fee"].get("charged")
    ]
    if free and charging:
        yield finding("fee_vs_items", "error", path, "不收费", list(dict.fromkeys(charging)))


def _ages(guide: GuideFacts, each: GuideSubItem, own: list[GuideFacts]) -> Iterator[Finding]:
    """Yield ages that an answer gives otherwise than the item's own guide."""
    ages: dict[str, set[int]] = {"男": set(), "女": set()}
    for item in own:
        for _path, said in strings(item.raw):
            for sex, age in _AGES.findall(said):
                ages[sex].add(int(age))
    for place, (question, answer) in enumerate(guide.faqs or ()):
        if longest_common(question, each.title) < 3:
            continue
        said_ages: dict[str, set[int]] = {"男": set(), "女": set()}
        for sex, age in _AGES.findall(answer):
            said_ages[sex].add(int(age))
        for sex, years in said_ages.items():
            if years and ages[sex] and years != ages[sex]:
                said, known = (f"{sex} {'、'.join(map(str, sorted(each)))}" for each in (years, ages[sex]))
                yield finding("age_rule", "warning", ("faq", place), said, known)
