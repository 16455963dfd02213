"""What takes seconds is made once for a whole run: by the worker that needs it first, while others that need it wait."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection


@contextmanager
def locked(name: str) -> Iterator[Path]:
    """Hold a lock of this run; yield the path of what it guards, in the folder that is thrown away with the run."""
    folder = Path(os.environ["YIJIAN_TEST_RUN"]) / "once"
    folder.mkdir(exist_ok=True)
    with (folder / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # let go when the file is closed, or the process killed
        yield folder / name


def once_a_run(name: str, make: Callable[[], Any]) -> Any:
    """Return what ``make`` returns, as JSON has it; made by one of the workers for all."""
    with locked(name) as kept:
        if not kept.exists():
            new = kept.with_suffix(".new")
            new.write_text(json.dumps(make()), encoding="utf-8")
            new.rename(kept)
    return json.loads(kept.read_text(encoding="utf-8"))


def migrated_template() -> str:
    """Return a database with every migration applied, which each worker copies: they take ten times as long as the copy."""
    test = connection.settings_dict["TEST"]
    names = connection.settings_dict["NAME"], test["NAME"]
    template = f"test_template_{names[0]}"
    with locked("template") as made:
        if not made.exists():
            test["NAME"] = template
            try:
                connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
                connection.close()  # a database that somebody is connected to is not copied
            finally:
                settings.DATABASES[connection.alias]["NAME"] = connection.settings_dict["NAME"] = names[0]
                test["NAME"] = names[1]
            made.touch()
    return template


def drop_template() -> None:
    """Remove the template from a server that outlives the run; our own server is thrown away with all its data."""
    if "DATABASE_URL" not in os.environ or "YIJIAN_TEST_RUN" not in os.environ:
        return
    with locked("template") as made:
        if made.exists():
            made.unlink()
            connection.close()
            with connection.creation._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS test_template_{connection.settings_dict['NAME']}")
