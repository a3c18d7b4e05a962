"""Ground that every test stands on: plain static names, a quick hash, a file store that vanishes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import empty_database
import pytest
from django.db import connection
from django.test import override_settings
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker, Settings

from chengshu.kernel.accounts.facade import NewAccount, Role, User, create_account
from chengshu.kernel.audit.operations.guards import remove_guards
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import HouseRole, NewGrant
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Kind, NewOrganisation, Organisation

NOW = datetime(2024, 3, 15, 6, 5, tzinfo=UTC)
HOUSE, HOUSE_UNIT = "HOUSE", "HOUSE-1"
_DATABASE_FIXTURES = {"db", "transactional_db"}
PASSWORD = "correct-horse-battery"  # noqa: S105 - of accounts that live for one test


# The same examples each time, and no verdict on how busy the machine is.
settings.register_profile("house", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "database: reads or writes the database (set by itself)")
    config.addinivalue_line("markers", "only_on(vendor): about one database, left out of the run on the other")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests that use the database, so that they alone can be run on another one.

    Those that commit find what the migrations wrote put back before each of them: one that does not leaves the
    database empty, and the next that relies on the roles fails.
    """
    for item in items:
        marker, fixtures = item.get_closest_marker("django_db"), set(getattr(item, "fixturenames", ()))
        commits = {"transactional_db", "live_server"} & fixtures
        if commits or (marker is not None and marker.kwargs.get("transaction")):
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)
        if marker is not None or _DATABASE_FIXTURES & fixtures:
            item.add_marker("database")
    elsewhere = [item for item in items if item.get_closest_marker("only_on") and not _is_here(item)]
    items[:] = [item for item in items if item not in elsewhere]
    config.hook.pytest_deselected(items=elsewhere)


def _is_here(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("only_on")
    return marker is None or marker.args == (connection.vendor,)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Keep SQLite in a file: a running site and its test need a connection each."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """Begin with the kept copy of what the migrations make, where there is one for their present state."""
    return connection.vendor == "sqlite" and empty_database.copy_kept(Path(connection.settings_dict["TEST"]["NAME"]))


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None,
    django_db_keepdb: bool,  # noqa: FBT001 - a fixture
    django_db_blocker: DjangoDbBlocker,
) -> None:
    """Take away the audit's guards: a test database is emptied between tests, which they refuse."""
    if connection.vendor == "sqlite" and not django_db_keepdb:
        empty_database.keep(Path(connection.settings_dict["TEST"]["NAME"]))
    with django_db_blocker.unblock():
        remove_guards(connection)


@pytest.fixture(scope="session", autouse=True)
def _test_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with override_settings(
        STATIC_ROOT=tmp_path_factory.mktemp("static"),  # a checkout where nothing was collected yet has none
        STORAGES={
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        TASKS={"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}},
    ):
        yield


@pytest.fixture(autouse=True)
def _own_file_store(settings: Settings, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"
    settings.LAKE_ROOT = tmp_path / "lake"
    settings.LAKE_S3 = ""
    settings.AUDIT_KEYS_DIR = tmp_path / "audit_keys"
    settings.OIDC_KEYS_DIR = tmp_path / "oidc_keys"


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """A server of S3, by host and port."""
    import s3_store  # noqa: PLC0415 - a second to import, which few tests need

    with s3_store.server() as place:
        yield place


@pytest.fixture
def s3_address(s3_server: str) -> str:
    """The address of a lake in a bucket of its own."""
    import s3_store  # noqa: PLC0415 - as above

    return s3_store.address(s3_server, s3_store.make_bucket(s3_server))


def enter_account(login_name: str, role: HouseRole, *, code: str = HOUSE) -> User:
    """Open an account with one grant: on the city of the tests, or on its unit."""
    account = create_account(NewAccount(login_name, f"{login_name}的姓名", "示范单位", Role.OFFICER, PASSWORD), now=NOW)
    new = NewGrant(account.pk, role, found_house(code).pk, NOW.date(), "分工")
    grants.give_grant(new, actor=None, now=NOW)
    return account


def found_house(code: str = HOUSE) -> Organisation:
    """Return the city that the accounts below belong to, or its unit, founded when first asked for."""
    found = organisations.find_organisation(code)
    if found is not None:
        return found
    is_city = code == HOUSE
    parent = None if is_city else found_house().pk
    kind = Kind.CITY if is_city else Kind.UNIT
    new = NewOrganisation(code, kind, "示范之家" if is_city else "示范之家一室", date(2020, 1, 1), parent)
    return organisations.create_organisation(new, actor=None, now=NOW)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def officer(db: None) -> User:
    return enter_account("officer", HouseRole.OFFICER, code=HOUSE_UNIT)


@pytest.fixture
def reviewer(db: None) -> User:
    return enter_account("reviewer", HouseRole.FINANCE_REVIEWER)


@pytest.fixture
def admin(db: None) -> User:
    return enter_account("admin", HouseRole.ADMIN)
