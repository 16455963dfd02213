"""The search of one process with the whole catalog of a province: 1,400 targets and 30,000 phrases.

The targets of the content keep their phrases; the others are service items as catalogues name them, with made-up ways of asking.
Measured: a query in process, the index after a cold start (a new process, timed and weighed by itself), and how soon another
process knows a changed phrase.
"""

from __future__ import annotations

import itertools
import json
import random
import subprocess
import sys
import time

from catalog.models import SearchPhrase, SearchTarget
from catalog.search.content import load_search_content
from catalog.search.engine import ENGINE, search
from catalog.search.evaluation import judged_queries
from tests.bench.figures import say, tell

TARGETS = 1_400
PHRASES = 30_000
LIMITS = {"median_ms": 3.0, "p95_ms": 10.0, "cold_start_s": 3.0, "memory_mb": 60.0, "fresh_s": 5.0}

_OBJECTS = [
    "取水",
    "采砂",
    "排污",
    "河道",
    "林木",
    "采伐",
    "渔业",
    "捕捞",
    "种子",
    "农药",
    "兽药",
    "肥料",
    "屠宰",
    "生猪",
    "饲料",
    "水库",
    "堤防",
    "矿产",
    "地图",
    "测绘",
    "档案",
    "文物",
    "演出",
    "网吧",
    "出版",
    "印刷",
    "电影",
    "广播",
    "旅行社",
    "导游",
    "体育场馆",
    "游泳",
    "射击",
    "爆破",
    "烟花",
    "危险化学品",
    "安全评价",
    "特种设备",
    "锅炉",
    "电梯",
    "计量",
    "检验",
    "认证",
    "商标",
    "广告",
    "拍卖",
    "典当",
    "小额贷款",
    "融资担保",
    "粮食",
    "储备",
    "盐业",
    "烟叶",
    "食盐",
    "无线电",
    "频率",
    "邮政",
    "快递",
    "铁路",
    "航道",
    "港口",
    "船员",
    "船舶",
    "船检",
    "车站",
    "驾培",
    "维修",
    "出租车",
    "公交",
    "桥梁",
    "隧道",
    "公路",
    "路政",
    "绿化",
    "树木",
    "户外广告",
    "垃圾",
    "污水",
    "燃气",
    "供热",
    "物业",
    "房产测绘",
    "预售",
    "白蚁",
    "施工图",
    "消防",
    "抗震",
    "节能",
    "监理",
    "造价",
    "招标",
    "律师",
    "公证",
    "鉴定",
    "仲裁",
    "法律援助",
    "社团",
    "民办",
    "基金会",
    "慈善",
    "殡葬",
    "地名",
    "收养",
    "救助",
    "孤儿",
    "养老机构",
    "医师",
    "护士",
    "药师",
    "医院",
    "诊所",
    "血站",
    "母婴",
    "放射",
    "职业病",
    "疫苗",
    "药品",
    "医疗器械",
    "化妆品",
    "保健食品",
    "民办学校",
    "校车",
    "培训",
    "留学",
    "学位",
    "学籍",
    "考试",
    "职称",
    "技能",
    "劳务派遣",
    "人力资源",
    "集体合同",
    "特殊工时",
    "社会保险",
    "退休",
    "失业",
    "工伤",
    "博士后",
    "外专",
    "宗教",
    "寺观",
    "清真",
    "华侨",
    "台胞",
    "边境",
    "枪支",
    "保安",
    "印章",
    "旅馆",
    "犬只",
    "集会",
    "国籍",
]
_KINDS = [
    "许可",
    "核准",
    "备案",
    "审批",
    "登记",
    "变更",
    "注销",
    "延续",
    "补发",
    "年检",
    "验收",
    "认定",
    "确认",
    "给付",
    "查询",
    "证明",
]
_ASKED = (
    "{o}{k}",
    "办{o}{k}",
    "{o}{k}怎么办",
    "{o}的{k}要什么材料",
    "去哪里办{o}{k}",
    "想问{o}{k}",
    "{o}{k}多久能办好",
    "{o}{k}要钱吗",
    "网上办{o}{k}",
    "我要申请{o}{k}",
    "单位{o}{k}手续",
    "{k}{o}",
    "{o}没有{k}会怎样",
    "{o}{k}到期了",
    "个人能办{o}{k}吗",
    "{o}{k}需要本人去吗",
)

_COLD = """
import json, resource, time, django
django.setup()
from django.db import connection
connection.ensure_connection()
def rss():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 2**20
before, begun = rss(), time.perf_counter()
from catalog.search.engine import search
search("孩子上户口")
print(json.dumps({"seconds": time.perf_counter() - begun, "memory": rss() - before}))
"""

_WAIT = """
import sys, time, django
django.setup()
from catalog.search.engine import search
search("预热")
print("ready", flush=True)
while not search("咕噜咕噜证").results or search("咕噜咕噜证").results[0].target.slug != "marriage":
    time.sleep(0.05)
print(time.time(), flush=True)
"""


def measure(*, rounds: int) -> None:
    """Tell each figure beside its limit."""
    say(f"search: {TARGETS:,} targets and {PHRASES:,} phrases")
    fill()
    cold = [json.loads(_run(_COLD)) for _ in range(rounds)]
    times = []
    queries = [query for query, _slug in judged_queries()]
    ENGINE.forget()
    search("预热")
    for _ in range(rounds):
        for query in random.sample(queries, len(queries)):
            begun = time.perf_counter()
            search(query)
            times.append((time.perf_counter() - begun) * 1000)
    times.sort()
    found = {
        "median_ms": times[len(times) // 2],
        "p95_ms": times[int(len(times) * 0.95)],
        "cold_start_s": min(each["seconds"] for each in cold),
        "memory_mb": min(each["memory"] for each in cold),
        "fresh_s": _freshness(),
    }
    for name, value in found.items():
        limit = LIMITS[name]
        line = {
            "figure": f"search {name}",
            "ours": round(value, 2),
            "limit": limit,
            "of_limit": round(value / limit, 2),
        }
        tell(json.dumps(line, ensure_ascii=False))


def fill() -> None:
    """Bring the targets and phrases up to the size of a province."""
    load_search_content()
    pick = random.Random(7)
    pairs = list(itertools.product(_OBJECTS, _KINDS))
    pick.shuffle(pairs)
    have = SearchTarget.objects.count()
    made = SearchTarget.objects.bulk_create(
        SearchTarget(slug=f"item:made{n}", kind="item", name=f"{o}{k}", position=1000 + n)
        for n, (o, k) in enumerate(pairs[: TARGETS - have])
    )
    room = PHRASES - SearchPhrase.objects.count()
    rows = (
        SearchPhrase(target=target, text=way.format(o=o, k=k), kind="name" if way == _ASKED[0] else "phrase")
        for way in _ASKED
        for target, (o, k) in zip(made, pairs, strict=False)
    )
    SearchPhrase.objects.bulk_create(itertools.islice(rows, room), batch_size=2000)


def _freshness() -> float:
    """Return the seconds from a committed phrase to another process that answers by it."""
    with subprocess.Popen([sys.executable, "-c", _WAIT], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == "ready"
        SearchPhrase.objects.create(target=SearchTarget.objects.get(slug="marriage"), text="咕噜咕噜证")
        begun = time.time()
        return float(other.stdout.readline()) - begun


def _run(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
