"""Codes of items, departments and task lists that do not fit each other."""

from __future__ import annotations

from tests.catalog.packages.mistakes.making import ITEM, Mistake, edit

TASK_CODE = "11360100999991056A" + "3" + "360131003000"

CODES: list[Mistake] = [
    edit(
        "credit-code-check-digit",
        "departments.yaml",
        "11360100999991056A",
        "11360100999991056B",
        2,
        "bad_credit_code",
        "“11360100999991056B”的校验位不对",
    ),
    edit(
        "catalog-code-short",
        ITEM,
        'item_type: "01"',
        'item_type: "01"\ncatalog_code: "00013100300"',
        5,
        "bad_format",
        "“00013100300”的写法不对",
    ),
    edit(
        "catalog-code-of-no-province",
        ITEM,
        'item_type: "01"',
        'item_type: "01"\ncatalog_code: "990131003000"',
        5,
        "bad_item_code",
        "“990131003000”的前两位应是 00（国家）或者省级代码",
    ),
    edit(
        "catalog-code-of-another-type",
        ITEM,
        'item_type: "01"',
        'item_type: "01"\ncatalog_code: "000731003000"',
        5,
        "bad_item_code",
        "“000731003000”的第 3、4 位与事项类型 01 不一致",
    ),
    edit(
        "catalog-code-of-no-type",
        ITEM,
        'item_type: "01"',
        'item_type: "01"\ncatalog_code: "001531003000"',
        5,
        "bad_item_code",
        "“001531003000”的第 3、4 位不是事项类型",
    ),
    edit(
        "task-code-check-digit",
        ITEM,
        'item_type: "01"',
        f'item_type: "01"\ntask_code: {TASK_CODE.replace("056A", "056B")}',
        5,
        "bad_item_code",
        f"“{TASK_CODE.replace('056A', '056B')}”的前 18 位不是有效的统一社会信用代码",
    ),
    edit(
        "task-code-of-no-level",
        ITEM,
        'item_type: "01"',
        f'item_type: "01"\ntask_code: {TASK_CODE.replace("056A3", "056A9")}',
        5,
        "bad_item_code",
        f"“{TASK_CODE.replace('056A3', '056A9')}”的第 19 位不是行使层级",
    ),
    edit(
        "task-code-of-another-item",
        ITEM,
        'item_type: "01"',
        f'item_type: "01"\ncatalog_code: "000131003000"\ntask_code: {TASK_CODE}',
        6,
        "bad_item_code",
        f"“{TASK_CODE}”的后 12 位与基本编码 000131003000 不一致",
    ),
]
