"""What the columns of one paper say about each other. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from catalog.definitions import Finding
from catalog.linting.grouping import grouped
from catalog.linting.guides.counts import HANDED_IN
from catalog.linting.guides.facts import GuideFacts, GuidePaper
from catalog.linting.guides.finding import finding
from catalog.linting.guides.names import department_family, longest_common, paper_core, plain

# What a note may claim instead of handing in, and how it words it.
_CLAIMS = {
    "generated": re.compile(r"系统(?:会|将)?(?:自动)?生成|自动生成"),
    "certificate": re.compile(
        r"电子证照(?:[^，。；;]{0,6})(?:免提交|免交|免于提交|替代|自动关联|可替代)|绑定电子证照|(?:免提交|免交)(?:[^，。；;]{0,4})电子证照"
    ),
    "interface": re.compile(
        r"(?:接口|数据共享|共享数据|系统)(?:[^，。；;]{0,4})核验(?:[^。；;]{0,5})(?:免提交|免交|无需提[交供])"
    ),
}
_CHECKED = re.compile(r"(?:可查|能查|可核验|能核验|能网上核验|可以核验|已共享)")
_BROUGHT = re.compile(r"(?:提交|交验|携带|出示|交回|收取|查验)(?:[^，。；;]{0,4})原[件证]")
# Made by the system, and yet to be signed or sealed and handed in by the applicant.
_SIGNED = re.compile(
    r"(?:签名|签字|签章|签署|盖章|手写)(?:[^。；;]{0,8})(?:上传|提交|交)|(?:上传|提交)(?:[^。；;]{0,8})(?:签名|签字|签章|盖章)"
)
_SELF_MADE = re.compile(r"委托书|承诺书|申请书|申请表|声明|意见书|授权书")
_GENERIC = re.compile(r"证明|登记|通知书|材料|申请|办理|的")
_ISSUED_BY = re.compile(r"([一-鿿]{2,8}?(?:机关|部门|局|委员会))(?:出具|核发|开具|签发|颁发)")


def lint(guide: GuideFacts) -> Iterator[Finding]:
    """Yield what the list of papers contradicts in itself."""
    papers = guide.papers or ()
    yield from _exemptions(papers)
    yield from _necessity(guide, papers)
    yield from _forms(papers)
    yield from _results(guide, papers)


def _exemptions(papers: tuple[GuidePaper, ...]) -> Iterator[Finding]:
    bound = [p for p in papers if p.exempt == HANDED_IN and p.standard_code.startswith("L")]
    yield from _mismatch(bound, "bound")
    for claim in ("certificate", "generated", "interface"):
        claimed = [p for p in papers if p.exempt == HANDED_IN and _claims(p, claim)]
        yield from _mismatch([p for p in claimed if p not in bound], claim)
    tests: tuple[tuple[str, Callable[[GuidePaper], bool]], ...] = (
        ("self_authorised_exempt", lambda p: p.exempt == "certificate" and bool(_SELF_MADE.search(p.name))),
        (
            "certificate_without_code",
            lambda p: p.exempt == "certificate" and bool(p.standard_code) and not p.standard_code.startswith("L"),
        ),
        (
            "exempt_but_asked",
            lambda p: p.exempt in _CLAIMS and bool(re.search(r"(?:须|必须)(?:现场|线下)?提交原件", p.note)),
        ),
        (
            "generated_but_signed",
            lambda p: (p.exempt == "generated" or _claims(p, "generated")) and bool(_SIGNED.search(p.note)),
        ),
        ("generated_by_others", lambda p: p.exempt == "generated" and p.source == "government"),
    )
    for code, test in tests:
        for paper in filter(test, papers):
            yield finding(code, "warning", (*paper.path, "exempt"), paper.exempt, [paper.name])
    for paper in papers:
        if paper.required and paper.exempt == HANDED_IN and _CHECKED.search(paper.note):
            yield finding("verifiable_but_asked", "note", paper.path, paper.exempt, [paper.name])
    issued = [p for p in papers if p.source == "government"]
    if len(issued) >= 2 and len(issued) == len(papers) and all(p.exempt == HANDED_IN for p in papers):
        yield finding("exempt_all_none", "warning", ("materials",), HANDED_IN, [p.name for p in papers])


def _claims(paper: GuidePaper, claim: str) -> bool:
    return claim in paper.claims.split() or claim == paper.claims or bool(_CLAIMS[claim].search(paper.note))


def _mismatch(papers: list[GuidePaper], variant: str) -> Iterator[Finding]:
    if papers:
        names = [paper.name for paper in papers]
        yield finding("exempt_mismatch", "error", (*papers[0].path, "exempt"), HANDED_IN, names, variant)


def _necessity(guide: GuideFacts, papers: tuple[GuidePaper, ...]) -> Iterator[Finding]:
    if papers and all(paper.necessity in ("optional", "deferrable") for paper in papers):
        # A promise of papers to be handed in, or none at all: nobody needs a list of papers that nobody needs.
        yield finding("nothing_required", "warning", ("materials",), guide.after("materials"), [p.name for p in papers])
    sometimes = [paper for paper in papers if paper.required and paper.conditional]
    if sometimes:
        names = [paper.name for paper in sometimes]
        path = (*sometimes[0].path, "necessity")
        yield finding("required_but_conditional", "warning", path, "required", names)
    groups = grouped(papers, lambda paper: paper.group)
    for members in groups.values():
        required: dict[str, list[str]] = {}
        for paper in members:
            if paper.required:
                required.setdefault(paper.branch, []).append(paper.name)
        if len(required) > 1:
            path = (*members[0].path, "necessity")
            yield finding("required_but_exclusive", "error", path, "required", required)
    for group, members in groups.items():
        first = members[0]
        if first.branch and all(paper.branch == first.branch for paper in members):
            yield finding("group_of_one", "note", first.path, group, [first.name], "materials")
    yield from _by_situation(guide, papers)
    unsaid = [p for p in papers if p.conditional and not p.note and not p.required]
    for paper in unsaid:
        yield finding("condition_unsaid", "note", paper.path, None, [paper.name])


def _by_situation(guide: GuideFacts, papers: tuple[GuidePaper, ...]) -> Iterator[Finding]:
    """Yield papers marked as always needed that only sub-items of some situations use."""
    numbered = guide.numbered()
    chosen: list[GuidePaper] = []
    needed: list[GuidePaper] = []
    members = grouped(numbered, lambda no: numbered[no].group)
    for paper in papers:
        if not paper.required or paper.conditional or paper.for_all or not paper.users:
            continue
        users = [numbered[no] for no in paper.users if no in numbered]
        if not users or any(not each.condition and not each.group for each in users):
            continue
        groups = {each.group for each in users if not each.condition}
        if any(set(members[group]) <= set(paper.users) for group in groups):
            continue  # whichever of the group is chosen uses it
        (chosen if any(each.group for each in users) else needed).append(paper)
    for code, found in (("group_dependent_required", chosen), ("required_but_conditional", needed)):
        if found:
            names = [paper.name for paper in found]
            variant = "by_sub_item" if code == "required_but_conditional" else ""
            yield finding(code, "warning", (*found[0].path, "necessity"), "required", names, variant)


def _forms(papers: tuple[GuidePaper, ...]) -> Iterator[Finding]:
    for paper in papers:
        handed_in = paper.exempt not in ("generated", "certificate", "interface", "personal_store")
        if paper.form == "paper" and paper.submit == "online":
            yield finding("paper_sent_online", "error", (*paper.path, "submit"), "online", [paper.name])
        if paper.form == "electronic" and paper.submit == "counter":
            yield finding("electronic_at_counter", "warning", (*paper.path, "submit"), "counter", [paper.name])
        if paper.form == "electronic" and paper.original != "copy" and _BROUGHT.search(paper.note):
            yield finding("electronic_original", "note", (*paper.path, "original"), paper.original, [paper.name])
        if paper.copies == 0 and handed_in and paper.form in ("paper", "paper_and_electronic"):
            yield finding("copies_zero", "error", (*paper.path, "copies"), 0, [paper.name])


def _results(guide: GuideFacts, papers: tuple[GuidePaper, ...]) -> Iterator[Finding]:
    """Yield papers that a sub-item of this very guide produces and the applicant must hand in all the same."""
    numbered = guide.numbered()
    for paper in papers:
        if paper.exempt != HANDED_IN:
            continue
        users = set(paper.users or ())
        groups = {numbered[no].group for no in users if no in numbered} - {""}
        for each in guide.sub_items or ():
            if each.no in users and not paper.for_all and len(users) == 1:
                continue
            if each.group and each.group in groups:
                continue
            if _produces(each.result, each.name, paper.name) or _issues(each.department, paper, each.title):
                found = {"result": each.result or each.title, "item": each.title}
                path = paper.path
                yield finding("result_as_material", "warning", path, paper.name, each.title, params=found)
                break


def _produces(result: str, item: str, paper: str) -> bool:
    core = paper_core(paper)
    if len(core) < 3:
        return False
    if result and result not in ("无", "暂无") and paper_core(result) == core:
        return True
    return bool(re.search(rf"{re.escape(plain(paper))}(?:首次)?(?:签发|申领|新办|核发|申请|办理|领取)", plain(item)))


def _issues(department: str, paper: GuidePaper, item: str) -> bool:
    """Tell whether a sub-item's department issues the paper, and the paper is about what the sub-item does."""
    found = _ISSUED_BY.search(paper.name) or _ISSUED_BY.search(paper.note)
    if not found or not department or department_family(found[1]) != department_family(department):
        return False
    subject = _GENERIC.sub("", paper.name.replace(found[0], ""))
    if "清税" in subject:
        return "注销" in item
    return longest_common(subject, _GENERIC.sub("", plain(item))) >= 3
