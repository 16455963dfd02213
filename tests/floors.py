"""The floors of the house as a picture and a list of rooms, read from the import contracts: `python -m tests.floors` writes them.

``docs/architecture.md`` holds both between markers; `tests/test_house.py` compares, so that the page cannot say what the contracts do not hold.
"""

from __future__ import annotations

import ast
import itertools
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PAGE = PROJECT / "docs" / "architecture.md"
HOUSE = "Imports point one way"
APPS = ("portal", "matters", "certificates", "catalog")


def contracts() -> list[dict[str, object]]:
    """Return the import contracts of pyproject.toml."""
    found: list[dict[str, object]] = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    return found


def floors_of(container: str) -> list[list[str]]:
    """Return the floors of an app or room from the roof down, each with the rooms that stand side by side on it."""
    (contract,) = [each for each in contracts() if each.get("containers") == [container]]
    layers = contract["layers"]
    assert isinstance(layers, list)
    return [[room.strip() for room in str(layer).split("|")] for layer in layers]


def house() -> list[list[str]]:
    """Return the floors of the whole house from the roof down: apps, and the rooms of portal that stand above and below them."""
    (contract,) = [each for each in contracts() if str(each["name"]).startswith(HOUSE)]
    layers = contract["layers"]
    assert isinstance(layers, list)
    return [[room.strip() for room in str(layer).split("|")] for layer in layers]


def picture() -> str:
    """Return the floors as a mermaid flow chart: an arrow leads to what may be imported."""
    lines = ["```mermaid", "flowchart TB"]
    tops: list[tuple[str, str]] = []
    for at, rooms in enumerate(house()):
        if rooms[0] in APPS:
            app = rooms[0]
            lines.append(f'  subgraph {app}["{app}/"]')
            floors = floors_of(app)
            for number, floor in enumerate(floors):
                lines.append(f'    {app}{number}["{" · ".join(floor)}"]')
            lines += [f"    {app}{number} --> {app}{number + 1}" for number in range(len(floors) - 1)]
            lines.append("  end")
            tops.append((f"{app}0", f"{app}{len(floors) - 1}"))
        else:
            lines.append(f'  floor{at}["{" · ".join(room.replace("portal.", "portal/") for room in rooms)}"]')
            tops.append((f"floor{at}", f"floor{at}"))
    lines += [f"  {above[1]} --> {below[0]}" for above, below in itertools.pairwise(tops)]
    return "\n".join([*lines, "```"])


def rooms() -> str:
    """Return one paragraph a room, in the words of its own docstring."""
    return "\n\n".join(f"### {app}/\n\n" + "\n\n".join(_paragraphs(app)) for app in APPS)


def _paragraphs(app: str) -> Iterator[str]:
    for floor in floors_of(app):
        for room in floor:
            folder, module = PROJECT / app / room / "__init__.py", PROJECT / app / f"{room}.py"
            path, name = (folder, f"{app}/{room}/") if folder.exists() else (module, f"{app}/{room}.py")
            text = ast.get_docstring(ast.parse(path.read_text())) or ""
            yield f"**`{name}`** {_prose(text)}"


def _prose(docstring: str) -> str:
    """Return the paragraphs of a docstring that come before a list or a table, as one."""
    told: list[str] = []
    for paragraph in docstring.split("\n\n"):
        if re.search(r"(?m)^(\*|\d+\.|``[^`]+``\s\s)", paragraph) or paragraph.rstrip().endswith(":"):
            break
        told.append(" ".join(paragraph.split()))
    return re.sub(r"``([^`]+)``", r"`\1`", " ".join(told))


def written(page: str) -> str:
    """Return the page with the generated parts as they should be."""
    for name, part in (("picture", picture()), ("rooms", rooms())):
        page = re.sub(
            rf"(<!-- {name}: begin[^\n]*-->\n).*?(<!-- {name}: end -->)",
            lambda found, part=part: f"{found[1]}\n{part}\n\n{found[2]}",
            page,
            flags=re.DOTALL,
        )
    return page


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text()))
