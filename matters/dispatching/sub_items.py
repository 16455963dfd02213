"""How sub-items come into being: the one statement that writes them, when a bundle is submitted and when one is missing."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from typing import Any

from catalog.merging.planned import PlannedItem
from matters.core.numbering import sub_item_number
from matters.core.states import State
from portal.lib.uuid7 import uuid7

INSERT_SUB_ITEMS = """
INSERT INTO matters_subitem
       (id, bundle_id, key, number, name, department_id, after, state, state_since, promised_limit_days, limit_unit)
SELECT new.id, new.bundle, new.key, new.number, new.name, department.id, new.after, %(waiting)s,
       coalesce(%(now)s::timestamptz, statement_timestamp()), new.days, new.unit
  FROM unnest(%(ids)s::uuid[], %(bundles)s::uuid[], %(keys)s::text[], %(numbers)s::text[], %(names)s::text[],
              %(departments)s::text[], %(afters)s::jsonb[], %(days)s::int[], %(units)s::text[])
       AS new (id, bundle, key, number, name, department, after, days, unit)
  LEFT JOIN catalog_department department ON department.code = new.department
"""


def sub_item_columns(planned: Iterable[tuple[uuid.UUID, str, int, PlannedItem]]) -> dict[str, Any]:
    """Return the parameters of ``INSERT_SUB_ITEMS`` but ``now``, from (bundle id, its number, place from 1, item)."""
    rows = list(planned)
    items = [item for *_bundle, item in rows]
    return {
        "waiting": State.WAITING.value,
        "ids": [str(uuid7()) for _row in rows],
        "bundles": [str(bundle_id) for bundle_id, *_rest in rows],
        "keys": [item.key for item in items],
        "numbers": [sub_item_number(number, place) for _bundle, number, place, _item in rows],
        "names": [item.name for item in items],
        "departments": [item.department for item in items],
        "afters": [json.dumps(item.after) for item in items],
        "days": [item.promised_limit_days for item in items],
        "units": [item.limit_unit for item in items],
    }
