"""The mandates that a person gave and holds, as part of their file (我的档案)."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import Mandate
from portal.accounts.own_file.parts import FileAct, FileLine, FilePart, FileSubject


def mandates(subject: FileSubject) -> FilePart | None:
    """Who may act for the person and for whom they may act, the latest first; what is theirs to end can be ended here. One query,
    none where `person_for_file` found that there are none.
    """
    if subject.organisation is not None:
        return None
    person, today = subject.person, timezone.localdate()
    rows = Mandate.objects.filter(Q(principal=person) | Q(agent=person)).select_related(
        "principal", "agent", "agent_organisation"
    )
    if not getattr(person, "told_mandates", True):
        rows = rows.none()
    states = {
        "in_force": (_("有效"), "ok"),
        "ahead": (_("还没有开始"), "n"),
        "over": (_("已到期"), "n"),
        "ended": (_("已终止"), "n"),
        "unconfirmed": (_("等待复核，没有生效"), "a"),
    }
    lines = []
    for each in rows.order_by("-given_at")[: subject.limit]:
        state, tone = states[each.state(today)]
        is_given = each.principal_id == person.pk
        said = _("%(name)s代您办事") if is_given else _("您代%(name)s办事")
        acts: tuple[FileAct, ...] = ()
        if each.ended_at is None and each.kind == Mandate.Kind.AUTHORISED:
            acts = (FileAct(_("终止"), reverse("accounts:end_mandate"), (("mandate", str(each.pk)),)),)
        lines.append(
            FileLine(
                said % {"name": each.agent_name if is_given else each.principal.name},
                value=each.number,
                source=str(each.get_source_display()),
                at=each.given_at,
                state=state,
                tone=tone,
                note=_("%(kind)s · %(begins)s 起%(until)s")
                % {
                    "kind": each.get_kind_display(),
                    "begins": each.begins_on,
                    "until": _("，到 %(until)s 为止") % {"until": each.until} if each.until else "",
                },
                acts=acts,
                reference=f"mandate:{each.pk}",
            )
        )
    return FilePart(
        key="mandates",
        title=_("授权委托"),
        lead=_("谁可以代您办事，您可以代谁办事。委托代办的，随时可以终止。"),
        empty=_("没有授权。"),
        lines=lines,
        more=(reverse("accounts:mandates"), _("授权代办")),
    )
