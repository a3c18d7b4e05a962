"""What asking for a page left in the database, apart from the traces that a refusal may leave."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection

_TRACES = {"Entry", "Link", "Session"}
"""What a refusal may leave: its trace in the audit."""
_WRITES = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"(\w+)"', re.IGNORECASE)


@contextmanager
def noted_changes() -> Iterator[set[str]]:
    """Give a set that names afterwards every model whose rows became more or fewer within.

    Rows are counted only where a statement wrote: nothing else can have changed them.
    """
    left: set[str] = set()
    before: dict[str, int] = {}
    traces = {model._meta.db_table for model in apps.get_models() if model.__name__ in _TRACES}  # noqa: SLF001 - Django's documented API

    def note(execute: Callable[..., Any], sql: str, params: Any, many: Any, context: Any) -> Any:
        written = None if before else _WRITES.match(sql)
        if written and written[1] not in traces:
            before.update(count_rows())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield left
    if before:
        left |= {name for name, count in count_rows().items() if count != before[name]}


def count_rows() -> dict[str, int]:
    """Count the rows of every model of the house."""
    own = (model for model in apps.get_models() if model.__module__.startswith("chengshu."))
    return {
        model.__name__: model._default_manager.count()  # noqa: SLF001 - Django's documented API
        for model in own
        if model.__name__ not in _TRACES
    }
