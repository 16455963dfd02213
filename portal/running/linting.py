"""Every check of the code that needs no test: `python -m portal.running.linting` runs them all and names the failed."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from portal.settings.keys import make_keys

PYTHON = sys.executable


def production_environment() -> dict[str, str]:
    """Return what a real deployment would say, with keys made for this moment."""
    keys = make_keys()
    return {
        "DJANGO_SETTINGS_MODULE": "portal.settings.production",
        "SECRET_KEY": keys["secret"],
        "YIJIAN_DATA_KEYS": ",".join(f"{name}:{key}" for name, key in keys["data"].items()),
        "YIJIAN_INDEX_KEY": keys["index"],
        "ALLOWED_HOSTS": "www.example.cn",
        "PUBLIC_URL": "https://www.example.cn",
        "DATABASE_URL": f"postgres://yijian_app:{keys['secret'][:20]}@database.example.cn/yijian?sslmode=verify-full",
        "REDIS_URL": f"rediss://:{keys['secret'][-20:]}@broker.example.cn:6379/0",
        "SEAL_KEY_FILE": "/run/secrets/seal.key.pem",
        "SEAL_CERTIFICATE_FILE": "/run/secrets/seal.crt.pem",
        "DEBUG": "",
    }


def deploy_check() -> list[str]:
    """Return the command that checks production settings; fonts and libraries of this machine do not count."""
    tags = ("security", "urls", "models", "admin", "templates", "staticfiles", "translation", "caches", "files")
    chosen = [part for tag in tags for part in ("--tag", tag)]
    return [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING", *chosen]


CHECKS: dict[str, tuple[list[str], dict[str, str]]] = {
    "style": ([PYTHON, "-m", "ruff", "check", "."], {}),
    "form": ([PYTHON, "-m", "ruff", "format", "--check", "."], {}),
    "types": ([PYTHON, "-m", "mypy"], {}),
    "direction of imports": (["lint-imports"], {}),
    "migrations": (
        [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run", "--settings", "portal.settings.test"],
        {},
    ),
    "production settings": (deploy_check(), production_environment()),
}


def main() -> None:
    failed = []
    path = os.pathsep.join([os.path.dirname(PYTHON), os.environ.get("PATH", "")])
    for name, (command, environment) in CHECKS.items():
        started = time.monotonic()
        done = subprocess.run(  # noqa: S603
            command,
            env=os.environ | {"PATH": path} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        is_good = done.returncode == 0
        print(f"{'ok  ' if is_good else 'FAIL'} {name} ({time.monotonic() - started:.1f} s)", flush=True)  # noqa: T201
        if not is_good:
            print(done.stdout, flush=True)  # noqa: T201
            failed.append(name)
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
