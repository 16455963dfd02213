"""Conditions as a line of text that people read and write: ``answers.household = "local" 且 非(answers.claim = "no")``. Pure.

Variables are written as they are, text in quotes. Loosest first: ``或``, ``且``, then ``= ≠ < ≤ > ≥ 属于``, then ``非``. Everything else is a function:
``有值(x)``, ``如果(条件, 甲, 乙)``, ``个数(x)``, ``相差年数(从, 到)``, ``相差天数(从, 到)``, ``取("名称", 缺省值)``; an operator with another number of operands than
two is written the same way, as in ``<(1, answers.children, 4)``. ``真 假 空`` are true, false and null, ``[1, 2]`` is a list. Full-width
brackets, commas and quotes do as well. ``rule_from_text(rule_to_text(rule)) == rule`` for every rule: what the text cannot say is
written as JSON, in braces.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

INFIX: Final = {
    "==": "=",
    "!=": "≠",
    "<": "<",
    "<=": "≤",
    ">": ">",
    ">=": "≥",
    "in": "属于",
    "and": "且",
    "or": "或",
}
FUNCTIONS: Final = {
    "!!": "有值",
    "if": "如果",
    "count": "个数",
    "years_between": "相差年数",
    "days_between": "相差天数",
    "var": "取",
    "!": "非",
}
_WORDS: Final = {"真": True, "假": False, "空": None}
_OPERATORS: Final = {word: operator for operator, word in {**INFIX, **FUNCTIONS}.items()} | {
    "==": "==",
    "!=": "!=",
    "<=": "<=",
    ">=": ">=",
    "并且": "and",
    "或者": "or",
}
_STRENGTH: Final = {"or": 1, "and": 2}  # all other infix operators: 3
_UNARY: Final = frozenset({"!", "!!", "count"})
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_#]*(?:[.:][A-Za-z0-9_#]+)*")
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<text>\"(?:[^\"\\]|\\.)*\"|“[^”]*”)"
    r"|(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_#]*(?:[.:][A-Za-z0-9_#]+)*)"
    r"|(?P<word>并且|或者|属于|有值|如果|个数|相差年数|相差天数|[取且或非真假空])"
    r"|(?P<sign>==|!=|<=|>=|[=≠<≤>≥])"
    r"|(?P<mark>[()\[\],（）【】，、]))",
    re.DOTALL,
)
_MARKS: Final = str.maketrans("（）【】，、", "()[],,")
_MAX_DEPTH: Final = 60


class RuleTextInvalid(Exception):
    """The text is no condition. ``position``: where it goes wrong, in characters from 0."""

    def __init__(self, position: int) -> None:
        self.position = position
        super().__init__(f"not a condition from character {position + 1}")


def rule_to_text(rule: Any) -> str:
    """Return a rule as text."""
    try:
        text = _write(rule, 0)
        if json.dumps(rule_from_text(text)) == json.dumps(rule):
            return text
    except (RuleTextInvalid, RecursionError):
        pass
    return json.dumps(rule, ensure_ascii=False)


def rule_from_text(text: str) -> Any:
    """Return the rule that a text says. Raises `RuleTextInvalid`. Whether it is in the language, ``rules.check`` says."""
    if text.lstrip().startswith("{"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise RuleTextInvalid(getattr(error, "pos", 0)) from None
    parser = _Parser(_tokens(text))
    rule = parser.infix(1, 0)
    if parser.kind:
        raise RuleTextInvalid(parser.position)
    return rule


def _write(rule: Any, strength: int) -> str:
    if rule is None or isinstance(rule, bool):
        return next(word for word, value in _WORDS.items() if value is rule)
    if isinstance(rule, list):
        return "[" + ", ".join(_write(each, 0) for each in rule) + "]"
    if not isinstance(rule, dict):
        return json.dumps(rule, ensure_ascii=False)
    ((operator, argument),) = rule.items() if len(rule) == 1 else ((None, None),)
    if operator == "var" and isinstance(argument, str) and _VARIABLE.fullmatch(argument):
        return argument
    operands = argument if isinstance(argument, list) else [argument]
    if operator in INFIX and len(operands) >= 2 and (len(operands) == 2 or operator in _STRENGTH):
        own = _STRENGTH.get(operator, 3)
        written = f" {INFIX[operator]} ".join(_write(each, own) for each in operands)
        return f"({written})" if strength >= own else written
    if operator == "!":
        return f"非({_write(operands[0], 0)})"
    word = INFIX.get(str(operator)) or FUNCTIONS.get(str(operator))
    if word is None:
        raise RuleTextInvalid(0)
    return f"{word}({', '.join(_write(each, 0) for each in operands)})"


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    position: int


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    position = 0
    end = len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            raise RuleTextInvalid(position)
        kind = str(match.lastgroup)
        found.append(_Token(kind, match[kind].translate(_MARKS) if kind == "mark" else match[kind], match.start(kind)))
        position = match.end()
    return [*found, _Token("", "", end)]


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.at = 0

    @property
    def kind(self) -> str:
        return self.tokens[self.at].kind

    @property
    def text(self) -> str:
        return self.tokens[self.at].text

    @property
    def position(self) -> int:
        return self.tokens[self.at].position

    def infix(self, strength: int, depth: int) -> Any:
        """Read a chain of operators of at least this strength."""
        if depth > _MAX_DEPTH:
            raise RuleTextInvalid(self.position)
        if strength > 3:
            return self.primary(depth)
        left = self.infix(strength + 1, depth)
        chain = [left]
        operator = self._operator(strength)
        if operator is None:
            return left
        chained = operator
        while operator is not None:
            if operator != chained or (strength == 3 and len(chain) > 1):
                raise RuleTextInvalid(self.position)
            self.at += 1
            chain.append(self.infix(strength + 1, depth))
            operator = self._operator(strength)
        return {chained: chain}

    def _operator(self, strength: int) -> str | None:
        operator = _OPERATORS.get(self.text) if self.kind in ("word", "sign") else None
        return operator if operator in INFIX and _STRENGTH.get(operator, 3) == strength else None

    def primary(self, depth: int) -> Any:
        """Read a value, a variable, a bracket or a function."""
        kind, text = self.kind, self.text
        position = self.position
        self.at += 1 if kind else 0
        if kind == "text":
            return self._string(text, position)
        if kind == "number":
            return json.loads(text)
        if kind == "name":
            return {"var": text}
        if kind == "mark" and text == "(":
            inner = self.infix(1, depth + 1)
            self._expect(")")
            return inner
        if kind == "mark" and text == "[":
            return self._listed("]", depth)
        if text in _WORDS:
            return _WORDS[text]
        operator = _OPERATORS.get(text) if kind in ("word", "sign") else None
        if operator is None:
            raise RuleTextInvalid(position)
        if self.text != "(":
            if operator == "!":
                return {"!": self.primary(depth + 1)} if depth < _MAX_DEPTH else self._refuse()
            raise RuleTextInvalid(self.position)
        self.at += 1
        operands = self._listed(")", depth)
        single = operator in _UNARY or (operator == "var" and len(operands) == 1)
        return {operator: operands[0] if single and len(operands) == 1 else operands}

    def _listed(self, end: str, depth: int) -> list[Any]:
        values: list[Any] = []
        if self.text == end and self.kind == "mark":
            self.at += 1
            return values
        while True:
            values.append(self.infix(1, depth + 1))
            if self.kind == "mark" and self.text == ",":
                self.at += 1
                continue
            self._expect(end)
            return values

    def _expect(self, mark: str) -> None:
        if self.kind != "mark" or self.text != mark:
            raise RuleTextInvalid(self.position)
        self.at += 1

    def _refuse(self) -> Any:
        raise RuleTextInvalid(self.position)

    @staticmethod
    def _string(text: str, position: int) -> str:
        if text[0] == "“":
            return text[1:-1]
        try:
            return str(json.loads(text, strict=False))
        except json.JSONDecodeError:
            raise RuleTextInvalid(position) from None
