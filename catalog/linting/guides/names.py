"""When two names mean the same: departments, papers, results and whole guides. Pure."""

from __future__ import annotations

import re

# What a body is called, over all its names: 卫健部门, 卫生健康局, 卫生健康委员会, 卫健委 …; the first word is the family's name.
_DEPARTMENTS = {
    "卫健": r"卫健|卫生健康|卫生计生|卫计",
    "公安": r"公安|派出所|警",
    "人社": r"人社|人力资源|社会保险|社保",
    "医保": r"医保|医疗保障",
    "市监": r"市监|市场监[督管]|工商行政",
    "住建": r"住建|住房和?城乡建设|住房公积金|公积金",
    "城管": r"城管|城市管理",
    "应急": r"应急|消防",
    "发改": r"发改|发展和?改革",
    "税务": r"税务",
    "教育": r"教育|教体",
    "自规": r"自规|自然资源|国土|不动产登记",
    "交通": r"交通",
    "文旅": r"文旅|文化和?旅游|文广",
    "海关": r"海关",
    "银行": r"银行",
    "民政": r"民政",
    "司法": r"司法",
    "退役军人": r"退役军人",
    "残联": r"残联|残疾人联合会",
    "生态": r"生态环境|环保",
    "农业": r"农业农村|农业",
    "数据": r"数据局|政务服务",
}
_SUFFIX = re.compile(r"(主管)?(部门|机关|委员会|管理局|总局|分局|局|厅|委|中心)$")
_QUOTES = re.compile(r"[《》〈〉“”\"'‘’「」『』\s]")
_PLACE = re.compile(r"^[一-鿿]{2,8}?(?:省|自治区|市|县)(?=[一-鿿]{4})")
_SAME_PAPER = (
    (re.compile(r"中华人民共和国|有效的?|(?<![一-鿿])本人"), ""),
    (re.compile(r"[（(](?:原件|复印件|原件及复印件|原件和复印件|正反面|电子版|扫描件)[）)]"), ""),
    (re.compile(r"(?:原件及复印件|原件和复印件|原件|复印件|影印件|扫描件|电子版|材料)$"), ""),
    (re.compile(r"户口本|户口册|户口薄"), "户口簿"),
    (re.compile(r"(?<!居民)身份证(?!明|件)"), "居民身份证"),
    (re.compile(r"身份证件|身份证明(?!文件)"), "身份证明"),
    (re.compile(r"(?<!居民)户口簿"), "居民户口簿"),
    (re.compile(r"照片|相片"), "照片"),
    (re.compile(r"申请书|申请表"), "申请表"),
    (re.compile(r"[()（）、,，;；]"), "|"),
)
# Kinds of paper that stand for one another across guides.
_KINDS = {
    "identity": r"身份证|身份证明|身份证件",
    "household": r"户口簿|户口本|户籍卡|户口页",
    "licence": r"营业执照|^执照",
    "marriage": r"结婚证",
    "bank": r"银行卡|储蓄卡|银行账户",
    "photo": r"照片|相片|影像",
    "decision": r"决议|决定|解散",
    "lease": r"租赁合同|租房合同",
}
FORM = re.compile(r"申请书|申请表|登记表|申报表")


def department_family(name: str) -> str:
    """Return the family of a department's name, or the name without its ending where the family is not known."""
    bare = _QUOTES.sub("", name)
    for family, pattern in _DEPARTMENTS.items():
        if re.search(pattern, bare):
            return family
    return _SUFFIX.sub("", bare) or bare


def plain(name: str) -> str:
    """Return a name without quotation marks and spaces."""
    return _QUOTES.sub("", name)


def paper_core(name: str) -> str:
    """Return what a paper is, whatever way it is written: the same for 《户口本》原件 and 居民户口簿."""
    core = _PLACE.sub("", plain(name)) if "证" not in name[:4] else plain(name)
    for pattern, replacement in _SAME_PAPER:
        core = pattern.sub(replacement, core)
    return core.strip("|")


def paper_kinds(name: str) -> set[str]:
    """Return the kinds a paper belongs to, of those that stand for one another."""
    return {kind for kind, pattern in _KINDS.items() if re.search(pattern, name)}


def same_paper(one: str, other: str) -> bool:
    """Tell whether two guides mean one paper by two names: equal cores, a shared kind, or nearly all the same characters."""
    first, second = paper_core(one), paper_core(other)
    if not first or not second:
        return False
    if first == second or paper_kinds(one) & paper_kinds(other):
        return True
    if min(len(first), len(second)) >= 3 and (first in second or second in first):
        return True
    return likeness(first, second) >= 0.5


def likeness(one: str, other: str) -> float:
    """Return how much of two texts' neighbouring characters is shared (Dice), between 0 and 1."""
    first, second = pairs(one), pairs(other)
    return 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0


def pairs(value: str) -> set[str]:
    """Return the pairs of neighbouring characters."""
    return {value[place : place + 2] for place in range(len(value) - 1)}


def longest_common(one: str, other: str) -> int:
    """Return the length of the longest text that both contain."""
    best = 0
    for start in range(len(one)):
        while start + best < len(one) and one[start : start + best + 1] in other:
            best += 1
    return best


def matter_stem(name: str) -> str:
    """Return the part of a matter's or its form's name before 一件事."""
    return re.split(r"[“\"]?一件事", plain(name))[0].strip('“”"的')
