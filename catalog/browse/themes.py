"""The themes (主题分类) by which portals sort what may be applied for: one list for persons, one for organisations.

A matter or item bears one of them, under the name written here; ``theme`` is empty only while nobody has decided. The
lists are those of the national government-service platform, in its order; some names stand in both.
"""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.browse.facets import FacetKind

PERSON: dict[str, Promise] = {
    "生育收养": _("生育收养"),
    "户籍办理": _("户籍办理"),
    "民族宗教": _("民族宗教"),
    "教育科研": _("教育科研"),
    "入伍服役": _("入伍服役"),
    "就业创业": _("就业创业"),
    "设立变更": _("设立变更"),
    "准营准办": _("准营准办"),
    "职业资格": _("职业资格"),
    "纳税缴费": _("纳税缴费"),
    "婚姻登记": _("婚姻登记"),
    "优待抚恤": _("优待抚恤"),
    "规划建设": _("规划建设"),
    "住房保障": _("住房保障"),
    "社会保障": _("社会保障"),
    "社会救助": _("社会救助"),
    "证件办理": _("证件办理"),
    "交通出行": _("交通出行"),
    "出境入境": _("出境入境"),
    "消费维权": _("消费维权"),
    "公共安全": _("公共安全"),
    "司法公证": _("司法公证"),
    "知识产权": _("知识产权"),
    "文化体育": _("文化体育"),
    "公用事业": _("公用事业"),
    "医疗卫生": _("医疗卫生"),
    "离职退休": _("离职退休"),
    "死亡殡葬": _("死亡殡葬"),
    "其他": _("其他"),
}

ORGANISATION: dict[str, Promise] = {
    "设立变更": _("设立变更"),
    "准营准办": _("准营准办"),
    "资质认证": _("资质认证"),
    "年检年审": _("年检年审"),
    "税收财务": _("税收财务"),
    "人力资源": _("人力资源"),
    "社会保障": _("社会保障"),
    "投资审批": _("投资审批"),
    "融资信贷": _("融资信贷"),
    "商务贸易": _("商务贸易"),
    "海关口岸": _("海关口岸"),
    "涉外服务": _("涉外服务"),
    "农林牧渔": _("农林牧渔"),
    "国土和规划建设": _("国土和规划建设"),
    "交通运输": _("交通运输"),
    "环保绿化": _("环保绿化"),
    "医疗卫生": _("医疗卫生"),
    "科技创新": _("科技创新"),
    "文体教育": _("文体教育"),
    "知识产权": _("知识产权"),
    "安全生产": _("安全生产"),
    "公安消防": _("公安消防"),
    "司法公证": _("司法公证"),
    "公用事业": _("公用事业"),
    "破产注销": _("破产注销"),
    "其他": _("其他"),
}

ALL: dict[str, Promise] = {**PERSON, **ORGANISATION}


def theme_kind() -> FacetKind[Any]:
    """Return the filter by theme of whatever has one."""
    return FacetKind(
        "theme",
        str(_("主题")),
        lambda row: [row.theme] if row.theme else [],
        lambda theme: str(ALL.get(theme, theme)),
        list(ALL),
    )
