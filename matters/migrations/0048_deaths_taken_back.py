"""A death that was recorded wrongly and taken back keeps nobody from what is done in the person's name."""

from __future__ import annotations

from importlib import import_module
from typing import ClassVar

from django.db import migrations

_BEFORE = import_module("matters.migrations.0042_no_act_after_a_mandate").GUARD
_START = _BEFORE.index("FUNCTION matters_mandated()")
_ANY_DEATH = "CREATE OR REPLACE " + _BEFORE[_START : _BEFORE.index("END $$;", _START) + len("END $$;")]
_STANDING = _ANY_DEATH.replace(
    "EXISTS (SELECT FROM accounts_death d WHERE d.person_id = NEW.applicant_id)", "accounts_is_dead(NEW.applicant_id)"
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0019_two_officers_stay"), ("matters", "0047_policies_replaced_by_a_later_one")]

    operations: ClassVar = [migrations.RunSQL(_STANDING, _ANY_DEATH)]
