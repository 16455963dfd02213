"""Pages as a reader's browser takes them: white space in the source is one space."""

from __future__ import annotations

import re
from typing import Any


def page_of(response: Any) -> str:
    """Return a page's HTML with every run of white space as one space, so that no test depends on how a template is laid out."""
    return re.sub(r"\s+", " ", response.content.decode())
