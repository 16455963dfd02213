"""What a preview shows: everything an application by this definition would show, from rows that nobody has published yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.composing.draft_check import look_at, look_at_definition
from catalog.composing.sidebar import ShownFigure, ShownFinding, figures_of, named_items, picture_of, shown_findings
from catalog.definitions import GuideQuestion, ItemDefinition
from catalog.guides.flow import Picture
from catalog.merging.compiled import CompiledMatter, Plan
from catalog.merging.planned import PlannedItem, PlannedMaterial
from catalog.merging.typical import typical_answers
from catalog.models import CertificateType, Division, Matter, Proposal
from catalog.versions.regional import define_in, divisions_of
from catalog.wording.problems import because, exemption_sentence


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A guide question with what was chosen."""

    question: GuideQuestion
    chosen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """A paper: how it is met where it need not be handed in, who asks for it and why."""

    name: str
    owner: str
    necessity: str
    exempt: str
    asked_by: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A merged field and what each department calls it (empty: it does not get it)."""

    label: str
    known: str
    cells: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Projection:
    """What one sub-item's department receives: its own code and label, and the merged field it comes from."""

    item: str
    department: str
    lines: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class ShownCertificate:
    """A certificate: who gets it from which item, and where each part of its face comes from."""

    name: str
    item: str
    holder: str
    face: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Preview:
    """A definition under one set of answers. ``plan`` is None where it does not compile; ``findings`` say why."""

    source: str
    findings: list[ShownFinding]
    questions: list[AskedQuestion] = field(default_factory=list)
    plan: Plan | None = None
    picture: Picture | None = None
    papers: list[ShownPaper] = field(default_factory=list)
    form: SafeString | str = ""
    consents: list[tuple[str, str, bool]] = field(default_factory=list)
    figures: list[ShownFigure] = field(default_factory=list)
    departments: list[str] = field(default_factory=list)
    matrix: list[tuple[str, list[MatrixRow]]] = field(default_factory=list)
    projections: list[Projection] = field(default_factory=list)
    certificates: list[ShownCertificate] = field(default_factory=list)
    items: list[tuple[PlannedItem, str, str]] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    choice: dict[str, str] = field(default_factory=dict)
    divisions: Sequence[Division] = ()

    @property
    def to_hand_in(self) -> list[ShownPaper]:
        return [paper for paper in self.papers if not paper.exempt]

    @property
    def spared(self) -> list[ShownPaper]:
        return [paper for paper in self.papers if paper.exempt]


def open_preview(matter: Matter, given: QueryDict) -> Preview | None:
    """Return the preview that a query string asks for; None where it names a proposal or division that does not exist."""
    if "proposal" in given:
        return _of_proposal(matter, given)
    divisions = divisions_of(matter)
    chosen = next((each for each in divisions if each.pk == given.get("division", "")), None)
    if given.get("division") and chosen is None:
        return None
    source = _("%(division)s的实施（草稿）") % {"division": chosen.name} if chosen else _("现在的草稿")
    look = look_at_definition(define_in(matter, chosen)) if chosen else look_at(matter)
    findings = shown_findings(look.findings, matter, named_items(matter))
    if look.compiled is None:
        return Preview(source, findings, divisions=divisions)
    return show(look.compiled, given, source, findings, {"division": chosen.pk} if chosen else {}, divisions)


def _of_proposal(matter: Matter, given: QueryDict) -> Preview | None:
    number = given.get("proposal", "")
    proposal = (
        Proposal.objects.filter(matter=matter, pk=number).first() if number.isdecimal() and len(number) < 16 else None
    )
    if proposal is None:
        return None
    source = _("发布申请“%(note)s”里冻结的内容") % {"note": proposal.note}
    return show(CompiledMatter(proposal.content), given, source, [], {"proposal": number})


def show(
    compiled: CompiledMatter,
    given: QueryDict,
    source: str,
    findings: list[ShownFinding],
    choice: dict[str, str] | None = None,
    divisions: Sequence[Division] = (),
) -> Preview:
    """Return everything a compiled matter shows under the answers given; questions not answered take their simplest answer."""
    answers = _answers(compiled, given)
    plan = compiled.plan_for(answers)
    codes = list(dict.fromkeys(item.department for item in plan.items))
    planned = {item.slug for item in plan.items}
    return Preview(
        source=source,
        findings=findings,
        questions=[_asked(question, answers) for question in compiled.questions_for(answers)],
        plan=plan,
        picture=picture_of(plan) if plan.items else None,
        papers=[_paper(plan, material) for material in plan.materials],
        form=merged_form(plan),
        consents=[(plan.item(each.item).short_name, each.text, each.required) for each in plan.consents],
        figures=figures_of(plan),
        departments=[_department(compiled, code) for code in codes],
        matrix=_matrix(plan, codes),
        projections=[_projection(plan, item) for item in plan.items],
        certificates=_certificates(plan),
        items=[(item, because(item.reasons), _names(plan, item.after)) for item in plan.items],
        others=[item.short_name or item.name for slug, item in compiled.items.items() if slug not in planned],
        choice=choice or {},
        divisions=divisions,
    )


def merged_form(plan: Plan) -> SafeString | str:
    """Return the merged form as the application renders it, empty; the floor that has the form is named in the settings."""
    render: Callable[[Plan], SafeString] = import_string(settings.YIJIAN_FORM_PREVIEW)
    return render(plan) if plan.fields else ""


def _answers(compiled: CompiledMatter, given: QueryDict) -> dict[str, Any]:
    """Return the answers a query string holds, made whole: what is no answer counts as not given."""
    read: dict[str, Any] = {}
    for question in compiled.questions:
        values = [value for value in given.getlist(question.key) if value]
        if question.multiple and question.key in given:
            read[question.key] = values
        elif values and question.options:
            read[question.key] = values[0]
        elif values and values[0].isdecimal() and len(values[0]) < 6:
            read[question.key] = int(values[0])
    typical = typical_answers(compiled)
    answers = compiled.clean_answers({**typical, **read})
    for _round in compiled.questions:
        missing = [each for each in compiled.questions_for(answers) if each.required and each.key not in answers]
        if not missing:
            break
        question = missing[0]
        value: Any = question.options[0].value if question.options else question.minimum
        answers[question.key] = [value] if question.multiple else value
    return compiled.clean_answers(answers)


def _asked(question: GuideQuestion, answers: dict[str, Any]) -> AskedQuestion:
    chosen = answers.get(question.key, [])
    return AskedQuestion(question, tuple(str(each) for each in (chosen if isinstance(chosen, list) else [chosen])))


def _names(plan: Plan, keys: tuple[str, ...]) -> str:
    return pgettext("between names", "、").join(dict.fromkeys(plan.item(key).short_name for key in keys))


def _department(compiled: CompiledMatter, code: str) -> str:
    named = compiled.departments.get(code, {})
    return named.get("short_name") or named.get("name") or code


def _owner(plan: Plan, role: str, instance: int) -> str:
    known = {each.key: each for each in plan.roles}.get(role)
    if known is None:
        return ""
    return f"{known.label} {instance}" if known.count > 1 else known.label


def _paper(plan: Plan, material: PlannedMaterial) -> ShownPaper:
    exempt = exemption_sentence(material.exemption) if material.exemption is not None else ""
    if material.exemption is not None and material.exemption.kind == "result" and material.supplied_by:
        exempt = _("免交 · “%(item)s”办结后自动取得") % {"item": _names(plan, material.supplied_by)}
    necessity = {"required": _("必交"), "deferrable": _("可以后补")}.get(material.necessity, _("选交"))
    asked = {plan.item(asker.item).short_name: asker.need.reason for asker in material.asked_by}
    return ShownPaper(
        material.name, _owner(plan, material.role, material.instance), necessity, exempt, tuple(asked.items())
    )


def _matrix(plan: Plan, codes: list[str]) -> list[tuple[str, list[MatrixRow]]]:
    return [
        (
            section.title,
            [
                MatrixRow(
                    each.label,
                    _known(plan, each.key),
                    tuple(
                        tuple(dict.fromkeys(asker.label for asker in each.asked_by if asker.department == code))
                        for code in codes
                    ),
                )
                for each in section.fields
            ],
        )
        for section in plan.sections
        if section.instance == 1
    ]


def _known(plan: Plan, key: str) -> str:
    merged = plan.fields[key]
    if merged.supplied_by is not None:
        return _("%(item)s办好后自动带出") % {"item": plan.item(merged.supplied_by.item).short_name}
    return _("账户带出") if merged.known_from == "profile" else ""


def _projection(plan: Plan, item: PlannedItem) -> Projection:
    several = sum(1 for each in plan.items if each.slug == item.slug) > 1
    name = f"{item.short_name} {item.instance}" if several else item.short_name
    lines = tuple((line.code, line.label, plan.fields[line.field].label) for line in plan.own_form(item.key))
    return Projection(name, item.department_short_name, lines)


def _certificates(plan: Plan) -> list[ShownCertificate]:
    roles = {role.key: role.label for role in plan.roles}
    items = {item.slug: item for item in reversed(plan.items)}
    slugs = {result.certificate_type for item in items.values() for result in item.results}
    faces = {
        row.slug: {part["code"]: part["label"] for part in row.face}
        for row in CertificateType.objects.filter(slug__in=slugs)
    }
    return [
        ShownCertificate(
            result.name,
            item.short_name,
            roles.get(result.holder, _("申请人")) if result.holder else _("申请人"),
            tuple(
                (faces.get(result.certificate_type, {}).get(code, code), _face_source(plan, definition, source))
                for code, source in result.face.items()
            ),
        )
        for item in plan.items
        if item is items[item.slug]
        for definition in (plan.matter.items[item.slug],)
        for result in item.results
    ]


def _face_source(plan: Plan, item: ItemDefinition, source: str) -> str:
    kind, _colon, name = source.partition(":")
    if kind == "const":
        return _("固定文字“%(text)s”") % {"text": name}
    if kind == "output":
        labels = {output.code: output.label for output in item.outputs}
        return _("部门决定时填：%(label)s") % {"label": labels.get(name, name)}
    return _("表单：%(label)s") % {"label": plan.fields[name].label if name in plan.fields else name}
