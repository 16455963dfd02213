"""The browser shows exactly the fields the server would."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path

from tests.catalog.merging.random_catalogs import random_answers, random_values, sound_catalog
from tests.catalog.rules.test_rules import in_node

SCRIPT = Path(__file__).parents[3] / "static/js/visibility.js"
RUN = f"""
import {{ readFileSync }} from "node:fs";
const {{ state }} = await import({json.dumps(SCRIPT.as_uri())});
const cases = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map(([program, values]) => {{
  const {{ visible, required }} = state(program, values);
  return [[...visible].sort(), [...required].sort()];
}})));
"""


def test_it_shows_and_requires_the_same_fields_as_the_server() -> None:
    cases, expected = [], []
    for seed in range(150):
        _, matter = sound_catalog(seed)
        pick = random.Random(seed)
        answers = random_answers(pick, matter)
        plan = matter.plan_for(answers)
        # What a form holds while it is filled in: values in the form's own notation.
        values, _ = plan.clean(random_values(pick, matter, answers), date(2025, 6, 1))
        shown = {key: str(value).lower() if isinstance(value, bool | int) else value for key, value in values.items()}
        cases.append([plan.browser_rules(), shown])
        expected.append([sorted(plan.visible(values)), sorted(plan.required(values))])
    assert in_node(RUN, cases) == expected
