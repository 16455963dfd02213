"""Small patterns of a, b and c, and the texts that are short enough to try them all."""

from __future__ import annotations

import itertools

from hypothesis import strategies as st

_ATOMS = st.sampled_from(["a", "b", "[ab]", "[^a]", ".", "ab"])
PATTERNS = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=2).map(lambda two: f"({two[0]}|{two[1]})"),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{2}", "{0,2}"])).map(lambda two: f"({two[0]}){two[1]}"),
    ),
    max_leaves=5,
)
TEXTS = ["".join(each) for length in range(5) for each in itertools.product("abc", repeat=length)]
