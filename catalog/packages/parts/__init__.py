"""Further sub-folders of a matter's folder: regional implementations and guides of other places."""

from __future__ import annotations

from typing import Final

from catalog.packages.parts.folder_part import FolderPart
from catalog.packages.parts.guides import GUIDES
from catalog.packages.parts.regions import REGIONS

# In the order of reading and writing.
PARTS: Final[tuple[FolderPart, ...]] = (REGIONS, GUIDES)
