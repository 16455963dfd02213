"""Keys: made once for a newcomer's machine, printed for whoever sets up a real one.

`python -m portal.settings.keys` prints fresh ones in the form of `.env`.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path
from typing import TypedDict


class Keys(TypedDict):
    """`data` names the keys that seal, current first; `index` finds what is sealed. Base64 of 32 bytes each."""

    secret: str
    data: dict[str, str]
    index: str


def make_keys() -> Keys:
    """Return fresh keys from the system's randomness."""
    return {
        "secret": secrets.token_urlsafe(64),
        "data": {f"k{secrets.token_hex(3)}": _key()},
        "index": _key(),
    }


def development_keys(var: Path) -> Keys:
    """Return the keys kept in `var/keys`, made on first use, readable by their owner alone.

    Several processes may be first at once: the first complete file wins, by a link that does not overwrite.
    """
    file = var / "keys" / "development.json"
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.parent.chmod(0o700)
        new = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            json.dump(make_keys(), stream, indent=2)
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(new, file)
        except FileExistsError:
            pass
        finally:
            new.unlink()
    found: Keys = json.loads(file.read_text())
    return found


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def main() -> None:
    keys = make_keys()
    print(f"SECRET_KEY={keys['secret']}")  # noqa: T201
    print(f"YIJIAN_DATA_KEYS={','.join(f'{name}:{key}' for name, key in keys['data'].items())}")  # noqa: T201
    print(f"YIJIAN_INDEX_KEY={keys['index']}")  # noqa: T201


if __name__ == "__main__":
    main()
