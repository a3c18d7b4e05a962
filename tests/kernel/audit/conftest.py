"""Chains that tests build, and the raw hands that tamper with them."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from conftest import PASSWORD
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection, transaction

from chengshu.kernel.accounts.facade import NewAccount, Role, User, create_account
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.audit.facade import Verification
from chengshu.kernel.audit.models import Entry
from chengshu.kernel.audit.operations.guards import install_guards, remove_guards

Tamper = Callable[..., None]
Chain = Callable[..., list[int]]


@pytest.fixture
def officer(db: None, now: datetime) -> User:
    """Open an account also in a database that was emptied, roles and all."""
    Group.objects.get_or_create(name=Role.OFFICER)
    return create_account(NewAccount("officer", "王敏", "示范单位", Role.OFFICER, PASSWORD), now=now)


@pytest.fixture
def chain(transactional_db: None, officer: User, now: datetime) -> Chain:
    """Record `count` entries, a minute apart from `start`, each with its own transaction and link; give their ids."""

    def _chain(count: int, start: datetime = now, actor: User = officer) -> list[int]:
        return [
            audit.record(
                actor,
                "tests.change",
                f"form:{number % 3}",
                now=start + timedelta(minutes=number),
                reason="核对原文",
                before={"score": "8.5", "rows": [number, None]},
                after={"score": "9", "text": "“已更正”\n"},
            ).pk
            for number in range(count)
        ]

    return _chain


@pytest.fixture
def tamper(transactional_db: None) -> Tamper:
    """Write to the tables as somebody with the database's password does: without guards and foreign keys."""

    def _tamper(*statements: str | tuple[str, list[Any]]) -> None:
        postgresql = connection.vendor == "postgresql"
        with connection.cursor() as cursor:
            if not postgresql:
                cursor.execute("PRAGMA foreign_keys=OFF")
            with transaction.atomic():
                if postgresql:
                    cursor.execute("SET LOCAL session_replication_role = replica")
                for statement in statements:
                    sql, values = (statement, []) if isinstance(statement, str) else statement
                    cursor.execute(sql, values)

    return _tamper


@pytest.fixture
def check(transactional_db: None) -> Callable[[], Verification]:
    """Verify with the keys of the house."""
    return lambda: audit.verify(audit.read_public_keys(settings.AUDIT_KEYS_DIR))


@pytest.fixture
def guarded(transactional_db: None) -> Iterator[None]:
    """A database with the guards that a migrated one has; they are taken away again before it is emptied."""
    install_guards(connection)
    yield
    remove_guards(connection)


@pytest.fixture
def entry_count() -> Callable[[], int]:
    return Entry.objects.count
