"""Make this folder ready to run: the virtual environment from the lock, and what the system must bring.

Run by the Makefile with the system's Python (3.11 or newer) and nothing else: `prepare.py [--tests]`. Quick when
there is nothing to do; needs no network then.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
VENV = PROJECT / ".venv"
STAMP = VENV / "installed-from"
UV_VENV = PROJECT / ".uv"
APT_FAILED = VENV / "apt-failed"

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
FONTS = {"Noto Serif CJK SC": "fonts-noto-cjk", "HanaMinA": "fonts-hanazono"}
TEST_PROGRAMS = {"chromium": "chromium", "pdftoppm": "poppler-utils", "pdfsig": "poppler-utils"}


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def stop(text: str) -> None:
    sys.exit(f"\n{text}\n")


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
    uv = find_uv()
    if uv is not None:
        say("Installing the packages of uv.lock into .venv …")
        done = subprocess.run(  # noqa: S603
            [
                uv,
                "sync",
                "--locked",
                "--quiet",
                "--python",
                sys.executable,
                *([] if tests else ["--no-dev", "--inexact"]),
            ],
            cwd=PROJECT,
            env=clean_environment() | UV_SETTINGS,
            check=False,
        )
        if done.returncode != 0:
            stop("The packages could not be installed. If the network is down, try again when it is back.")
    else:
        install_with_pip(tests)
    STAMP.write_text(fingerprint(tests))


def install_with_pip(tests: bool) -> None:
    """Install the same versions, checked by the same hashes, where there is no uv for this machine."""
    requirements = PROJECT / "requirements" / ("tests.txt" if tests else "run.txt")
    say(f"Installing {requirements.relative_to(PROJECT)} into .venv with pip …")
    make_venv(VENV)
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if not works([*pip, "--require-hashes", "-r", str(requirements)], quiet=False):
        stop("The packages could not be installed. If the network is down, try again when it is back.")


def find_uv() -> str | None:
    """Return uv: the system's, or one from PyPI in a folder of its own; None where it cannot be had."""
    own = UV_VENV / "bin" / "uv"
    for candidate in (shutil.which("uv"), str(own)):
        if candidate and works([candidate, "--version"]):
            return candidate
    say("Fetching uv, the installer …")
    options = ["install", "--quiet", "--disable-pip-version-check", "--target", str(UV_VENV), "uv>=0.9"]
    if works([sys.executable, "-m", "pip", *options]) and works([str(own), "--version"]):
        return str(own)
    make_venv(UV_VENV)
    pip = [str(UV_VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if works([*pip, "uv>=0.9"]) and works([str(own), "--version"]):
        return str(own)
    return None


def make_venv(folder: Path) -> None:
    """Create a virtual environment with pip. Debian keeps the module for it in a package of its own."""
    if works([str(folder / "bin" / "python"), "-m", "pip", "--version"]):
        return
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "venv", str(folder)]
    if works(command):
        return
    shutil.rmtree(folder, ignore_errors=True)
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if apt_install([package, "python3-venv"]) and works(command):
        return
    stop(
        "A virtual environment cannot be made, because this Python lacks its venv module. Install it and try again:\n\n"
        f"    sudo apt-get install python3-venv {package}"
    )


def works(command: Sequence[str], *, quiet: bool = True) -> bool:
    """Run a command and say whether it succeeded."""
    try:
        return (
            subprocess.run(  # noqa: S603
                command, env=clean_environment(), capture_output=quiet, stdin=subprocess.DEVNULL, check=False
            ).returncode
            == 0
        )
    except OSError:
        return False


def clean_environment() -> dict[str, str]:
    """Return the environment without what would point tools at another virtual environment."""
    unwanted = {"VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "UV_PROJECT_ENVIRONMENT", "CONDA_PREFIX"}
    return {name: value for name, value in os.environ.items() if name not in unwanted}


# What the system must bring


def missing_parts(tests: bool) -> list[str]:
    """Return the Debian packages of the libraries, fonts and programs that are not there."""
    missing = [package for library, package in LIBRARIES.items() if not loads(library)]
    known = known_fonts()
    missing += [package for font, package in FONTS.items() if font not in known]
    if tests:
        missing += [package for program, package in TEST_PROGRAMS.items() if not has_program(program)]
    return list(dict.fromkeys(missing))


def has_program(name: str) -> bool:
    alternatives = {"chromium": ("chromium", "chromium-browser", "google-chrome")}
    return any(shutil.which(program) for program in alternatives.get(name, (name,)))


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def known_fonts() -> str:
    """Return the names of the installed fonts, as fontconfig knows them."""
    if not shutil.which("fc-list"):
        return " ".join(str(path) for path in Path("/usr/share/fonts").glob("**/*")).replace(
            "NotoSerifCJK", "Noto Serif CJK SC"
        )
    return subprocess.run(
        ["fc-list", ":", "family"],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def provide_parts(tests: bool) -> None:
    """Install what is missing where we may; else print the line that does, and go on."""
    missing = missing_parts(tests)
    if not missing:
        return
    if not was_tried_lately(missing) and apt_install(missing):
        missing = missing_parts(tests)
    if not missing:
        return
    if VENV.exists():
        APT_FAILED.write_text(" ".join(missing))
    effects = []
    if any(package in missing for package in (*LIBRARIES.values(), *FONTS.values())):
        effects.append("certificates cannot be rendered as they should be")
    if any(package in missing for package in TEST_PROGRAMS.values()):
        effects.append("the tests in a browser are skipped")
    say(
        f"\nMissing on this system: {' '.join(missing)} ({'; '.join(effects)}). Install with:\n\n"
        f"    sudo apt-get install {' '.join(missing)}\n"
    )


def was_tried_lately(missing: list[str]) -> bool:
    """Say whether the same packages could not be had within the last hour (no network, say)."""
    try:
        is_recent = time.time() - APT_FAILED.stat().st_mtime < 3600
        return is_recent and APT_FAILED.read_text() == " ".join(missing)
    except OSError:
        return False


def apt_install(packages: list[str]) -> bool:
    """Install Debian packages if we are root or may become root without a password."""
    if not shutil.which("apt-get"):
        return False
    become_root: list[str] = []
    if os.geteuid() != 0:
        if not works(["sudo", "-n", "true"]):
            return False
        become_root = ["sudo", "-n"]
    say(f"Installing system parts: {' '.join(packages)} …")
    apt = [*become_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    install_them = [*apt, "install", "--yes", "--no-install-recommends", *packages]
    return works(install_them) or (works([*apt, "update"]) and works(install_them))


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let two `make` in the same folder prepare it one after the other."""
    with (PROJECT / ".prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> None:
    parser = argparse.ArgumentParser(description="Make this folder ready to run.")
    parser.add_argument("--tests", action="store_true", help="also what the tests need")
    tests: bool = parser.parse_args().tests
    with one_at_a_time():
        if not is_installed(tests):
            install(tests)
        provide_parts(tests)


if __name__ == "__main__":
    main()
