"""Make this folder ready to run: the virtual environment from the lock, and what the system must bring.

Run by the Makefile with the system's Python (3.11 or newer) and nothing else: `prepare.py [--tests]`. Quick when
there is nothing to do; needs no network then.
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
VENV = PROJECT / ".venv"
STAMP = VENV / "installed-from"
UV_VENV = PROJECT / ".uv"

UV_SETTINGS = {
    "UV_PYTHON_DOWNLOADS": "never",
    "UV_PROJECT_ENVIRONMENT": str(VENV),
    "UV_SYSTEM_CERTS": "true",  # networks that look into TLS have their authority in the system's store
    "UV_NATIVE_TLS": "true",  # the same, to a uv of before 2026
}
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz.so.0": "libharfbuzz0b",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",  # without it a certificate takes seconds instead of moments
}
FONTS = {"NotoSerifCJK": "fonts-noto-cjk", "HanaMinA": "fonts-hanazono"}
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts", "~/Library/Fonts")
TEST_PROGRAMS = {
    "chromium chromium-browser google-chrome": "chromium",
    "pdftoppm": "poppler-utils",
    "pdfsig": "poppler-utils",
}


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


# The virtual environment


def fingerprint(tests: bool) -> str:
    """Name what is to be installed: the lock, the Python, and whether the tests' tools belong to it."""
    digest = hashlib.sha256((PROJECT / "uv.lock").read_bytes())
    digest.update((PROJECT / "pyproject.toml").read_bytes())
    digest.update(f"{sys.version_info[:2]} {VENV}".encode())
    return f"{digest.hexdigest()} {'tests' if tests else 'run'}"


def is_installed(tests: bool) -> bool:
    if not STAMP.exists() or not works([str(VENV / "bin" / "python"), "-c", "import django"]):
        return False
    return STAMP.read_text() in {fingerprint(tests), fingerprint(True)}


def install(tests: bool) -> None:
    """Bring the virtual environment to the state of `uv.lock`."""
    if VENV.exists() and not works([str(VENV / "bin" / "python"), "-c", "import sys"]):
        shutil.rmtree(VENV)  # made by a Python that is gone
    STAMP.unlink(missing_ok=True)
    sync = [find_uv(), "sync", "--locked", "--quiet", "--python", sys.executable]
    say("Installing the packages of uv.lock into .venv …")
    if not works([*sync, *([] if tests else ["--no-dev", "--inexact"])], quiet=False):
        sys.exit("\nThe packages could not be installed. If the network is down, try again when it is back.\n")
    STAMP.write_text(fingerprint(tests))


def find_uv() -> str:
    """Return uv: the system's, or one from PyPI in a folder of its own."""
    own = str(UV_VENV / "bin" / "uv")
    for candidate in (shutil.which("uv"), own):
        if candidate and works([candidate, "--version"]):
            return candidate
    say("Fetching uv, the installer …")
    shutil.rmtree(UV_VENV, ignore_errors=True)
    make_venv = [sys.executable, "-m", "venv", str(UV_VENV)]
    # Debian keeps the module for virtual environments in a package of its own.
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if not works(make_venv) and not (apt_install([package]) and works(make_venv)):
        sys.exit(
            f"\nThis Python lacks its venv module. Install it and try again:\n\n    sudo apt-get install {package}\n"
        )
    pip = [str(UV_VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if not works([*pip, "uv>=0.9"], quiet=False):
        sys.exit(
            "\nuv could not be fetched from PyPI. If the network is down, try again when it is back; else install it as\n"
            "https://docs.astral.sh/uv/getting-started/installation/ says, so that `uv` is found.\n"
        )
    return own


def works(command: Sequence[str], *, quiet: bool = True) -> bool:
    """Run a command, without what would point it at another virtual environment; say whether it succeeded."""
    unwanted = {"VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "UV_PROJECT_ENVIRONMENT", "CONDA_PREFIX"}
    environment = {name: value for name, value in os.environ.items() if name not in unwanted} | UV_SETTINGS
    nothing = subprocess.DEVNULL
    try:
        done = subprocess.run(  # noqa: S603
            command, cwd=PROJECT, env=environment, capture_output=quiet, stdin=nothing, check=False
        )
    except OSError:
        return False
    return done.returncode == 0


# What the system must bring


def missing_parts(tests: bool) -> list[str]:
    """Return the Debian packages of the libraries, fonts and programs that are not there."""
    missing = [package for library, package in LIBRARIES.items() if not loads(library)]
    missing += [package for font, package in FONTS.items() if not has_font(font)]
    if tests:
        missing += [package for names, package in TEST_PROGRAMS.items() if not any(map(shutil.which, names.split()))]
    return list(dict.fromkeys(missing))


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_font(name: str) -> bool:
    return any(next(Path(folder).expanduser().rglob(f"{name}*"), None) for folder in FONT_FOLDERS)


def provide_parts(tests: bool, *, may_install: bool) -> None:
    """Install what is missing where we may; else print the line that does, and go on."""
    missing = missing_parts(tests)
    if missing and may_install and apt_install(missing):
        missing = missing_parts(tests)
    if not missing:
        return
    effects = []
    if any(package in missing for package in (*LIBRARIES.values(), *FONTS.values())):
        effects.append("certificates cannot be rendered as they should be")
    if any(package in missing for package in TEST_PROGRAMS.values()):
        effects.append("the tests in a browser are skipped")
    say(
        f"\nMissing on this system: {' '.join(missing)} ({'; '.join(effects)}). Install with:\n\n"
        f"    sudo apt-get install {' '.join(missing)}\n"
    )


def apt_install(packages: list[str]) -> bool:
    """Install Debian packages if we are root or may become root without a password."""
    become_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or not works([*become_root, "true"]):
        return False
    say(f"Installing system parts: {' '.join(packages)} …")
    apt = [*become_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    install_them = [*apt, "install", "--yes", "--no-install-recommends", *packages]
    return works(install_them) or (works([*apt, "update"]) and works(install_them))


def main() -> None:
    parser = argparse.ArgumentParser(description="Make this folder ready to run.")
    parser.add_argument("--tests", action="store_true", help="also what the tests need")
    tests: bool = parser.parse_args().tests
    with (PROJECT / ".prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two `make` in the same folder prepare it one after the other
        is_new = not is_installed(tests)
        if is_new:
            install(tests)
        # What could not be had once is only named from then on: no network is waited for at every start.
        provide_parts(tests, may_install=is_new)


if __name__ == "__main__":
    main()
