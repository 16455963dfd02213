"""Collect the static files for an image: production's names and compression, without production's secrets."""

from __future__ import annotations

import os
import subprocess
import sys

from portal.running.linting import production_environment


def main() -> None:
    """Run `collectstatic` with keys that exist for this moment only."""
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    sys.exit(subprocess.run(command, env=os.environ | production_environment(), check=False).returncode)  # noqa: S603


if __name__ == "__main__":
    main()
