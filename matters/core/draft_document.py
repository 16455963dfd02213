"""What a draft holds, and how two windows editing it are merged without losing anything.

Pure: no Django, no I/O, no clock. The document is plain JSON, sealed as a whole by ``matters.drafts.saving``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Value = str | int | bool | list[str] | None

# How many earlier values of one field are remembered, so that an older window can be compared with what it showed.
TRAIL_LENGTH = 12
# Returned for a field whose value at a revision is no longer known.
UNKNOWN = object()
# Where values come from that nobody but the applicant filled in; what fills in for them has a name of its own.
TYPED = "typed"
ACCOUNT = "account"
ORGANISATION = "organisation"
SHARED = "shared"
EARLIER = "earlier"  # what an office filed and issued before, read by the same office
CERTIFICATE = "certificate"  # what certificates of the applicant's own library say
DECIDED = "decided"  # what departments decided on earlier applications of the same person
# What is known of a person or an organisation by their number, and what says who that is.
GRANTED = "granted"  # what granted parts decided, where the rest of their application goes on
_OF_SOMEBODY = frozenset({SHARED, DECIDED})
NUMBERS = frozenset({"person.id_number", "company.credit_code"})
STATED = NUMBERS | {"person.name", "person.id_kind", "company.name"}
# Why what a source says is shown and not filled in: sources differ, it is to be confirmed, it is not of the kind that is asked for.
DIFFERS, CONFIRM, INVALID = "differs", "confirm", "invalid"


@dataclass(slots=True)
class DraftDocument:
    """The contents of a draft.

    ``values``: field key → what was typed (normalised only when the form is checked, so that bad input is not lost).
    ``trail``: field key → [[revision that changed it, value before], …], oldest first.
    ``known``: field key → {"value", "source"} filled in for the applicant, not by them; of a ``shared`` one also which ``register`` said it,
    its ``name``, ``day``, ``fetch`` and ``subject``; of a ``certificate`` one its ``name``, ``serial``, ``day`` and the ``certificate``;
    of an ``earlier`` one the decision it is from. It stays beside a value that was changed since.
    ``told``: field key → what sources say that is not filled in, each as in ``known`` and ``why``.
    ``is_blank``: the applicant fills in everything themselves.
    ``consents``: consent key → moment of agreement (ISO 8601).
    ``commitments``: paper → {"at", "text", "document"}: the words of the commitment (告知承诺) that stands in for it, when they were
    ticked, and the whole document that they stand in (not of drafts from before it was kept).
    ``reused``: paper → {"at", "part", "files", "until"}: which files of an earlier application the applicant takes for it, by the part
    that was granted on them.
    """

    values: dict[str, Value] = field(default_factory=dict)
    trail: dict[str, list[list[Any]]] = field(default_factory=dict)
    known: dict[str, dict[str, Any]] = field(default_factory=dict)
    told: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    is_blank: bool = False
    consents: dict[str, str] = field(default_factory=dict)
    commitments: dict[str, dict[str, Any]] = field(default_factory=dict)
    reused: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | None) -> DraftDocument:
        stored = stored or {}
        return cls(
            values=dict(stored.get("values", {})),
            trail={key: list(steps) for key, steps in stored.get("trail", {}).items()},
            known=dict(stored.get("known", {})),
            told=dict(stored.get("told", {})),
            is_blank=bool(stored.get("is_blank")),
            consents=dict(stored.get("consents", {})),
            commitments=dict(stored.get("commitments", {})),
            reused=dict(stored.get("reused", {})),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "values": self.values,
            "trail": self.trail,
            "known": self.known,
            "told": self.told,
            "is_blank": self.is_blank,
            "consents": self.consents,
            "commitments": self.commitments,
            "reused": self.reused,
        }

    def value_at(self, key: str, revision: int) -> Any:
        """Return the field's value as it stood at ``revision``, or ``UNKNOWN`` when that is too long ago."""
        steps = self.trail.get(key, [])
        later = [step for step in steps if step[0] > revision]
        if not later:
            return self.values.get(key)
        if len(later) == len(steps) and len(steps) >= TRAIL_LENGTH:
            return UNKNOWN
        return later[0][1]

    def changed_since(self, revision: int) -> dict[str, Value]:
        """Return the fields that changed after ``revision``, with their present values."""
        return {
            key: self.values.get(key) for key, steps in self.trail.items() if any(step[0] > revision for step in steps)
        }

    def put(self, key: str, value: Value, revision: int) -> bool:
        """Set a value and remember the one before; return whether anything changed."""
        before = self.values.get(key)
        if is_same(before, value):
            return False
        steps = self.trail.setdefault(key, [])
        if not steps or steps[-1][0] != revision:
            steps.append([revision, before])
        del steps[:-TRAIL_LENGTH]
        self.values[key] = value
        return True

    def merge(self, typed: Mapping[str, Value], *, seen: int, revision: int) -> tuple[bool, dict[str, Value]]:
        """Take over what a window that showed revision ``seen`` sends, as revision ``revision``.

        Returns (anything changed, conflicts): a field that this window changed and another window changed
        since is left as it is stored and named with its stored value. A field that this window merely still
        shows as it was is not taken for a change.
        """
        changed = False
        conflicts: dict[str, Value] = {}
        for key, value in typed.items():
            stored = self.values.get(key)
            if is_same(stored, value):
                continue
            shown = self.value_at(key, seen)
            if shown is not UNKNOWN and is_same(shown, stored):
                changed |= self.put(key, value, revision)
            elif is_same(shown, None) and self._is_filled_in(key):
                changed |= self.put(key, value, revision)  # what was typed meanwhile goes before what was found
            elif shown is UNKNOWN or not is_same(shown, value):
                conflicts[key] = stored
        return changed, conflicts

    def fill(
        self,
        facts: Mapping[str, Value],
        source: str,
        revision: int,
        told: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> bool:
        """Fill in what a source knows where nothing was typed yet, and take back what it filled in and no longer says, as ``revision``.

        A fact belongs to one person: where the applicant no longer plays the role, what their account said there goes, and what was
        typed stays. ``told``: what else is known of a fact. Returns whether anything changed.
        """
        changed = self._withdraw([key for key in self._filled_by(source) if key not in facts], revision)
        for key, value in {} if self.is_blank else facts.items():
            earlier = self.known.get(key)
            if earlier is not None and earlier["source"] != source and self.is_known(key):
                continue
            if key in self.values and (earlier is None or not is_same(self.values[key], earlier["value"])):
                continue
            changed |= self.put(key, value, revision)
            if earlier is None or not is_same(earlier["value"], value):
                self.known[key] = {**(told or {}).get(key, {}), "value": value, "source": source}
                changed = True
        return changed

    def fix(self, facts: Mapping[str, Value], source: str, revision: int) -> bool:
        """Let a source alone say these fields, whatever was typed there before; return whether anything changed. See `fill`."""
        changed = self._withdraw([key for key in self._filled_by(source) if key not in facts], revision)
        for key, value in facts.items():
            if (
                not self.is_known(key)
                or not is_same(self.values.get(key), value)
                or self.known[key]["source"] != source
            ):
                self.put(key, value, revision)
                self.known[key] = {"value": value, "source": source}
                changed = True
        return changed

    def fill_earlier(self, facts: Mapping[str, Mapping[str, Any]], revision: int) -> bool:
        """Fill in what an office knows of an earlier case of its own where nothing stands yet; return whether anything changed.

        ``facts``: field key → {"value", "name", "name_en", "day"}: whose record it is, and of which day.
        """
        changed = False
        for key, fact in facts.items():
            if key not in self.known and is_same(self.values.get(key), None):
                changed |= self.put(key, fact["value"], revision)
                self.known[key] = {**fact, "source": EARLIER}
        return changed

    def fill_granted(self, facts: Mapping[str, Mapping[str, Any]], revision: int) -> bool:
        """Fill in what granted parts decided of the application whose rest this is; return whether anything changed. It stands whatever is there.

        ``facts``: field key → as in ``known`` of a ``decided`` one.
        """
        for key, fact in facts.items():
            self.put(key, fact["value"], revision)
            self.known[key] = {**fact, "source": GRANTED}
        return bool(facts)

    def fill_shared(
        self, facts: Mapping[str, Mapping[str, Any]], told: Mapping[str, list[dict[str, Any]]], revision: int
    ) -> bool:
        """Fill in what sources say (as in ``known``), and take back what none says any more. What was typed stays, with what they say beside it.

        Returns whether anything changed.
        """
        facts, told = ({}, {}) if self.is_blank else (dict(facts), dict(told))
        for key, said in list(told.items()):
            same = next((each for each in said if self._is_confirmed(key, each)), None)
            if same is not None:
                facts[key] = {name: value for name, value in same.items() if name != "why"} | {"is_confirmed": True}
                del told[key]
        changed = self._withdraw([key for key in self._filled_by(SHARED) if key not in facts], revision)
        for key, fact in facts.items():
            earlier = self.known.get(key)
            if earlier is not None and earlier["source"] != SHARED:
                continue
            if self.is_known(key) or is_same(self.values.get(key), None):
                changed |= self.put(key, fact["value"], revision)
            if earlier != {**fact, "source": SHARED}:
                self.known[key] = {**fact, "source": SHARED}
                changed = True
        if self.told != told:
            self.told = told
            changed = True
        return changed

    def take(self, key: str, fetch: str, revision: int) -> bool:
        """Fill in what was told and not filled in, as the applicant says that it is so; return whether there is such a thing."""
        for each in self.told.get(key, []):
            if each["fetch"] == fetch and each["why"] != INVALID:
                self.put(key, each["value"], revision)
                fact = {name: value for name, value in each.items() if name != "why"}
                self.known[key] = {**fact, "is_confirmed": True, "source": SHARED}
                del self.told[key]
                return True
        return False

    def empty(self, revision: int) -> bool:
        """Take back everything that was filled in for the applicant, and fill in nothing more; what they typed or changed stays, and which
        organisation it is applied for."""
        self.is_blank, self.told = True, {}
        taken_back = [key for key, fact in self.known.items() if fact["source"] != ORGANISATION]
        return self._withdraw(taken_back, revision) or True

    def forget_replaced(self, revision: int) -> bool:
        """Take back what is known of whom the form named before, once it gives the number of somebody else; return whether anything changed.

        The number and name that were known stay beside what was typed. A number that is not whole yet replaces nobody.
        """
        replaced = {
            key.partition(":")[0]
            for key, fact in self.known.items()
            if fact["source"] in _OF_SOMEBODY
            and key.partition(":")[2] in NUMBERS
            and not self.is_known(key)
            and len(str(self.values.get(key) or "").strip()) >= len(str(fact["value"]))
        }
        return self._withdraw(
            [
                key
                for key, fact in self.known.items()
                if fact["source"] in _OF_SOMEBODY
                and key.partition(":")[0] in replaced
                and key.partition(":")[2] not in STATED
            ],
            revision,
        )

    def rename(self, new_name: Callable[[str], str], revision: int) -> None:
        """Move every value to the key that ``new_name`` gives for its own, as ``revision``: other windows hear of it field by field."""
        values = {new_name(key): value for key, value in self.values.items()}
        for key in [*self.values, *values]:
            self.put(key, values.get(key), revision)
        self.values = values
        self.known = {new_name(key): fact for key, fact in self.known.items()}
        self.told = {new_name(key): said for key, said in self.told.items()}

    def source_of(self, key: str) -> str:
        """Return who a value comes from: ``typed``, the source that filled it in (``account`` …), or "" where there is none."""
        if is_same(self.values.get(key), None):
            return ""
        return str(self.known[key]["source"]) if self.is_known(key) else TYPED

    def is_known(self, key: str) -> bool:
        """Whether the field still holds what was filled in for the applicant."""
        fact = self.known.get(key)
        return fact is not None and is_same(self.values.get(key), fact["value"])

    def _is_filled_in(self, key: str) -> bool:
        """Whether the field holds what a source said."""
        return self.is_known(key) and self.known[key]["source"] == SHARED

    def _is_confirmed(self, key: str, said: Mapping[str, Any]) -> bool:
        """Whether the applicant confirmed what a source says."""
        known = self.known.get(key)
        if known is None or not known.get("is_confirmed") or said["why"] == INVALID:
            return False
        return bool(known["register"] == said["register"] and is_same(known["value"], said["value"]))

    def _filled_by(self, source: str) -> list[str]:
        return [key for key, fact in self.known.items() if fact["source"] == source]

    def _withdraw(self, keys: Iterable[str], revision: int) -> bool:
        withdrawn = False
        for key in keys:
            if self.is_known(key):
                self.put(key, None, revision)
                del self.values[key]
            del self.known[key]
            withdrawn = True
        return withdrawn


def is_same(left: Any, right: Any) -> bool:
    """Whether two typed values mean the same entry: nothing, an empty text and an empty list are one, and so are a number and its digits.

    A source answers 40 and a form sends "40": that nobody changed.
    """
    if left in (None, "", []) and right in (None, "", []):
        return True
    if {type(left), type(right)} == {int, str}:
        return str(left) == str(right)
    return type(left) is type(right) and bool(left == right)
