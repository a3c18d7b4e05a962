"""A unit with people who open, handle, assign and call back, and somebody from elsewhere."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest
from django.utils.timezone import localdate

from chengshu.kernel.accounts.facade import NewAccount, Role, User, create_account
from chengshu.kernel.grants.facade import HouseRole, NewGrant, give_grant
from chengshu.kernel.organisations.facade import Kind, NewOrganisation, Organisation, create_organisation
from chengshu.kernel.tickets import registry
from chengshu.kernel.tickets.facade import NewTicket, Ticket, open_ticket

Open = Callable[..., Ticket]
Hire = Callable[..., User]


@pytest.fixture
def unit(db: None, now: datetime) -> Organisation:
    new = NewOrganisation("310000-01", Kind.UNIT, "网络运维中心", date(2020, 1, 1))
    return create_organisation(new, actor=None, now=now)


@pytest.fixture
def elsewhere(db: None, now: datetime) -> Organisation:
    return create_organisation(
        NewOrganisation("310000-02", Kind.UNIT, "别的中心", date(2020, 1, 1)), actor=None, now=now
    )


@pytest.fixture
def hire(now: datetime) -> Hire:
    """Open an account with a role at an organisation."""

    def _hire(name: str, role: HouseRole, place: Organisation) -> User:
        account = NewAccount(name, f"{name}的姓名", "", Role.OFFICER, "correct-horse-battery")
        user = create_account(account, now=now)
        new = NewGrant(user.pk, role, place.pk, localdate(now), "试验")
        give_grant(new, actor=None, now=now)
        return user

    return _hire


@pytest.fixture
def handler(hire: Hire, unit: Organisation) -> User:
    return hire("handler", HouseRole.TICKET_HANDLER, unit)


@pytest.fixture
def colleague(hire: Hire, unit: Organisation) -> User:
    return hire("colleague", HouseRole.TICKET_HANDLER, unit)


@pytest.fixture
def leader(hire: Hire, unit: Organisation) -> User:
    return hire("leader", HouseRole.DEPARTMENT_REVIEWER, unit)


@pytest.fixture
def stranger(hire: Hire, elsewhere: Organisation) -> User:
    return hire("stranger", HouseRole.TICKET_HANDLER, elsewhere)


@pytest.fixture
def open_one(unit: Organisation, now: datetime) -> Open:
    """Open a repair at the unit by the system, `after` minutes from now."""

    def _open(title: str = "三楼断网", kind: str = "repair", after: int = 0, **facts: str) -> Ticket:
        new = NewTicket(kind, title, unit.pk, **facts)
        return open_ticket(new, actor=None, now=now + timedelta(minutes=after))

    return _open


@pytest.fixture
def ticket(open_one: Open) -> Ticket:
    return open_one()


@pytest.fixture
def listeners() -> Iterator[list[registry.Listener]]:
    """Who hears of escalations, emptied afterwards."""
    kept = list(registry.list_escalation_listeners())
    yield registry._listeners  # noqa: SLF001 - the registry has no way to forget, which only tests need
    registry._listeners[:] = kept  # noqa: SLF001
