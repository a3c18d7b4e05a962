"""From where the running request comes, known to whatever it calls."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from chengshu.kernel.audit.contracts import Origin

_origin: ContextVar[Callable[[], Origin] | None] = ContextVar("chengshu_audit_origin", default=None)


@contextmanager
def originating_from(ask: Callable[[], Origin]) -> Iterator[None]:
    """Let entries that are recorded within the block carry what `ask` says; it is asked at each entry."""
    token = _origin.set(ask)
    try:
        yield
    finally:
        _origin.reset(token)


def current_origin() -> Origin:
    """Return from where the running work was asked for; empty for commands and the worker."""
    ask = _origin.get()
    return ask() if ask else Origin()
