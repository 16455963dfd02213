"""How often one must come: in figures, in words, and by what papers must be brought. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalog.definitions import Finding
from catalog.definitions.finding import Path
from catalog.linting.guides.counts import HANDED_IN
from catalog.linting.guides.facts import GuideFacts, number, text
from catalog.linting.guides.finding import finding

_ONLINE = re.compile(
    r"全程网[上]?办|全程在线|全流程网办|全程线上|全部网上办|网上全流程|不见面|零跑[动腿]|零跑|0\s*跑|跑[动腿]?\s*(?:0|零)\s*次|一次(?:也|都)?不(?:用|需要?)?跑"
    r"|(?:无需|无须|不需要?|不用|不必|免)(?:[^，。；;,]{0,6})(?:到|去|跑|赴|前往)(?:[^，。；;,]{0,6})(?:现场|窗口|大厅|线下|跑动|办理|柜台)"
    r"|(?:无需|无须|不需要?|不用|不必|免)(?:到?线下)?(?:跑动|跑腿|现场|到场)|足不出户"
)
_HEDGED = re.compile(
    r"(?:不能|不可|无法|暂不支持|不支持|尚未|暂未|没有|并非|未能|非|不是|部分|未实现|不属于)(?:[^，。；;,]{0,4})$|^(?:已|若|如|对)"
)
_NOT = r"(?<![无不毋])"
_MUST_COME = re.compile(
    rf"{_NOT}(?:须|需要?|必须|应当?|一定要?)(?:由)?(?:[^，。；;,不无]{{0,8}}?)(?:到|前往|赴|至|去)(?:[^，。；;,]{{0,14}}?)"
    r"(?:现场|窗口|大厅|银行|柜台|机关|派出所|网点|线下|办事处|中心|服务站)"
    r"|(?:必须|须|需|应当?)(?:由?本人)?(?:当面|现场面签|到场)(?:核验|办理|面签|签字|采集|照相|确认)?"
    r"|(?:必须|须|需|应当?)(?:由)?本人(?:[^，。；;,]{0,4})(?:到场|当面|面签|面谈|采集|照相)"
    r"|见面(?:调查|核实|谈话|审查)"
    r"|(?:只能|仅能|仅可|只可|只)(?:在|到|去|通过)?(?:[^，。；;,不]{0,4})(?:线下|现场|窗口|柜台|大厅)"
    rf"|{_NOT}(?:须|需要?|必须|应当?)(?:由?本人)?(?:携带?|持|带)(?:[^，。；;,]{{0,10}}?)(?:现场|窗口|大厅|线下|柜台|到场)"
)
_SPARED = re.compile(r"无需|无须|不需要|不必|不用|免于|可不")


def lint(guide: GuideFacts) -> Iterator[Finding]:
    """Yield what the number of trips contradicts."""
    trips = number(guide.raw.get("visits")) if guide.is_item else guide.after("trips")
    path: Path = ("visits",) if guide.is_item else ("declared", "trips")
    if not guide.is_item and trips is not None and guide.ahead_trips is not None and trips != guide.ahead_trips:
        yield finding("trips_two_values", "error", path, trips, guide.ahead_trips)
    most = max((each for each in (trips, guide.ahead_trips) if each is not None), default=None)
    said = guide.online_text or (text(guide.raw.get("online")) if guide.is_item else "")
    if most and says_online(said):
        yield finding("trips_vs_text", "error", path, trips if trips else most, said)
    if guide.is_item and guide.raw.get("online") is False and trips == 0:
        yield finding("offline_without_visit", "warning", path, 0)
    if trips == 0 or (trips is None and says_online(said)):
        yield from _must_come(guide)
        yield from _papers(guide, trips, path)


def says_online(said: str) -> bool:
    """Tell whether a text says that nobody has to come, without taking it back."""
    for found in _ONLINE.finditer(said):
        clause = re.split(r"[，。；;,]", said[: found.start()])[-1]
        if not _HEDGED.search(clause):
            return True
    return False


def must_come(said: str) -> str:
    """Return the clause of a text that wants somebody to come, or an empty text."""
    for clause in re.split(r"[，。；;,]", said):
        if _MUST_COME.search(clause) and not _SPARED.search(clause):
            return clause.strip()
    return ""


def _must_come(guide: GuideFacts) -> Iterator[Finding]:
    texts: list[tuple[Path, str]] = [(("declared", "online_text"), guide.online_text), (("flow",), guide.flow)]
    texts += [(("conditions", place), said) for place, said in enumerate(guide.conditions or ())]
    texts += [(paper.path, said) for paper in guide.papers or () for said in (paper.name, paper.note)]
    texts += [((*each.path, "condition"), each.condition) for each in guide.sub_items or ()]
    texts += [(("faq", place), answer) for place, (_question, answer) in enumerate(guide.faqs or ())]
    for path, said in texts:
        if clause := must_come(said):
            yield finding("text_vs_trips", "warning", path, 0, clause)


def _papers(guide: GuideFacts, trips: int | None, path: Path) -> Iterator[Finding]:
    papers = [paper for paper in guide.papers or () if paper.required]
    brought = [paper.name for paper in papers if paper.form == "paper" and paper.exempt == HANDED_IN]
    if brought:
        yield finding("paper_vs_zero_visit", "error", path, trips or 0, brought)
    at_counter = [paper.name for paper in papers if paper.submit == "counter"]
    if at_counter:
        yield finding("counter_vs_zero_visit", "error", path, trips or 0, at_counter)
