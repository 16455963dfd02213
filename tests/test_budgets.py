"""The table of budgets is read by the measurement: a row that it cannot read would be a budget of nothing."""

from tests.life.budgets import PAGE, budgets, over


def test_each_row_of_the_table_is_a_budget() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| ") and "---" not in line]
    assert len(budgets()) == len(rows) - 1
    assert budgets()["case"] == 10


def test_what_costs_more_than_its_budget_is_named() -> None:
    told = over({"case": {"processor_ms": 40.5}, "queue": {"processor_ms": 5.0}, "login": {"processor_ms": 60.0}})
    assert told == {"case": "40.5 of 10.0"}
