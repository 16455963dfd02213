"""Files that cannot be read at all."""

from __future__ import annotations

import os
from pathlib import Path

from tests.catalog.packages.mistakes.making import ITEM, OTHER_ITEM, Mistake, do, edit, write


def _sparse(root: Path) -> None:
    with (root / ITEM).open("wb") as file:
        file.truncate(200 * 1024 * 1024)


def _link_outside(root: Path) -> None:
    (root / ITEM).unlink()
    (root / ITEM).symlink_to("/etc/hostname")


def _loop(root: Path) -> None:
    (root / "opening/again").symlink_to(root, target_is_directory=True)


def _folder_for_a_file(root: Path) -> None:
    (root / ITEM).unlink()
    (root / ITEM).mkdir()


def _pipe(root: Path) -> None:
    (root / ITEM).unlink()
    os.mkfifo(root / ITEM)


FILES: list[Mistake] = [
    write(
        "gbk",
        "materials.yaml",
        "- {code: charter, name: 公司章程}\n".encode("gbk"),
        1,
        "not_utf8",
        "不是 UTF-8 编码，请另存为 UTF-8",
    ),
    write(
        "utf16",
        "materials.yaml",
        "- {code: charter, name: 公司章程}\n".encode("utf-16"),
        1,
        "not_utf8",
        "不是 UTF-8 编码，请另存为 UTF-8",
    ),
    write(
        "nul",
        "materials.yaml",
        b"- {code: charter, name: a\x00b}\n",
        1,
        "bad_yaml",
        "不是合格的 YAML：control characters are not allowed",
    ),
    edit(
        "escaped-control",
        ITEM,
        "name: 企业设立登记",
        'name: "企业\\0设立登记"',
        2,
        "control_character",
        "这里有看不见的控制字符，请删去",
    ),
    do("two-hundred-megabytes", _sparse, ITEM, 0, "file_too_large", "文件超过 2 MB，请拆分"),
    write("deep-flow", OTHER_ITEM, "a: " + "[" * 10_000, 1, "too_deep", "套得太深，最多 40 层"),
    write("deep-block", OTHER_ITEM, "- " * 10_000, 1, "too_deep", "套得太深，最多 40 层"),
    write("deep-maps", OTHER_ITEM, "{a: " * 10_000, 1, "too_deep", "套得太深，最多 40 层"),
    write(
        "billion-laughs",
        OTHER_ITEM,
        "a: &a [x, x]\nb: &b [*a, *a]\n",
        1,
        "no_anchors",
        "不能用锚点和引用（& 和 *），请照写一遍",
    ),
    edit(
        "tag", ITEM, "visits: 1", "visits: !!python/object/apply:os.system [ls]", 7, "no_tags", "不能用类型标记（!…）"
    ),
    edit(
        "two-documents", ITEM, "visits: 1\n", "visits: 1\n---\n", 1, "several_documents", "每个文件应有且只有一份内容"
    ),
    write("empty-file", "materials.yaml", "", 1, "empty_file", "每个文件应有且只有一份内容"),
    write("only-a-comment", "materials.yaml", "# 还没写\n", 1, "empty_file", "每个文件应有且只有一份内容"),
    edit(
        "tab",
        ITEM,
        "visits: 1\n",
        "visits: 1\n\tsteps: 1\n",
        8,
        "bad_yaml",
        "不是合格的 YAML：found a tab character that violates indentation",
    ),
    edit(
        "unclosed",
        ITEM,
        "visits: 1\n",
        "visits: [1\n",
        8,
        "bad_yaml",
        "不是合格的 YAML：did not find expected ',' or ']'",
    ),
    edit("key-twice", ITEM, "visits: 1\n", "visits: 1\nvisits: 2\n", 8, "repeated_key", "“visits”写了两遍"),
    do("link-outside", _link_outside, ITEM, 0, "symbolic_link", "不能用符号链接，请放文件本身"),
    do("link-loop", _loop, "opening/again", 0, "symbolic_link", "不能用符号链接，请放文件本身"),
    do("folder-for-a-file", _folder_for_a_file, ITEM, 0, "not_a_file", "这里应是一个文件"),
    do("pipe", _pipe, ITEM, 0, "not_a_file", "这里应是一个文件"),
    write("yml", "opening/items/closing.yml", "slug: closing\n", 0, "unknown_file", "文件名应以 .yaml 结尾"),
    do(
        "unknown-folder",
        lambda root: (root / "opening/item").mkdir(),
        "opening/item/",
        0,
        "unknown_folder",
        "不认识这个文件夹，是不是“items”？",
    ),
    do(
        "folder-without-matter",
        lambda root: (root / "closing").mkdir(),
        "closing/",
        0,
        "no_matter",
        "文件夹里没有 matter.yaml",
    ),
    write(
        "unknown-file", "opening/element.yaml", "- {}\n", 0, "unknown_file", "不认识这个文件，是不是“elements.yaml”？"
    ),
]
