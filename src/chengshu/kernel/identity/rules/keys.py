"""Which of the kept signing keys signs, and which are still told to those who check signatures."""

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

_STAMP = "%Y%m%dT%H%M%S%fZ"


def name_key(now: datetime, mark: str) -> str:
    """Return the name of a key made now; names sort by their moment, and `mark` tells two of the same moment apart."""
    return f"{now.astimezone(UTC).strftime(_STAMP)}-{mark}"


def moment_of(name: str) -> datetime:
    """Return when the key with this name was made.

    Raises:
        ValueError: it is no name of a key.
    """
    return datetime.strptime(name.partition("-")[0], _STAMP).replace(tzinfo=UTC)


def choose_keys(names: Iterable[str], *, now: datetime, overlap: timedelta) -> tuple[str | None, list[str]]:
    """Return the key that signs, the newest, and those that signed before and are still told.

    A key is told for as long as what it signed may be shown: `overlap` from the moment its successor was made.
    """
    ordered = sorted(names)
    if not ordered:
        return None, []
    successions = itertools.pairwise(ordered)
    return ordered[-1], [old for old, new in successions if moment_of(new) + overlap > now]
