"""Ask the web server beside us whether it is ready: `python -m portal.running.probe` exits 0 if it is."""

from __future__ import annotations

import os
import sys
from urllib.error import URLError
from urllib.request import Request, urlopen

ADDRESS = "http://127.0.0.1:8000/readyz"


def main() -> None:
    """Ask under one of the site's own names: any other is refused."""
    host = os.environ.get("ALLOWED_HOSTS", "127.0.0.1").split(",")[0].strip().removeprefix(".")
    try:
        with urlopen(Request(ADDRESS, headers={"Host": host}), timeout=2) as answer:
            sys.exit(0 if answer.status == 200 else 1)
    except (URLError, OSError):
        sys.exit(1)


if __name__ == "__main__":
    main()
