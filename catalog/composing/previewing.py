"""What a preview shows: the guide that a definition would have, from rows that nobody has published yet, and what only the console sees."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import QueryDict
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from catalog.composing.draft_check import check_definition, check_draft
from catalog.composing.finding_links import linked
from catalog.definitions import ItemDefinition
from catalog.guides.answers import query_of, read_answers
from catalog.guides.matter import Guide
from catalog.guides.places import Place, choose
from catalog.merging.compiled import CompiledMatter, Plan
from catalog.merging.planned import PlannedItem
from catalog.models import CertificateType, Matter, Proposal
from catalog.versions.regional import define_in, divisions_of
from catalog.wording.findings import FindingText
from portal.lib.whole_numbers import whole_number


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


class Preview:
    """A definition under one set of answers. ``guide`` is None where it does not compile; ``findings`` say why.

    ``source``: what is previewed, in words. ``carried``: (name, value) of what the address says besides the answers.
    """

    def __init__(
        self,
        source: str,
        guide: Guide | None,
        *,
        findings: Iterable[FindingText] = (),
        places: Sequence[Place] = (),
        carried: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.source = source
        self.guide = guide
        self.findings = list(findings)
        self.places = places
        self.carried = carried

    @cached_property
    def form(self) -> SafeString | str:
        """Return the merged form as the application renders it, empty; the floor that has the form is named in the settings."""
        render: Callable[[Plan], SafeString] = import_string(settings.YIJIAN_FORM_PREVIEW)
        return render(self._plan) if self._plan.fields else ""

    @cached_property
    def consents(self) -> list[tuple[str, str, bool]]:
        """Return (item, text, whether nothing goes on without it)."""
        return [(self._plan.item(each.item).short_name, each.text, each.required) for each in self._plan.consents]

    @cached_property
    def projections(self) -> list[Projection]:
        return [_projection(self._plan, item) for item in self._plan.items]

    @cached_property
    def certificates(self) -> list[ShownCertificate]:
        return _certificates(self._plan)

    @property
    def _plan(self) -> Plan:
        if self.guide is None:
            raise ValueError("What does not compile has no plan.")
        return self.guide.plan


def open_preview(matter: Matter, given: QueryDict) -> Preview | None:
    """Return the preview that a query string asks for; None where it names a proposal or division that does not exist."""
    if "proposal" in given:
        return _of_proposal(matter, given)
    divisions = divisions_of(matter)
    code = given.get("division", "")
    chosen = next((each for each in divisions if each.pk == code), None)
    if code and chosen is None:
        return None
    check = check_definition(define_in(matter, chosen)) if chosen else check_draft(matter)
    guide = _guide(check.compiled, given, matter.status) if check.compiled else None

    def query(code: str) -> str:
        return query_of(guide.matter, guide.answers, division=code) if guide else f"division={code}"

    return Preview(
        _("%(division)s的实施（草稿）") % {"division": chosen.name} if chosen else _("现在的草稿"),
        guide,
        findings=linked(check.findings, matter),
        places=choose([(each.pk, each.name) for each in divisions], code, query) if divisions else (),
        carried=[("division", code)] if chosen else [],
    )


def _of_proposal(matter: Matter, given: QueryDict) -> Preview | None:
    proposal = Proposal.objects.filter(matter=matter, pk=whole_number(given.get("proposal", "")) or 0).first()
    if proposal is None:
        return None
    source = _("发布申请“%(note)s”里冻结的内容") % {"note": proposal.note}
    status = proposal.content["matter"].get("status", matter.status)  # contents of before do not say it
    guide = _guide(CompiledMatter(proposal.content), given, status)
    return Preview(source, guide, carried=[("proposal", str(proposal.pk))])


def _guide(compiled: CompiledMatter, given: QueryDict, status: str) -> Guide:
    return Guide(compiled, read_answers(compiled, given), is_open=status == Matter.Status.OPEN)


def _projection(plan: Plan, item: PlannedItem) -> Projection:
    several = sum(1 for each in plan.items if each.slug == item.slug) > 1
    name = f"{item.short_name} {item.instance}" if several else item.short_name
    lines = tuple((line.code, line.label, plan.fields[line.field].label) for line in plan.own_form(item.key))
    return Projection(name, item.department_short_name, lines)


def _certificates(plan: Plan) -> list[ShownCertificate]:
    roles = {role.key: role.label for role in plan.roles}
    items = {item.slug: item for item in reversed(plan.items)}
    results = [result for item in items.values() for result in item.results]
    slugs = {result.certificate_type for result in results if not result.issued_as.code}
    faces = {
        row.slug: {part["code"]: part["label"] for part in row.face}
        for row in CertificateType.objects.filter(slug__in=slugs)
    } | {
        result.certificate_type: {line.code: line.label for line in result.issued_as.face}
        for result in results
        if result.issued_as.code
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
