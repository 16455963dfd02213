"""What conditions, names and answers say in words against what the lists say. Narrow on purpose: each looks for one way of saying. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalog.definitions import Finding
from catalog.linting.grouping import grouped
from catalog.linting.guides.facts import GuideFacts, GuideSubItem, number
from catalog.linting.guides.finding import finding
from catalog.linting.guides.names import longest_common, matter_stem, pairs, plain

_EMPTY = re.compile(
    r"(?:无|暂无|详见\S{0,8}|[-—/]+|(?:须|应|需)?(?:符合|满足|具备)(?:本事项|本事|相关|有关|法律|法规|法律法规|规定|申请|办理|受理|法定|政策|的)*"
    r"(?:要求|条件|规定|情形)(?:的)?(?:即可)?(?:办理|申请|受理)?)[。.]?"
)
_FORM = re.compile(r"一件事.{0,3}(?:申请表|申请书|承诺书|申报表)")
_BARE = re.compile(r"(?:证|证书|证明|执照|户口簿)$")
_INTERNAL = re.compile(
    r"^(?:统筹|推动|推进|加强|完善|健全|督促|组织开展)|^(?:建立|编制|制定).*(?:指引|机制|制度|平台|目录)$"
)
_FIRST_TIME = re.compile(r"录入|首次|新办|设立|开户|新增")
_SPARED_AGE = re.compile(r"(\d{1,2})\s*(?:周)?岁以下(?:的)?(?:可|可以)?(?:不|无需|免)[^，。；;,]*")
_APART = re.compile(
    r"逐个(?:申请|办理|提交)|(?:各|分别|分开)(?:走|申请|办理|提交)(?:[^，。；;,]{0,4})一?次|要?走多次|多次(?:申请|办理)"
)
_AFTERWARDS = re.compile(r"^([一-鿿]{2,6})[:：].*?后\s*\d+\s*(?:个)?(?:工作)?日内")
_GENERIC_HEAD = re.compile(r"^(?:申请人?|对象|时间|条件|范围|材料|年龄|个人|单位|企业|备注|说明|注意|其他)")
_SEASONED = re.compile(r"(?:初次|首次)(?:[^，。；;,]{0,12})(?:满\s*\d+\s*年|\d+\s*年以上)")
_SAME_WORD = {"社保": "参保|社会保险", "公积金": "公积金", "公章": "印章|公章", "银行": "银行"}
_AUDIENCES = {r"新生儿|出生六个月内": (0, 1), r"退休": (45, 120), r"高龄|老年": (60, 120)}
_NUMERALS = {name: place for place, name in enumerate("零一二三四五六七八九十")} | {"两": 2}


def lint(guide: GuideFacts) -> Iterator[Finding]:
    """Yield what the words contradict."""
    yield from _conditions(guide)
    yield from _names(guide)
    yield from _faqs(guide)
    yield from _people(guide)
    yield from _paper_words(guide)
    yield from _flow(guide)


def _conditions(guide: GuideFacts) -> Iterator[Finding]:
    conditions = guide.conditions
    if conditions is None:
        return
    if all(_EMPTY.fullmatch(re.sub(r"[\s，,]", "", said)) for said in conditions):
        yield finding("empty_condition", "warning", ("conditions",), list(conditions))
    subs = guide.sub_items or ()
    keyed = [(place, said, re.split(r"[:：]", said)[0].split("·")[0]) for place, said in enumerate(conditions)]
    heads = [head for _place, said, head in keyed if _names_an_item(said, head)]
    unmatched = [head for head in heads if not _matched(head, subs)]
    # Conditions are headed by items only where some of the heads are.
    if unmatched and len(unmatched) < len(heads):
        yield finding("condition_without_item", "warning", ("conditions",), unmatched)
    for place, said, head in keyed:
        if _AFTERWARDS.search(said):
            waiting = [each.title for each in subs if _about(head, each) and not each.waits and not each.waits_group]
            if waiting:
                yield finding("order", "warning", ("conditions", place), said, waiting)
    for place, said in enumerate([*conditions, *(each.condition for each in subs)]):
        if _SEASONED.search(said):
            path = ("conditions", place) if place < len(conditions) else subs[place - len(conditions)].path
            yield finding("condition_dead_end", "warning", path, said)
            break
    yield from _scope(guide, conditions)
    for each in subs:
        if found := re.search(r"适用于(.{2,30}?)以外", plain(each.name)):
            for quoted in re.findall(r"[“\"「]([^”\"」]{2,12})[”\"」]", each.name):
                settled = [
                    said for said in conditions if re.search(rf"(?:已|应|须)(?:经)?(?:实行)?{re.escape(quoted)}", said)
                ]
                if settled and quoted in found[1]:
                    yield finding("item_vs_condition", "warning", each.path, each.name, settled[0])


def _names_an_item(said: str, head: str) -> bool:
    if head != said:
        return 2 <= len(head) <= 12 and not _GENERIC_HEAD.search(head)
    return bool(re.fullmatch(r"[一-鿿]{4,12}(?:登记|注册|确认|申领|备案)|[一-鿿]{2,8}登记注册", said))


def _matched(head: str, subs: tuple[GuideSubItem, ...]) -> bool:
    if any(_about(head, each) for each in subs):
        return True
    return any(longest_common(head, each.name + each.business + each.result) >= 3 for each in subs)


def _about(head: str, each: GuideSubItem) -> bool:
    words = _SAME_WORD.get(head[:2], _SAME_WORD.get(head, re.escape(head)))
    return bool(re.search(words, each.name + each.business))


def _scope(guide: GuideFacts, conditions: tuple[str, ...]) -> Iterator[Finding]:
    """Yield conditions that all speak of one of several alternatives."""
    for members in grouped(guide.sub_items or (), lambda each: each.group).values():
        own = [pairs(each.title) - set().union(*(pairs(o.title) for o in members if o is not each)) for each in members]
        spoken = [sum(bool(words & pairs(said)) for said in conditions) for words in own]
        if sum(bool(count) for count in spoken) == 1 and max(spoken) >= 2:
            named = members[spoken.index(max(spoken))]
            others = [each.title for each in members if each is not named]
            yield finding("condition_scope", "warning", ("conditions",), named.title, others)


def _names(guide: GuideFacts) -> Iterator[Finding]:
    stem = matter_stem(guide.name)
    for paper in guide.papers or ():
        if _FORM.search(plain(paper.name)) and "一件事" in guide.name:
            own = matter_stem(paper.name)
            if own and own not in stem and stem not in own:
                yield finding("wrong_form", "warning", paper.path, paper.name, guide.name)
    subs = guide.sub_items or ()
    for code, test in (
        ("item_naming", lambda each: bool(_BARE.search(plain(each.name))) and not each.business),
        ("not_a_service", lambda each: bool(_INTERNAL.search(each.name))),
        ("naming", lambda each: "变更" in guide.name and bool(_FIRST_TIME.search(each.name + each.business))),
        (
            "subject",
            lambda each: ("企业" in guide.name or "公司" in guide.name) and each.name.startswith("个体工商户"),
        ),
    ):
        found = [each for each in subs if test(each)]
        if found:
            yield finding(code, "note", found[0].path, guide.name, [each.title for each in found])
    for each in subs:
        if guide.subject == "自然人" and re.match(r"(?:企业|公司|单位)(?!职工|退休)", each.name):
            yield finding("subject", "note", each.path, guide.subject, [each.title], "person")


def _faqs(guide: GuideFacts) -> Iterator[Finding]:
    faqs = guide.faqs
    if faqs == () or (faqs is None and number(guide.raw.get("faq_count")) == 0):
        yield finding("no_faq", "note", ("faq",), 0)
    for place, (question, answer) in enumerate(faqs or ()):
        path = ("faq", place)
        counted = re.search(r"([\d零一二三四五六七八九十两]{1,2})\s*(?:份|项|种)(?:材料)?(?:$|[。，；;])", answer)
        if counted and "材料" in question and guide.papers is not None:
            said = int(counted[1]) if counted[1].isdigit() else _NUMERALS.get(counted[1])
            if said is not None and said != len(guide.papers):
                yield finding("faq_vs_list", "warning", path, said, len(guide.papers))
        must = re.search(r"必须用([一-鿿]{2,6}?)(?=领|办|缴|交|收|吗)", question)
        if must and "必须" in answer and "不" not in answer:
            for paper in guide.papers or ():
                if other := re.search(rf"{must[1]}或([一-鿿]{{2,8}})", paper.name + paper.note):
                    yield finding("faq_vs_material", "warning", path, must[1], other[1])
        yield from _faq_against_conditions(guide, place, question, answer)
    for place, (_question, answer) in enumerate(faqs or ()):
        if found := _APART.search(answer):
            yield finding("one_child_per_case", "note", ("faq", place), 1, found[0])
            return


def _faq_against_conditions(guide: GuideFacts, place: int, question: str, answer: str) -> Iterator[Finding]:
    for said in guide.conditions or ():
        head, colon, rest = said.partition(":") if ":" in said else said.partition("：")
        if not colon or head not in question:
            continue
        for wider, kept in re.findall(r"(?:^|[、，,;；\s])([一-鿿]{2,6})或([一-鿿]{2}\s?[^、，,;；。]{2})", answer):
            if kept in rest and wider not in rest:
                yield finding("faq_vs_condition", "warning", ("faq", place), f"{wider}或{kept}", said)
                return


def _people(guide: GuideFacts) -> Iterator[Finding]:
    """Yield papers that nobody whom the guide is for would have to bring."""
    for pattern, (_youngest, oldest) in _AUDIENCES.items():
        if not re.search(pattern, guide.name):
            continue
        for paper in guide.papers or ():
            if (found := _SPARED_AGE.search(paper.note)) and oldest <= int(found[1]):
                yield finding("material_never_applies", "warning", paper.path, paper.name, found[0])


def _paper_words(guide: GuideFacts) -> Iterator[Finding]:
    for paper in guide.papers or ():
        for place, said in enumerate(guide.conditions or ()):
            path = ("conditions", place)
            same = re.search(r"(?:同一|相同的?|一致的?)([一-鿿]{2})", said)
            if same and re.search(rf"不同{same[1]}|{same[1]}不(?:同|一致)", paper.note + paper.name):
                yield finding("condition_vs_material", "warning", path, said, paper.name)
            if re.search(r"或电子", said) and "实体" in paper.note and "电子" not in paper.note:
                yield finding("condition_vs_material", "warning", path, said, paper.name)
            head = re.split(r"[:：]", said)[0]
            if head == paper.name and paper.required and re.search(r"自行|无需交|不需交|不用交", said):
                yield finding("material_vs_condition", "warning", paper.path, paper.name, said)


def _flow(guide: GuideFacts) -> Iterator[Finding]:
    subs = guide.sub_items or ()
    if not guide.flow or not subs:
        return
    if "→" in guide.flow or "->" in guide.flow:
        generic = pairs("申请登记办理服务申领签发确认核发变更注销备案审核受理指导证明明申")
        said = pairs(guide.flow)
        silent = [each.title for each in subs if each.name and not (pairs(plain(each.title)) - generic) & said]
        if 0 < len(silent) < len(subs):
            yield finding("flow_vs_items", "note", ("flow",), guide.flow, silent)
    known = "".join(
        [
            guide.name,
            *(e.title + e.result for e in subs),
            *(p.name + p.note for p in guide.papers or ()),
            *(guide.conditions or ()),
        ]
    )
    for thing in re.findall(r"(?:下载|打印|查询)([一-鿿]{2,6})", guide.flow):
        if thing not in known:
            yield finding("flow_text", "note", ("flow",), guide.flow, thing)
