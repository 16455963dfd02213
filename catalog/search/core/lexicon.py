"""The words the search knows: groups that mean the same, and words that say little. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from catalog.search.core.syllables import read_aloud, sound
from catalog.search.core.text import is_han, normalise

FEWEST_SYLLABLES = 2


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words to groups. ``by_sound`` knows words of two syllables or more as they sound, so that a wrong character still counts."""

    groups: dict[str, tuple[int, ...]] = field(default_factory=dict)
    by_sound: dict[tuple[int, ...], tuple[int, ...]] = field(default_factory=dict)
    stop_words: frozenset[str] = frozenset()
    light_groups: frozenset[int] = frozenset()
    longest_word: int = 1
    longest_from: dict[str, int] = field(default_factory=dict)
    longest_stop: int = 1
    stop_openings: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()

    @classmethod
    def build(cls, groups: Iterable[Iterable[str]], stop_words: Iterable[str]) -> Lexicon:
        """Return the lexicon of groups of words. A group is light when its first word is a stop word."""
        stops = frozenset(word for raw in stop_words if (word := normalise(raw)))
        by_word: dict[str, list[int]] = {}
        by_sound: dict[tuple[int, ...], list[int]] = {}
        light, names = set(), []
        for number, words in enumerate(groups):
            forms = [word for raw in words if (word := normalise(raw).replace(" ", ""))]
            names.append(forms[0] if forms else "")
            if forms and forms[0] in stops:
                light.add(number)
            for word in dict.fromkeys(forms):
                by_word.setdefault(word, []).append(number)
                heard = tuple(map(sound, read_aloud(word))) if all(map(is_han, word)) else ()
                if len(heard) >= FEWEST_SYLLABLES and number not in by_sound.setdefault(heard, []):
                    by_sound[heard].append(number)
        longest_from: dict[str, int] = {}
        for word in by_word:
            longest_from[word[:2]] = max(longest_from.get(word[:2], 0), len(word))
        return cls(
            longest_from=longest_from,
            groups={word: tuple(numbers) for word, numbers in by_word.items()},
            by_sound={heard: tuple(numbers) for heard, numbers in by_sound.items()},
            stop_words=stops,
            stop_openings=frozenset(word[0] for word in stops),
            light_groups=frozenset(light),
            longest_word=max(map(len, by_word), default=1),
            longest_stop=max(map(len, stops), default=1),
            names=tuple(names),
        )

    def concepts(self, run: str) -> list[tuple[int, int, int]]:
        """Return (start, end, group) of the longest known word at each place of a run, none inside a longer one before it."""
        found: list[tuple[int, int, int]] = []
        covered = 0
        groups, longest = self.groups, self.longest_from
        for start in range(len(run)):
            # Most pairs of characters begin no word: one look settles them.
            furthest = min(len(run), start + longest.get(run[start : start + 2], 1))
            for end in range(furthest, max(start, covered), -1):
                numbers = groups.get(run[start:end])
                if numbers is not None:
                    found.extend([(start, end, number) for number in numbers])
                    covered = end
                    break
        return found

    def sounded(self, sounds: Sequence[int]) -> set[int]:
        """Return the groups of the words that sound like a stretch of the sounds, longest first at each place."""
        return {group for _start, _end, groups in self.sounded_at(sounds) for group in groups}

    def sounded_at(self, sounds: Sequence[int]) -> list[tuple[int, int, tuple[int, ...]]]:
        """Return (start, end, groups) of the stretches that sound like a word, longest first at each place.

        Stretches may overlap, none lies in another: in kai gong si there is 开工 as well as 公司.
        """
        found: list[tuple[int, int, tuple[int, ...]]] = []
        covered = 0
        for start in range(len(sounds) - 1):
            for end in range(min(len(sounds), start + self.longest_word), max(start + 1, covered), -1):
                numbers = self.by_sound.get(tuple(sounds[start:end]))
                if numbers:
                    found.append((start, end, numbers))
                    covered = end
                    break
        return found

    def without_stop_words(self, run: str, kept: Iterable[tuple[int, int, int]]) -> str:
        """Return a run without its stop words, except where they are part of a known word of two characters or more."""
        return "".join(run[place] for place in self.telling_places(run, kept))

    def telling_places(self, run: str, kept: Iterable[tuple[int, int, int]]) -> list[int]:
        """Return the places of a run that are left without its stop words, as `without_stop_words` leaves them out."""
        guarded = {place for start, end, _group in kept if end - start > 1 for place in range(start, end)}
        out, start = [], 0
        openings = self.stop_openings
        while start < len(run):
            if start in guarded or run[start] not in openings:
                out.append(start)
                start += 1
                continue
            for end in range(min(len(run), start + self.longest_stop), start, -1):
                if run[start:end] in self.stop_words and guarded.isdisjoint(range(start, end)):
                    start = end
                    break
            else:
                out.append(start)
                start += 1
        return out
