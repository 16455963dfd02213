"""The town with a matter whose three departments have the application before them at the same time."""

from __future__ import annotations

from dataclasses import replace

from catalog.definitions import MaterialNeed, MatterItemDefinition, ReviewPoint
from tests.worlds.building import publish
from tests.worlds.keeping import kept
from tests.worlds.town import CERTIFICATE_TYPES, ELEMENTS, ITEMS, MATERIALS, MATTER, POSTS, Town

NAME, BOOK = "child:person.name", "household_book"


def build_notice_town() -> Town:
    """Create the town: all three ask for the child's name, health and the police for the household's book."""

    def build() -> Town:
        birth, hukou, insured = ITEMS
        items = (
            replace(birth, materials=(MaterialNeed(BOOK, reason="核对住址"),)),
            replace(
                hukou,
                materials=tuple(need for need in hukou.materials if need.material == BOOK),
                review_points=(ReviewPoint("address", "地址写全", "请写全", ("household:hukou.address",), (BOOK,)),),
                outputs=tuple(replace(output, feeds="") for output in hukou.outputs),
            ),
            replace(insured, lines=tuple(line for line in insured.lines if line.code != "idno")),
        )
        matter = replace(MATTER, items=tuple(MatterItemDefinition(item.slug) for item in items))
        return Town.build(publish(matter, *items, elements=ELEMENTS, materials=MATERIALS), POSTS, CERTIFICATE_TYPES)

    return kept("side by side", build)
