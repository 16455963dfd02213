"""What a pattern asks for, in so few facts that a sentence can say them: how long, which characters, an example. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.fields.pattern_syntax import Characters, Choice, Concatenation, Node, NotInSubset, Repetition, parse

LONGEST_EXAMPLE = 40


@dataclass(frozen=True, slots=True)
class Shape:
    """``most`` is None without a limit; ``example`` is empty where none can be made; ``has_others``: more than letters and digits."""

    least: int
    most: int | None
    has_letters: bool
    has_digits: bool
    has_others: bool
    example: str


def shape_of(pattern: str) -> Shape | None:
    """Return what texts that meet the pattern look like, None for a pattern outside the subset."""
    try:
        node = parse(pattern)
    except NotInSubset:
        return None
    sets = list(_sets(node))
    ends = [range_ for each in sets for range_ in each.ranges]
    least, most = _length(node)
    example = "".join(_like(each, place) for place, each in enumerate(_shortest(node)))
    # Where any character may stand, the example would be of a language and a custom that the pattern does not tell.
    is_ascii = all(high < 128 for _low, high in ends)
    return Shape(
        least,
        most,
        any(_meets(ends, low, high) for low, high in (("A", "Z"), ("a", "z"))),
        _meets(ends, "0", "9"),
        any(not chr(low).isalnum() or not chr(high).isalnum() or high > 127 for low, high in ends),
        example if is_ascii and len(example) <= LONGEST_EXAMPLE else "",
    )


def _meets(ranges: list[tuple[int, int]], first: str, last: str) -> bool:
    return any(low <= ord(last) and ord(first) <= high for low, high in ranges)


def _sets(node: Node) -> list[Characters]:
    match node:
        case Concatenation(parts) | Choice(parts):
            return [each for part in parts for each in _sets(part)]
        case Repetition():
            return _sets(node.part)
    return [node]


def _length(node: Node) -> tuple[int, int | None]:
    match node:
        case Concatenation(parts):
            lengths = [_length(part) for part in parts]
            mosts = [most for _least, most in lengths if most is not None]
            return sum(least for least, _most in lengths), sum(mosts) if len(mosts) == len(lengths) else None
        case Choice(branches):
            lengths = [_length(branch) for branch in branches]
            mosts = [most for _least, most in lengths if most is not None]
            return min(least for least, _most in lengths), max(mosts) if len(mosts) == len(lengths) else None
        case Repetition():
            least, most = _length(node.part)
            return least * node.least, None if most is None or node.most is None else most * node.most
    return 1, 1


def _shortest(node: Node) -> list[Characters]:
    """Return the characters of a short text: parts as often as they must be, the first of several ways."""
    match node:
        case Concatenation(parts):
            return [each for part in parts for each in _shortest(part)]
        case Choice(branches):
            return _shortest(branches[0])
        case Repetition():
            return _shortest(node.part) * min(node.least, LONGEST_EXAMPLE + 1)
    return [node]


def _like(characters: Characters, place: int) -> str:
    """Return a character of a set: a letter in the first place, digits after it, as numbers of documents are."""
    ranges = list(characters.ranges)
    wishes = [str(place % 10), "A", "a"] if place else ["A", "1", "a"]
    return next((each for each in wishes if _meets(ranges, each, each)), chr(ranges[0][0]))
