"""One operation that creates all tables of an app, for migrations that stand for many.

`CreateModel` after `CreateModel`, Django renders the models anew for each and for every index and constraint that follows: the first
migrations of this project took more than a minute of processor so, and every test run and every new installation paid it twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState


class CreateModels(Operation):
    """Create these models together; foreign keys among them may form a circle.

    The state takes all of them before it is rendered, once. Reversible: the tables go in the opposite order.
    """

    category = OperationCategory.ADDITION
    serialization_expand_args = ["models"]  # noqa: RUF012

    def __init__(self, models: Sequence[CreateModel]) -> None:
        """Take the models in the order in which their tables are created."""
        self.models = models

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Add the models to the state, which forgets what it has rendered."""
        # A cached property that Django itself drops in the same way (`ProjectState.clear_delayed_apps_cache`).
        state.__dict__.pop("apps", None)
        for model in self.models:
            model.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Create the tables; their foreign keys follow when all are there."""
        for model in self.models:
            model.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drop the tables, last first."""
        for model in reversed(self.models):
            model.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """Say what is created."""
        return f"Create {len(self.models)} models"
