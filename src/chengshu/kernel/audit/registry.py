"""From where the running request comes, and what people call the actions: each app names those that it writes."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils.functional import Promise

from chengshu.kernel.audit.contracts import Origin
from chengshu.kernel.audit.errors import ActionNamedTwice

_actions: dict[str, str | Promise] = {}
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


def register_actions(labels: Mapping[str, str | Promise]) -> None:
    """Name actions, such as `form.correct`, by what people call them; called by apps while Django starts.

    Raises:
        ActionNamedTwice: an action has another name already.
    """
    for action, label in labels.items():
        if _actions.get(action, label) != label:
            raise ActionNamedTwice(f"审计动作 {action} 起了两个名称", action=action)
        _actions[action] = label


def name_action(action: str) -> str:
    """Return what people call an action; its key when nobody names it any more."""
    return str(_actions.get(action, action))


def list_named_actions() -> list[str]:
    """Return the actions that have a name."""
    return sorted(_actions)
