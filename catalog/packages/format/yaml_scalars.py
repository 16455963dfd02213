"""Write text and JSON data as YAML that every reader takes for what it is. Pure.

A text is left plain only where no reader, of YAML 1.1 or 1.2, could take it for a number, a date, a flag or a sign of the language.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

_UNSAFE_START: Final = frozenset("-?:,[]{}#&*!|>'\"%@`=<~ \t")
_IN_FLOW: Final = re.compile(r"[,\[\]{}:?]")
_NUMBER_LIKE: Final = re.compile(
    r"[-+.]?[0-9][0-9_,.:]*([eE][-+]?[0-9]*)?|0[xob][0-9A-Fa-f_]+|[-+]?\.(inf|nan)", re.IGNORECASE
)
_DATE_LIKE: Final = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*", re.DOTALL)
_WORDS: Final = frozenset({"", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "---", "..."})
# Not to be seen, or broken by an editor: written as escapes.
_HIDDEN: Final = re.compile("[\x00-\x1f\x7f-\xa0\xad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\ufeff\ufff0-\uffff]")


def scalar(text: str, *, in_flow: bool) -> str:
    """Return a text as a plain or a double-quoted scalar of one line."""
    if _needs_quotes(text) or (in_flow and _IN_FLOW.search(text)):
        return _quoted(text)
    return text


def literal(text: str) -> list[str] | None:
    """Return the lines of a text with line breaks, to stand under ``|-``; None where only quotes keep it exactly."""
    lines = text.split("\n")
    if len(lines) < 2 or not lines[0] or not lines[-1] or any(_HIDDEN.search(line) for line in lines):
        return None
    return None if lines[0][0] in " \u3000" or any(line != line.rstrip() for line in lines) else lines


def data(value: Any) -> str:
    """Return JSON data on one line. Text is quoted wherever it could be taken for anything else."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(str(key), in_flow=True)}: {data(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(data(each) for each in value) + "]"
    if isinstance(value, str):
        return scalar(value, in_flow=True)
    if isinstance(value, float):
        return _decimal(value)
    return json.dumps(value)


def _needs_quotes(text: str) -> bool:
    return (
        text.lower() in _WORDS
        or text[0] in _UNSAFE_START
        or text != text.strip()
        or ": " in text
        or " #" in text
        or text.endswith(":")
        or bool(_NUMBER_LIKE.fullmatch(text) or _DATE_LIKE.fullmatch(text) or _HIDDEN.search(text))
    )


def _quoted(text: str) -> str:
    escaped = json.dumps(text, ensure_ascii=False)
    return _HIDDEN.sub(lambda match: f"\\u{ord(match.group()):04x}", escaped)


def _decimal(number: float) -> str:
    """Return a decimal number with a point and a signed exponent, as every reader of YAML expects it."""
    written = repr(number)
    mantissa, e, exponent = written.partition("e")
    if not e:
        return written
    mantissa = mantissa if "." in mantissa else f"{mantissa}.0"
    return f"{mantissa}e{exponent if exponent[0] in '+-' else f'+{exponent}'}"
