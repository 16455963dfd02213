"""Composing official documents (文书) from what happened: the event, and the rows that were written with it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from catalog.definitions import LICENCE
from catalog.merging.planned import PlannedItem
from catalog.versions.matters import compiled
from catalog.wording.papers import name_of_paper
from matters.cases.answers_in_words import decided_in_words
from matters.cases.department_view import open_outputs, plan_of
from matters.cases.gaps import names_of
from matters.core.letters import KIND_OF_EVENT, Letter, LetterKind
from matters.models import (
    Bundle,
    CorrectionItem,
    CorrectionRequest,
    Decision,
    Extension,
    OfficialDocument,
    SubItem,
    SubmittedMaterial,
)
from matters.wording.letters import UNKEPT, basis, limit_in_letter, names, remedies, title_of_letter, written_day
from matters.wording.sub_items import sub_item_name
from matters.wording.titles import plain_title
from portal.ledger.models import Event
from portal.lib.documents import Passage


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What a document is made of. Of what is not its business there is nothing: a receipt has no sub-item, a grant no correction."""

    event: Event
    bundle: Bundle
    issuer: str
    number: str
    sub_item: SubItem | None = None
    decision: Decision | None = None
    corrections: Sequence[CorrectionRequest] = ()
    extension: Extension | None = None
    delivered: OfficialDocument | None = None
    # The words of the commitments that stand in for papers, by paper.
    commitments: Mapping[str, str] = field(default_factory=dict)
    certificates: Sequence[str] = ()
    # Whom what was issued is about, where that is not who applied.
    others: Sequence[str] = ()
    parts: Sequence[SubItem] = ()
    papers: Sequence[SubmittedMaterial] = field(default_factory=tuple)

    @property
    def kind(self) -> LetterKind:
        return KIND_OF_EVENT[self.event.kind]

    @property
    def day(self) -> date:
        return timezone.localdate(self.event.at)

    @property
    def planned(self) -> PlannedItem | None:
        return plan_of(self.bundle).item(self.sub_item.key) if self.sub_item is not None else None

    @property
    def is_licence(self) -> bool:
        if self.planned is not None:
            return self.planned.item_type == LICENCE
        plan = plan_of(self.bundle)  # of what several departments ask together: one of them is a licence's
        return any(plan.item(one.sub_item.key).item_type == LICENCE for one in self.corrections)

    @property
    def basis(self) -> str:
        legal = self.planned.legal_basis if self.planned is not None else ""
        return basis(self.event.kind, legal, is_licence=self.is_licence)

    @property
    def opening(self) -> str:
        """What every answer to an application begins with: what was applied for, when, under which number."""
        on = written_day(timezone.localdate(self.bundle.submitted_at))
        whose = f"为{names(self.others)}" if self.others else ""
        what = sub_item_name(self.sub_item) if self.sub_item is not None else plain_title(self.bundle)
        number = self.sub_item.number if self.sub_item is not None else self.bundle.number
        return f"您于{on}{whose}提出的“{what}”申请（办件编号：{number}）收悉。"


def compose(facts: LetterFacts) -> Letter:
    """Return the document, worded and ready to be frozen."""
    with override("zh-hans"):
        whom = facts.bundle.organisation or facts.bundle.applicant
        return Letter(
            title=title_of_letter(facts.kind, is_licence=facts.is_licence),
            number=facts.number,
            issuer=facts.issuer,
            addressee="" if facts.kind == LetterKind.DELIVERY else whom.name,
            parts=tuple(_BODIES[facts.kind](facts)),
            written_on=written_day(facts.day),
            mark=secrets.token_hex(16),
        )


def _receipt(facts: LetterFacts) -> list[Passage]:
    bundle = facts.bundle
    on = written_day(timezone.localdate(bundle.submitted_at))
    by = f"（由代办人{bundle.mandate.agent_name}代为提出）" if bundle.mandate is not None else ""
    counts: dict[str, int] = {}
    plan = plan_of(bundle)
    for paper in facts.papers:
        name = name_of_paper(plan, paper.material)
        counts[name] = counts.get(name, 0) + 1
    told = (
        f"您于{on}{by}通过{bundle.get_channel_display()}提出“{plain_title(bundle)}”申请，本次申请的表单和材料已经收到。"
    )
    found = [
        Passage(
            paragraphs=(told, "收件不等于受理。是否受理，由各承办部门依法决定并书面告知。"),
            facts=(
                ("办件编号", bundle.number),
                ("收件时间", f"{timezone.localtime(bundle.submitted_at):%Y-%m-%d %H:%M}"),
            ),
        ),
        Passage("分送承办的事项", facts=tuple((sub_item_name(part), part.office.name) for part in facts.parts)),
    ]
    if counts:
        found.append(Passage("收到的材料", facts=tuple((name, f"{files} 个文件") for name, files in counts.items())))
    return found


def _acceptance(facts: LetterFacts) -> list[Passage]:
    assert facts.sub_item is not None
    due_on = facts.event.data.get("due_on") or (facts.sub_item.due_on and facts.sub_item.due_on.isoformat())
    due = written_day(date.fromisoformat(due_on)) if due_on else ""
    if facts.event.kind == "deemed_accepted":
        accepted = facts.sub_item.accepted_at or facts.event.at
        since = written_day(timezone.localdate(accepted))
        how = f"本机关没有在收到申请材料之日起五个工作日内告知需要补正的内容，{facts.basis}自{since}起即为受理。"
    else:
        how = f"经审查，{facts.basis}决定予以受理。"
    limit = limit_in_letter(facts.sub_item.promised_limit_days, facts.sub_item.limit_unit, due)
    return [Passage(paragraphs=(facts.opening + how, limit, *_contact(facts)))]


def _acceptance_refused(facts: LetterFacts) -> list[Passage]:
    return _turned_down(facts, "决定不予受理。")


def _correction(facts: LetterFacts) -> list[Passage]:
    found = [(request, item) for request in facts.corrections for item in _named(request)]
    called = names_of(plan_of(facts.bundle), [item for _request, item in found])
    # What several ask for stands once, with the reason of each.
    reasons: dict[tuple[str, str], tuple[str, list[str]]] = {}
    for name, (request, item) in zip(called, found, strict=True):
        who = f"{request.sub_item.office.name}：" if len(facts.corrections) > 1 else ""
        reasons.setdefault((item.target, item.key), (name, []))[1].append(f"{who}{item.reason}")
    days = sorted({request.answer_by for request in facts.corrections if request.answer_by is not None})
    until = f"请于{written_day(days[0])}前" if days else "请"
    return [
        Passage(
            paragraphs=(
                f"{facts.opening}经审查，申请内容或者材料还需要补正。{facts.basis}现将需要补正的全部内容一次告知如下：",
            )
        ),
        Passage(facts=tuple((name, "\n".join(each)) for name, each in reasons.values())),
        Passage(
            paragraphs=(
                f"{until}登录“我的办件”在原处补正，或者到综合窗口补正。补正期间不计入办理时限。",
                *_contact(facts),
            )
        ),
    ]


def _named(request: CorrectionRequest) -> list[CorrectionItem]:
    return sorted(
        (item for item in request.items.all() if item.origin == CorrectionItem.Origin.NAMED), key=lambda item: item.pk
    )


def _extension(facts: LetterFacts) -> list[Passage]:
    given = facts.extension
    assert given is not None
    due = written_day(date.fromisoformat(facts.event.data["due_on"]))
    return [
        Passage(
            paragraphs=(
                f"{facts.opening}因下列理由，不能在原定期限内作出决定：",
                given.reason,
                f"{facts.basis}经本机关负责人批准，办理期限延长{given.days}个工作日，延长后应于{due}前作出决定。",
                *_contact(facts),
            )
        )
    ]


def _deferral(facts: LetterFacts) -> list[Passage]:
    """What the applicant promised to hand in, by when, and what follows; the days are those of the acceptance."""
    assert facts.sub_item is not None
    plan = plan_of(facts.bundle)
    papers = {
        name_of_paper(plan, key): f"{written_day(date.fromisoformat(day))}前补交"
        for key, day in facts.event.data["papers"].items()
    }
    opening = f"{facts.opening}下列材料可以容缺后补，申请人提交申请时没有交，承诺受理后在期限内补交。本机关据此受理："
    return [
        Passage(paragraphs=(opening,)),
        Passage("承诺补交的材料", facts=tuple(papers.items())),
        Passage(
            paragraphs=(
                "补交方式：登录“我的办件”，在本件“补交材料”处上传；也可以到综合窗口交。补齐后才能出结果的，补交并核对以后再作出决定。",
                UNKEPT.format(days=settings.YIJIAN_PROMISE_BAR_DAYS),
                *_contact(facts),
            )
        ),
    ]


def _commitment(facts: LetterFacts) -> list[Passage]:
    """What the applicant committed to, in their words, by when it is checked, and what follows."""
    assert facts.sub_item is not None
    plan, days = plan_of(facts.bundle), facts.event.data["papers"]
    said = [
        Passage(
            f"代替的材料：{name_of_paper(plan, key)}",
            paragraphs=(facts.commitments.get(key, ""),),
            facts=(("核查期限", f"{written_day(date.fromisoformat(day))}前"),),
        )
        for key, day in days.items()
    ]
    opening = f"{facts.opening}申请人自愿作出下列告知承诺，不交承诺所代替的材料。本机关据此受理，并依法核查："
    return [
        Passage(paragraphs=(opening,)),
        *said,
        Passage(paragraphs=(UNKEPT.format(days=settings.YIJIAN_PROMISE_BAR_DAYS), *_contact(facts))),
    ]


def _grant(facts: LetterFacts) -> list[Passage]:
    said = [f"{facts.opening}经审查，申请符合规定的条件、标准。{facts.basis}决定准予办理。"]
    if facts.event.kind == "decided_by_rule":
        said.append("本决定由系统按照本机关公布的规则自动作出，没有人工经手；您有权要求由人来复核。")
    if facts.decision is not None and facts.decision.reason:
        said.append(facts.decision.reason)
    return [Passage(paragraphs=(*said, *_issued(facts), *_contact(facts)))]


def _grant_in_part(facts: LetterFacts) -> list[Passage]:
    """What is granted, as it was decided; what is not, with its grounds in the department's own words; how to contest it."""
    assert facts.planned is not None
    assert facts.decision is not None
    outputs, values = facts.planned.outputs, open_outputs(facts.decision)
    texts = decided_in_words(outputs, values)
    granted = tuple((one.label, texts[one.code]) for one in outputs if values.get(one.code) is not None)
    opening = (
        f"{facts.opening}经审查，申请中一部分符合规定的条件、标准，其余部分不符合。"
        f"{facts.basis}决定准予其中一部分，其余部分不予准许。"
    )
    return [
        Passage(paragraphs=(opening,)),
        Passage("准予的部分", paragraphs=_issued(facts), facts=granted) if granted or facts.certificates else Passage(),
        Passage("没有准予的部分和理由", paragraphs=tuple(_lines(facts.decision.reason))),
        Passage(paragraphs=(*remedies(facts.issuer, _division(facts), facts.planned.item_type), *_contact(facts))),
    ]


def _issued(facts: LetterFacts) -> tuple[str, ...]:
    if not facts.certificates:
        return ()
    return (f"随本决定签发：{names(facts.certificates)}。电子证照存入“我的证照”，与纸质证照具有同等法律效力。",)


def _refusal(facts: LetterFacts) -> list[Passage]:
    return _turned_down(facts, "决定不予办理。")


def _turned_down(facts: LetterFacts, decided: str) -> list[Passage]:
    assert facts.planned is not None
    assert facts.decision is not None
    return [
        Passage(paragraphs=(f"{facts.opening}经审查，存在下列情形：",)),
        Passage(paragraphs=tuple(_lines(facts.decision.reason))),
        Passage(paragraphs=(facts.basis + decided,)),
        Passage(paragraphs=(*remedies(facts.issuer, _division(facts), facts.planned.item_type), *_contact(facts))),
    ]


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _delivery(facts: LetterFacts) -> list[Passage]:
    sent = facts.delivered
    assert sent is not None
    assert sent.delivered_at is not None
    whom = facts.bundle.organisation or facts.bundle.applicant
    opened = timezone.localtime(sent.delivered_at)
    if facts.event.data.get("by_agent") and facts.bundle.mandate is not None:
        by = f"代办人{facts.bundle.mandate.agent_name}打开"
    else:
        by = "该单位的办事人员打开" if facts.bundle.organisation is not None else "本人打开"
    return [
        Passage(
            facts=(
                ("受送达人", whom.name),
                ("送达文书", f"{sent.letter.title}（{sent.number}）"),
                ("送达机关", facts.issuer),
                ("送达方式", "电子送达：受送达人登录本系统打开文书"),
                ("打开情况", f"{opened:%Y-%m-%d %H:%M:%S}，{by}"),
                ("文书原文摘要", sent.sha256),
            )
        ),
        Passage(paragraphs=("打开的时间由系统记录，并记入本件不可更改的办理记录，作为上述文书已经送达的证明。",)),
    ]


def _contact(facts: LetterFacts) -> tuple[str, ...]:
    phone = facts.sub_item.office.phone if facts.sub_item is not None else ""
    return (f"联系电话：{phone}。",) if phone else ()


def _division(facts: LetterFacts) -> str:
    """Return the name of the department's division, as the version tells it under which the case was filed."""
    assert facts.sub_item is not None
    told = compiled(facts.bundle.matter_version_id).facts.get("departments", {})
    return str(told.get(facts.sub_item.department.code, {}).get("division", ""))


_BODIES: Mapping[LetterKind, Callable[[LetterFacts], list[Passage]]] = {
    LetterKind.RECEIPT: _receipt,
    LetterKind.ACCEPTANCE: _acceptance,
    LetterKind.ACCEPTANCE_REFUSED: _acceptance_refused,
    LetterKind.CORRECTION: _correction,
    LetterKind.EXTENSION: _extension,
    LetterKind.DEFERRAL: _deferral,
    LetterKind.COMMITMENT: _commitment,
    LetterKind.GRANT: _grant,
    LetterKind.GRANT_IN_PART: _grant_in_part,
    LetterKind.REFUSAL: _refusal,
    LetterKind.DELIVERY: _delivery,
}
