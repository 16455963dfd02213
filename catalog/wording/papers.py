"""A paper in words: what it is called and whose it is, and how it is met where it need not be handed in.

Guide, checklist, application and review say the same. (``MaterialExemption.Kind`` names the ways themselves, for those who define items.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from catalog.definitions import Exemption
from catalog.definitions.naming import split_instance
from catalog.merging.plan import Plan
from catalog.merging.planned import PlannedMaterial

EXEMPTIONS: dict[str, str | Promise] = {
    "result": gettext_lazy("本次联办的结果，办结后自动送达"),
    "generated": gettext_lazy("由这张表自动生成"),
    "shared_data": gettext_lazy("经您同意查询，查到就不用交"),
    "certificate": gettext_lazy("有电子证照就不用交"),
    "mandate": gettext_lazy("授权或者经办人已经登记的，不用交"),
    "earlier_upload": gettext_lazy("以前交过，还有效"),
    "commitment": gettext_lazy("可以用告知承诺代替"),
}

# The three kinds of papers that a government may not ask for (三个免于提交), and the other ways by their names.
CLASSES: dict[str, str | Promise] = {
    "result": gettext_lazy("政府核发"),
    "shared_data": gettext_lazy("数据共享"),
    "certificate": gettext_lazy("电子证照"),
    "mandate": gettext_lazy("登记的授权"),
    "earlier_upload": gettext_lazy("以前交过"),
    "generated": gettext_lazy("系统生成"),
    "commitment": gettext_lazy("告知承诺"),
}


def class_counts(kinds: Iterable[str]) -> str:
    """Return how many papers are spared in which way, in words: 政府核发 1 份、数据共享 2 份; empty where none is."""
    counted = Counter(kinds)
    said = [
        ngettext("%(way)s %(count)s 份", "%(way)s %(count)s 份", counted[kind]) % {"way": way, "count": counted[kind]}
        for kind, way in CLASSES.items()
        if counted[kind]
    ]
    return pgettext("between names", "、").join(said)


def owner_name(plan: Plan, role: str, instance: int, translate: Callable[[str], str] = str) -> str:
    """Return whose paper it is; empty where a role that may repeat does not, and the paper's name says enough."""
    known = {each.key: each for each in plan.matter.roles}.get(role)
    if known is None:
        return ""
    count = next((each.count for each in plan.roles if each.key == role), 1)
    if count > 1:
        return f"{translate(known.label)} {instance}"
    return "" if known.maximum > 1 else translate(known.label)


def paper_name(plan: Plan, material: PlannedMaterial, translate: Callable[[str], str] = str) -> str:
    """Return a paper's name with its owner: 居民身份证 · 母亲."""
    owner = owner_name(plan, material.role, material.instance, translate)
    return f"{translate(material.name)} · {owner}" if owner else translate(material.name)


def name_of_paper(plan: Plan, key: str, translate: Callable[[str], str] = str) -> str:
    """Return the name of the paper kept under a key, also where this plan asks for no such paper; never the key itself."""
    asked = next((each for each in plan.materials if each.key == key), None)
    if asked is not None:
        return paper_name(plan, asked, translate)
    whose, _colon, code = key.rpartition(":")
    material = plan.matter.materials.get(code)
    name = translate(material.name) if material is not None else _("其他材料")
    owner = owner_name(plan, *split_instance(whose), translate)
    return f"{name} · {owner}" if owner else name


def exemption_words(kind: str, by: str = "") -> str:
    """Return how a paper is met where it need not be handed in. ``by``: whose data, or what result, that is."""
    return f"{EXEMPTIONS[kind]} · {by}" if by else str(EXEMPTIONS[kind])


def how_exempt(
    plan: Plan, material: PlannedMaterial, exemption: Exemption, translate: Callable[[str], str] = str
) -> str:
    """Return how a paper of a plan is met by an exemption, and by whom: 经您同意查询，查到就不用交 · 公安."""
    by = ""
    if exemption.kind == "shared_data":
        by = translate(plan.matter.departments.get(exemption.reference, {}).get("short_name", ""))
    elif exemption.kind == "result":
        names = dict.fromkeys(translate(plan.item(key).short_name) for key in material.supplied_by)
        by = pgettext("between names", "、").join(names)
    return exemption_words(exemption.kind, by)


def exemption_sentence(
    plan: Plan, material: PlannedMaterial, exemption: Exemption, translate: Callable[[str], str] = str
) -> str:
    """Return why a paper need not be handed in: 免交 · 由这张表自动生成. Only for what is certain: of the others a row tells."""
    return _("免交 · %(why)s") % {"why": how_exempt(plan, material, exemption, translate)}
