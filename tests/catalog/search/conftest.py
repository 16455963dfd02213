"""Every test of the search begins with a process that knows nothing yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.search.content import load_search_content
from catalog.search.engine import ENGINE

SMALL_CONTENT = {
    "targets.yaml": """
- {slug: newborn, name: 新生儿出生, department: 卫生健康, keywords: 出生户口登记}
- {slug: retire, name: 退休, department: 人力资源社会保障}
- {slug: "item:idcard", name: 居民身份证申领、换领、补领, department: 公安}
- {slug: "item:house_transfer", name: 二手房转移登记, department: 自然资源}
- {slug: "item:car_transfer", name: 机动车转移登记, department: 公安交管}
""",
    "phrases/all.yaml": """
newborn: {alias: 新生儿, phrase: 孩子上户口、小孩落户、出生证明怎么办}
retire: {alias: 退休手续, phrase: 怎么领养老金、老爸退休}
idcard: {slug: "item:idcard", phrase: 身份证丢了、补办身份证}
house: {slug: "item:house_transfer", phrase: 房子过户、房产证加名字}
car: {slug: "item:car_transfer", phrase: 车子过户、二手车过户}
""",
    "synonyms.yaml": "[孩子 娃 娃娃 宝宝, 丢失 丢了 不见了, 落户 上户口]",
    "questions.yaml": """
- ask: 过户的是房子还是车？
  phrases: 过户、办过户
  candidates: {"item:house_transfer": 房子, "item:car_transfer": 车}
""",
}


@pytest.fixture(autouse=True)
def _fresh_engine() -> Iterator[None]:
    ENGINE.forget()
    yield
    ENGINE.forget()


@pytest.fixture
def small_content(tmp_path: Path, db: None) -> Path:
    """Have a few targets in the database, in the shape of the real content; return their folder."""
    (tmp_path / "phrases").mkdir()
    for name, text in SMALL_CONTENT.items():
        (tmp_path / name).write_text(text, "utf-8")
    load_search_content(tmp_path)
    return tmp_path
