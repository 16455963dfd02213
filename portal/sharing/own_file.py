"""What a person agreed to have asked, and what was asked by law, as parts of their file (我的档案)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.models import ServiceItem
from catalog.wording.translating import translate
from portal.accounts.organisations.principals import principal_of
from portal.accounts.own_file.parts import FileAct, FileLine, FilePart, FileSubject
from portal.sharing.consents import asked_by_law, consents_of, with_replaced


def consents(subject: FileSubject) -> FilePart | None:
    """The consents to inquiries of whom it is about, the latest first; what is in force can be withdrawn here. One query."""
    matters = principal_of(subject.person.user).matters
    rows = with_replaced(consents_of(subject.person, subject.organisation, matters)).select_related(
        "source__department"
    )
    page = reverse("sharing:consents")
    lines = []
    for each in rows.order_by("-given_at")[: subject.limit]:
        state, tone = _("有效"), "ok"
        acts: tuple[FileAct, ...] = (FileAct(_("撤回同意"), page, (("consent", str(each.pk)),)),)
        if not each.is_in_force:
            state, tone, acts = (_("已撤回") if each.withdrawn_at else _("已过期")), "n", ()
        ended = _("%(at)s 撤回") if each.withdrawn_at else _("有效期至 %(at)s")
        if each.is_replaced:
            state, ended = _("已由后来的同意代替"), _("到 %(at)s 为止")
        ends = each.withdrawn_at or each.until
        lines.append(
            FileLine(
                translate(each.source.department.name),
                value=_("同意书全文"),
                source=each.source.name,
                at=each.given_at,
                link=reverse("sharing:consent", args=[each.pk]),
                state=state,
                tone=tone,
                note=ended % {"at": f"{localtime(ends):%Y-%m-%d}"},
                acts=acts,
                reference=f"consent:{each.pk}",
            )
        )
    return FilePart(
        key="consents",
        title=_("查询授权"),
        lead=_("您同意过向谁查询。撤回后不再查询，也不再使用查到的内容。"),
        empty=_("您还没有同意过任何查询。"),
        lines=lines,
        more=(page, _("我同意过的查询")),
    )


def by_law(subject: FileSubject) -> FilePart | None:
    """What departments had asked about whom it is about without their consent, on which ground, the latest first. None where nothing was.

    One query, and one for the names of items where something was.
    """
    matters = principal_of(subject.person.user).matters
    rows = asked_by_law(subject.person, subject.organisation, matters).select_related("source__department", "grant")
    asked = list(rows.order_by("-asked_at")[: subject.limit])
    if not asked:
        return None
    slugs = {slug for each in asked for slug in each.items}
    names = dict(ServiceItem.objects.filter(slug__in=slugs).values_list("slug", "name"))
    return FilePart(
        key="by_law",
        title=_("依法查询"),
        lead=_("法律、法规规定可以查询、没有另外征求您同意的：向谁、为了办什么、依据哪一条、什么时候。"),
        empty="",
        lines=[
            FileLine(
                translate(each.source.department.name),
                value=each.ground,
                source=each.source.name,
                at=each.asked_at,
                state=each.get_outcome_display(),
                note=_("用于%(items)s")
                % {"items": pgettext("between names", "、").join(translate(names.get(s, s)) for s in each.items)},
                reference=f"fetch:{each.pk}",
            )
            for each in asked
        ],
    )
