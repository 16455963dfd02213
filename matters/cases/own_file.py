"""What applications and answers of sources add to a person's file (我的档案): facts, cases, papers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, JSONField, Max, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.models import DataElement, Material, MatterRole
from catalog.wording.papers import name_of_paper
from catalog.wording.translating import translate, translator_for
from matters.cases.answers_in_words import decided_in_words
from matters.cases.department_view import open_outputs, plan_of
from matters.core.states import OPEN
from matters.models import Bundle, Channel, Decision, Draft, SubmittedMaterial
from matters.wording.states import bundle_state
from matters.wording.substitutes import TOLD
from matters.wording.titles import title
from matters.wording.values import value_in_words
from portal.accounts.models import Person
from portal.accounts.own_file.parts import FileLine, FilePart, FileSubject
from portal.accounts.people import document_number
from portal.identifiers.masking import mask_document, mask_documents_in
from portal.sharing.fetching import in_force, own_index
from portal.sharing.models import Fetch, FetchOutcome
from portal.sharing.parents import label_of


def facts(subject: FileSubject) -> FilePart | None:
    """What sources answered about the person, as far as it may be read, and what departments decided. At most three queries."""
    if not subject.is_whole:
        return None
    lines = [*_fetched(subject), *_decided(subject)]
    return FilePart(
        key="facts",
        title=_("部门掌握的信息"),
        lead=_("经单位同意或者依法查到、现在还在用的，以及办件中由部门决定的。每一条都写明来源和日期。")
        if subject.organisation is not None
        else _("经您同意或者依法查到、现在还在用的，以及办件中由部门决定的。每一条都写明来源和日期。"),
        empty=_("还没有。您同意查询、部门依法查询或者作出决定以后，内容会列在这里。"),
        lines=lines,
    )


def _fetched(subject: FileSubject) -> Iterable[FileLine]:
    now, person, limit, organisation = timezone.now(), subject.person, subject.limit, subject.organisation
    whose = Q(consent__isnull=False, consent__organisation=organisation)
    by_law = Q(person__isnull=False, organisation=organisation)
    if organisation is None:
        whose, by_law = whose & Q(consent__person=person), by_law & Q(person=person)
    rows = Fetch.objects.filter(
        in_force(now),
        whose | by_law,
        outcome=FetchOutcome.FOUND,
        asked_at__gt=now - F("source__fresh_days") * timedelta(days=1),
    )
    latest: dict[tuple[int, str, str], Fetch] = {}
    for row in rows.select_related("source__department").order_by("-asked_at")[:limit]:
        for asked in row.found:
            latest.setdefault((row.source_id, row.subject_index, asked), row)
    if not latest:
        return
    names, words = names_and_words({asked for _source, _subject, asked in latest})
    number, own = document_number(person), own_index(person, organisation)
    for (_source, index, asked), row in list(latest.items())[:limit]:
        yield FileLine(
            label=names.get(asked) or label_of(asked) or asked,
            value=_masked(_answer(row, asked, words), number)
            if index == own
            else _("有记录（关于申请中的其他人，内容不在这里显示）"),
            source=f"{translate(row.source.department.name)} · {row.source.name}",
            at=row.as_of or row.asked_at,
            note=_asked_words(row),
            reference=f"fetch:{row.pk}:{asked}",
            owner=row.source.department_id,
            fact=row.fact_of(asked, own),
        )


def _asked_words(row: Fetch) -> str:
    words = {"at": f"{timezone.localtime(row.asked_at):%Y-%m-%d %H:%M}", "ground": row.ground}
    return (_("%(at)s 依法查询，依据%(ground)s") if row.ground else _("%(at)s 查询")) % words


def _masked(text: str, own: str) -> str:
    """Return a text without the number of anybody's identity document in clear, the person's own of whatever kind neither."""
    return mask_documents_in(text.replace(own, mask_document(own)))


def names_and_words(asked: Collection[str]) -> tuple[dict[str, str], dict[str, Callable[[object], str]]]:
    """Return what documents and data elements are called, and how a value of each element is said, by ``kind:code``. One query."""
    codes: dict[str, list[str]] = {"material": [], "element": []}
    for each in asked:
        kind, _colon, code = each.partition(":")
        codes.setdefault(kind, []).append(_of_kin(code)[1])
    found: dict[str, str] = {}
    words: dict[str, Callable[[object], str]] = {}
    none = Cast(Value("[]"), JSONField())
    papers = Material.objects.filter(code__in=codes["material"]).annotate(kind=Value("material"), options=none)
    elements = DataElement.objects.filter(code__in=codes["element"]).annotate(kind=Value("element"))
    rows = papers.values_list("kind", "code", "name", Value(""), Value(""), "options").union(
        elements.values_list("kind", "code", "name", "type", "unit", "options"), all=True
    )
    for kind, code, name, type, unit, options in rows:
        found[f"{kind}:{code}"] = translate(name)
        if kind == "element":
            labels = {str(each["value"]): translate(each["label"]) for each in options}
            words[code] = partial(value_in_words, kind=type, labels=labels, unit=translate(unit), masked=True)
    for each in asked:
        kin, code = _of_kin(each.partition(":")[2])
        if kin:
            found[each] = f"{MatterRole.Kin(kin).label} · {found.get(f'element:{code}', code)}"
    return found, words


def _of_kin(code: str) -> tuple[str, str]:
    """Return as whose kin somebody's fact is asked for, and the fact: ``spouse.person.name``."""
    kin, _dot, rest = code.partition(".")
    return (kin, rest) if kin in MatterRole.Kin.values and rest.count(".") else ("", code)


def _answer(row: Fetch, asked: str, words: Mapping[str, Callable[[object], str]]) -> str:
    """Return what was answered as people read it: labels of options, names of divisions, dates; numbers that identify somebody masked."""
    kind, _colon, code = asked.partition(":")
    if kind == "element":
        value = row.answer.get("elements", {}).get(code, "")
        return words.get(_of_kin(code)[1], value_in_words)(value)
    told: Mapping[str, object] = row.answer.get("documents", {}).get(code, {})
    colon, between = pgettext("colon", "："), pgettext("between entries", "；")
    return between.join(
        f"{TOLD[name]}{colon}{value_in_words(value)}"
        for name, value in told.items()
        if name in TOLD and value not in (None, "")
    ) or _("有记录")


def _decided(subject: FileSubject) -> Iterable[FileLine]:
    person, limit, organisation = subject.person, subject.limit, subject.organisation
    number = document_number(person)
    rows = Decision.objects.filter(sub_item__bundle__organisation=organisation, outcome=Decision.Outcome.APPROVED)
    if organisation is None:
        rows = _shown_to(person, rows.filter(sub_item__bundle__applicant=person), "sub_item__bundle")
    rows = rows.exclude(outputs_sealed=None).select_related("sub_item__department", "sub_item__bundle__matter_version")
    rows = rows.defer("sub_item__bundle__form_sealed", "sub_item__bundle__matter_version__content")
    for decision in rows.order_by("-decided_at")[:limit]:
        sub_item = decision.sub_item
        bundle, to_reader = sub_item.bundle, translator_for(sub_item.bundle.matter_version_id)
        outputs = plan_of(bundle).item(sub_item.key).outputs
        texts = decided_in_words(outputs, open_outputs(decision), to_reader)
        for output in outputs:
            if texts[output.code]:
                yield FileLine(
                    label=to_reader(output.label),
                    value=_masked(texts[output.code], number),
                    source=f"{to_reader(sub_item.office.name)} · {to_reader(sub_item.name)}",
                    at=decision.decided_at,
                    note=_("办件 %(number)s 的决定") % {"number": sub_item.number},
                    reference=f"decision:{sub_item.number}:{output.code}",
                    owner=sub_item.department_id,
                    fact=f"decision:{sub_item.number}:{output.code}",
                )


def _shown_to(person: Person, rows: QuerySet[Any], *cases: str) -> QuerySet[Any]:
    """Return the rows without what a window entered before identities were proved, for whoever is not proved (``of_applicant``)."""
    for case in () if person.is_proved else cases:
        rows = rows.exclude(**{f"{case}__channel": Channel.COUNTER})
    return rows


def cases(subject: FileSubject) -> FilePart | None:
    """The applications of whom it is about and what is left unfinished, the latest first. Two queries."""
    user = subject.person.user
    drafts = Draft.objects.open_of(user) if user is not None else Draft.objects.none()
    drafts = drafts.defer("matter_version__content", "form_sealed")
    lines = [
        FileLine(
            title(draft),
            source=_("草稿，没有提交"),
            at=draft.saved_at,
            link=reverse("matters:form", args=[draft.pk]),
            reference=f"draft:{draft.pk}",
        )
        for draft in drafts[: subject.limit]
    ]
    filed = Bundle.objects.of_applicant(user) if user is not None else Bundle.objects.none()
    filed = filed.select_related("matter_version__matter").defer("form_sealed", "matter_version__content")
    filed = filed.annotate(states=ArrayAgg("sub_items__state", default=[]), moved_at=Max("sub_items__state_since"))
    for bundle in filed[: subject.limit]:
        states: list[str] = bundle.states
        words, tone = bundle_state(states)
        done = sum(1 for state in states if state not in OPEN)
        last = bundle.concluded_at or bundle.moved_at
        lines.append(
            FileLine(
                title(bundle),
                value=bundle.number,
                source=_("%(done)s/%(total)s 个事项有了结果；最近变动") % {"done": done, "total": len(states)},
                at=last,
                link=reverse("matters:bundle", args=[bundle.number]),
                state=words,
                tone=tone,
                reference=f"bundle:{bundle.number}",
            )
        )
    return FilePart(
        key="cases",
        title=_("单位的办件") if subject.organisation is not None else _("我的办件"),
        lead="",
        empty=_("还没有办件。"),
        lines=lines[: subject.limit],
        more=(reverse("matters:bundle_list"), _("全部办件")),
    )


def papers(subject: FileSubject) -> FilePart | None:
    """The files that the person, or the organisation's people, handed in, each with its application, the latest first. One query."""
    if not subject.is_whole:
        return None
    if subject.organisation is not None:
        own = Q(bundle__organisation=subject.organisation) | Q(draft__organisation=subject.organisation)
        rows = SubmittedMaterial.objects.filter(own)
    else:
        own = Q(bundle__organisation=None, draft__organisation=None)
        rows = _shown_to(subject.person, SubmittedMaterial.objects.filter(own, owner=subject.person), "bundle", "draft")
    rows = rows.select_related("bundle", "draft")
    rows = rows.defer("bundle__form_sealed", "draft__form_sealed").order_by("-uploaded_at")[: subject.limit]
    lines = []
    for row in rows:
        case = row.bundle or row.draft
        assert case is not None
        plan = plan_of(case)  # type: ignore[arg-type]
        if row.bundle is not None:
            link, source = reverse("matters:bundle_paper", args=[row.bundle.number, row.pk]), row.bundle.number
        elif case.channel == Channel.ONLINE:
            link, source = reverse("matters:material_file", args=[case.pk, row.pk]), _("草稿，没有提交")
        else:
            link, source = "", _("窗口正在代填，没有提交")
        lines.append(
            FileLine(
                name_of_paper(plan, row.material, translator_for(case.matter_version_id)),
                value=row.original_name,
                source=source,
                at=row.uploaded_at,
                link="" if row.is_held else link,
                note=_("后来换成了新的文件") if row.replaced_at is not None else "",
                reference=f"paper:{row.pk}",
            )
        )
    return FilePart(
        key="papers",
        title=_("交过的材料"),
        lead=_("您上传的，或者窗口替您扫描的文件。")
        if subject.organisation is None
        else _("单位的人上传的，或者窗口扫描的文件。"),
        empty=_("还没有交过材料。"),
        lines=lines,
    )
