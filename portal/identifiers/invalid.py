"""What can be wrong with an identifier. Pure."""

from __future__ import annotations

from typing import Any


class InvalidIdentifier(ValueError):
    """A text cannot be the identifier it was given for; ``portal.lib.identifier_wording.sentence`` says it in words.

    Codes: ``empty``; ``wrong_length`` (expected, actual); ``old_number``; ``unexpected_character`` (character, position from 1,
    and likely: what was probably meant, or ""); ``unknown_region`` (region); ``impossible_date`` (date); ``future_date`` (date);
    ``check_digit``; ``organisation_check_digit``; ``residence_permit_instead``; ``not_a_permit``; ``wrong_shape`` (example);
    ``too_long`` (maximum, actual); ``digit``, ``symbol``, ``letter``, ``private_character`` (character, position); ``edge_separator`` (character);
    ``outside_table`` (character); ``not_mobile``; ``unknown_phone``; ``card_check_digit``. Of divisions (``catalog.wording.problems`` says these):
    ``not_a_division``; ``division_ambiguous``, ``division_too_wide`` (typed, candidates).
    """

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params
        super().__init__(f"{code} {params}" if params else code)
