"""How each sandbox register behaves at the moment. No Django, no database."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final

from portal.registers.desk import DESKS
from portal.registers.town import REGISTERS as OF_THE_TOWN

REGISTERS: Final = (*OF_THE_TOWN, *DESKS)
NORMAL: Final = "normal"
# slow: after so many seconds · down: 503 · dead: breaks off · wrong: somebody else's facts · contradictory: other facts than other registers
# garbage: no JSON · huge: ten megabytes · drip: a byte now and then
MODES: Final = (NORMAL, "slow", "down", "dead", "wrong", "contradictory", "garbage", "huge", "drip")
EVERY: Final = "*"
MOST_SECONDS: Final = 600.0


@dataclass(frozen=True, slots=True)
class Mode:
    """A way to behave. ``seconds``: how long a slow register takes."""

    name: str = NORMAL
    seconds: float = 5.0


def mode_of(text: str) -> Mode:
    """Read ``down``, ``slow`` or ``slow:2.5``. Raises `ValueError`."""
    name, colon, seconds = text.partition(":")
    if name not in MODES or (colon and name != "slow"):
        raise ValueError(f"{text!r} is none of {', '.join(MODES)} (slow:5 takes five seconds)")
    mode = Mode(name, float(seconds)) if colon else Mode(name)
    if not 0 <= mode.seconds <= MOST_SECONDS:
        raise ValueError(f"{text!r} is not between 0 and {MOST_SECONDS:g} seconds")
    return mode


class Modes:
    """The mode of every register, changed by one thread and read by others."""

    def __init__(self, told: str = "") -> None:
        """Read ``population=slow:5,marriage=down`` or ``*=down``; normal is what is not named. Raises `ValueError`."""
        self._lock = threading.Lock()
        self._modes: dict[str, Mode] = {}
        for word in filter(None, map(str.strip, told.split(","))):
            register, _equals, mode = word.partition("=")
            self.set(register, mode)

    def set(self, register: str, mode: str) -> None:
        """Change one register, or every one (``*``). Raises `ValueError`."""
        if register not in (*REGISTERS, EVERY):
            raise ValueError(f"{register!r} is none of {', '.join(REGISTERS)} nor * for every one")
        read = mode_of(mode)
        with self._lock:
            self._modes |= dict.fromkeys(REGISTERS if register == EVERY else (register,), read)

    def of(self, register: str) -> Mode:
        with self._lock:
            return self._modes.get(register, Mode())

    def all(self) -> dict[str, str]:
        """Return register → mode, of all."""
        modes = {register: self.of(register) for register in REGISTERS}
        return {
            register: f"slow:{mode.seconds:g}" if mode.name == "slow" else mode.name for register, mode in modes.items()
        }
