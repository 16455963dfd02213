"""Orders, rings and longest paths."""

from __future__ import annotations

from catalog.merging.graph import cycles, in_order, least_schedule, reaches, schedule


def test_it_orders_by_what_waits_for_what_and_otherwise_as_given() -> None:
    assert in_order(["c", "b", "a"], {"c": ["a"], "b": []}) == ["b", "a", "c"]
    assert in_order(["a", "b"], {"a": ["elsewhere"]}) == ["a", "b"]
    assert in_order(["x", "a", "b"], {"a": ["b"], "b": ["a"], "x": ["a"]}) == ["x", "a", "b"]
    assert in_order([], {}) == []


def test_it_finds_rings_and_who_is_in_them() -> None:
    edges = {"a": ["b"], "b": ["c"], "c": ["a", "d"], "d": [], "e": ["e"], "f": ["a"]}
    assert cycles(list("abcdef"), edges) == [("a", "b", "c"), ("e",)]
    assert cycles(list("abdef"), edges) == [("e",)]
    assert reaches("f", "d", edges)
    assert not reaches("d", "a", edges)
    assert not reaches("d", "d", edges)


def test_it_schedules_the_longest_path() -> None:
    days = {"a": 1, "b": 3, "c": 1, "d": 10}
    plan = schedule(list("abcd"), {"b": ["a"], "c": ["a", "b"], "d": []}, days)
    assert plan.starts == {"a": 0, "b": 1, "c": 4, "d": 0}
    assert plan.ends == {"a": 1, "b": 4, "c": 5, "d": 10}
    assert plan.slack == {"a": 5, "b": 5, "c": 5, "d": 0}
    assert (plan.path, plan.length) == (("d",), 10)
    chain = schedule(list("abcd"), {"b": ["a"], "c": ["a", "b"], "d": []}, {**days, "d": 4})
    assert (chain.path, chain.length) == (("a", "b", "c"), 5)
    assert chain.slack == {"a": 0, "b": 0, "c": 0, "d": 1}
    tied = schedule(["p", "q"], {}, {"p": 2, "q": 2})
    assert tied.path == ("p",)
    assert schedule([], {}, {}).length == 0
    assert schedule([], {}, {}).path == ()
    loop = schedule(["a", "b"], {"a": ["b"], "b": ["a"]}, {"a": 1, "b": 2})
    assert loop.length == 3  # a ring never reaches a plan, but nothing hangs


def test_what_is_not_known_takes_less_than_a_day_and_not_nothing() -> None:
    found = least_schedule({"a": None, "b": None, "c": 2, "d": 1}, {"b": ["a"], "d": ["b"]})
    assert found.path == ("c",)
    assert found.length == 2
    assert (found.starts["b"], found.ends["b"], found.starts["d"], found.ends["d"]) == (0, 0, 0, 1)
    assert least_schedule({"a": None, "b": None}, {"b": ["a"]}).path == ("a", "b")
    assert least_schedule({"a": None, "b": 3, "c": 3}, {"b": ["a"]}).path == ("a", "b")
    known = least_schedule({"a": 1, "b": 3}, {"b": ["a"]})
    assert known == schedule(["a", "b"], {"b": ["a"]}, {"a": 1, "b": 3})
    assert least_schedule({}, {}).length == 0
