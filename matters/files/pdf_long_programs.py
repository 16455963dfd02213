"""One expression for what a program of drawing may say, for programs too long to be read operator by operator. No Django.

It takes what the table in `matters.files.pdf_contents` takes, but for inline pictures and layers, and nothing else, in time that grows with
the length alone.
"""

from __future__ import annotations

import re

# A long program, such as a map's, is read by one expression that takes what the table takes and nothing else: it stays as it is.
LONG = 400_000
_NUMBER, _TEXT = rb"[+-]?(?:\d++\.?\d*+|\.\d++)", rb"(?:\((?:[^()\\]|\\.)*+\)|<[0-9A-Fa-f\s]*+>)"
_NUMBERS = rb"(?:" + _NUMBER + rb"\s++){0,33}+"
_NAME = rb"/([^\s()<>\[\]{}/%]{1,40})"
_PLAIN = rb"(?:[bBf]\*?|[FnsShqQmlcvywJjMiGgKk]|W\*?|BT|ET|T\*|T[cwzLrsdDm]|RG|rg|re|cm|SCN?|scn?|EMC|d[01])"
_TAG = rb"/(?:Span|P|Artifact|Figure|H\d?|Table|T[RDH]|L|LI|Lbl|LBody|Document|Sect|Div|Part|Link|Form)"
PROGRAM = re.compile(
    rb"\s*+(?:" + rb"|".join(
        (
            rb"(?>" + _NUMBERS + _PLAIN + rb"\s++)",
            rb"(?>" + _NUMBERS + _NAME + rb"\s++(?:gs|cs|CS|scn|SCN|sh|Do|" + _NUMBER + rb"\s++Tf)\s++)",
            rb"(?>" + _NUMBERS + _TEXT + rb"\s*+(?:Tj|['\"])\s++)",
            rb"(?>\[(?:" + _NUMBER + rb"|" + _TEXT + rb"|\s)*+\]\s*+(?:TJ|" + _NUMBER + rb"\s++d)\s++)",
            rb"(?>" + _TAG + rb"\s*+(?:BMC|<<\s*+/MCID\s++\d++\s*+>>\s*+BDC)\s++)",
        )
    ) + rb")*+",
    re.S,
)  # fmt: skip
NAMED = re.compile(_NAME + rb"\s++(?:(gs|cs|CS|scn|SCN|sh|Do)|" + _NUMBER + rb"\s++(Tf))\s")
