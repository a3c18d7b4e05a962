"""The notices that come with the program, and who wants to hear of a changed calendar."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path

from chengshu.kernel.calendars.contracts import YearNotice
from chengshu.kernel.calendars.rules.notices import read_notices

Listener = Callable[[datetime], object]
"""Called with the moment after a notice was loaded and committed."""

_SHIPPED = Path(__file__).with_name("notices.toml")
_listeners: list[Listener] = []


@cache
def shipped_notices() -> dict[int, YearNotice]:
    """Return the notices that come with the program, by year."""
    return {notice.year: notice for notice in read_notices(_SHIPPED.read_text(encoding="utf-8"))}


def register_listener(listener: Listener) -> None:
    """Have `listener` called after each change of the calendar; twice the same counts once."""
    if listener not in _listeners:
        _listeners.append(listener)


def list_listeners() -> tuple[Listener, ...]:
    """Return who wants to hear, in the order of registration."""
    return tuple(_listeners)
