"""Remember what was looked for and not found, without remembering who looked."""

from __future__ import annotations

import re
from typing import Final

from django.db.models import F
from django.utils import timezone

from catalog.models import SearchMiss
from catalog.search.core.text import is_han, normalise

LONGEST: Final = 20
MOST_DIGITS: Final = 4
MOST_ROWS: Final = 5000
SURNAMES: Final = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛范彭郎鲁韦马苗凤花方俞任袁柳鲍史唐费廉岑薛"
    "雷贺倪汤滕殷罗毕郝安常乐于傅齐康伍余元顾孟黄穆萧尹姚邵汪祁毛狄臧戴宋庞熊纪舒屈项祝董梁杜阮蓝闵季贾江童颜郭梅盛林钟徐邱骆高夏蔡田胡"
    "凌霍虞万柯管卢莫房丁邓郁洪包左石崔龚程邢裴陆翁曾甘武刘景叶司黎白蒲邓温庄晏柴瞿阎向古易廖耿文关沙欧阳诸葛司徒上官"
)
_ADDRESS: Final = re.compile(r"[路街巷弄村镇乡栋幢座楼单元室号]#|#[路街巷弄栋幢座楼单元室号]")


def without_person(query: str) -> str:
    """Return a query as it may be kept, or nothing: digits masked; long, named or addressed ones are dropped.

    What looks like a person's name (two to four characters that begin with a surname), an address, an identity or
    telephone number, or Latin words that could be a name or an account, is not kept at all.
    """
    if "@" in query:
        return ""
    text = normalise(query, longest=LONGEST + 1)
    if not text or len(text) > LONGEST or sum(char.isdigit() for char in text) > MOST_DIGITS:
        return ""
    masked = re.sub(r"\d+", "#", text)
    han = [char for char in masked if is_han(char)]
    if len(han) < 2 or _ADDRESS.search(masked):
        return ""
    if len(han) <= 4 and han[0] in SURNAMES:
        return ""
    if re.search(r"[a-z]", masked):
        return ""
    return masked


def record_miss(query: str) -> None:
    """Count a query that found nothing. Cost: one statement, two for a new one; nothing once the list is full."""
    text = without_person(query)
    if not text:
        return
    today = timezone.localdate()
    if SearchMiss.objects.filter(text=text).update(count=F("count") + 1, last_on=today):
        return
    if SearchMiss.objects.count() < MOST_ROWS:
        SearchMiss.objects.bulk_create([SearchMiss(text=text, last_on=today)], ignore_conflicts=True)
