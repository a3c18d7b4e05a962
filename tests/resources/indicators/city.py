"""A small city whose data service has worked for some months of 2024, through the facades; what was done stands as plain data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from conftest import NOW, PASSWORD
from resources.catalogue.town import Town, a_content, found_town, published
from resources.collection.sources import a_file, a_source
from resources.quality.lake import deliver, row

from chengshu.kernel.accounts.facade import NewAccount, Role, User, create_account
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import HouseRole, NewGrant
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.tickets import facade as tickets
from chengshu.resources.contracts.catalogue import Cycle
from chengshu.resources.facade import catalogue, collection, quality, service
from chengshu.resources.facade.collection import DataSource, PromiseContent, WriteMode
from chengshu.resources.facade.deliveries import take_delivery
from chengshu.synthetic.tickets import SyntheticStep, SyntheticTicket

CITY, LATE = "S", datetime(2024, 6, 28, 2, tzinfo=UTC)
"""The code of the city, and the day on which all is over."""


@dataclass(frozen=True, slots=True)
class Call:
    """One ticket: what came, on which day of 2024, when it was done (None: never), how it was rated (0: not)."""

    kind: str
    category: str
    on: tuple[int, int]
    hours: float | None
    rating: int = 0


#: Limits of the work: five working days, of a trouble: eight hours. These lie well within them or well over.
CALLS = (
    Call("data_work", "collection", (3, 18), 20, 5),
    Call("data_work", "cataloguing", (3, 19), 30, 4),
    Call("data_work", "quality", (4, 8), 600, 3),
    Call("data_work", "other", (4, 9), None),
    Call("data_work", "security_check", (3, 20), 40),
    Call("data_work", "security_check", (5, 20), 50, 5),
    Call("data_trouble", "platform", (3, 21), 2),
    Call("data_trouble", "platform", (4, 10), 30),
    Call("data_trouble", "source", (4, 11), 3),
)
IN_TIME_HOURS = {"data_work": 60, "data_trouble": 8}
#: Month and day of each delivery with its rows, by source; the first promised one a month, five days after its end.
DELIVERIES: dict[str, tuple[tuple[tuple[int, int], int], ...]] = {
    "登记": (((4, 2), 3), ((5, 20), 2)),
    "名册": (((3, 20), 4), ((4, 20), 1)),
    "闲置": (),
}
DUE_DAYS = 5
#: Months planned for the one resource with a table, and whether it was checked in each.
MONTHS = {3: True, 4: False, 5: True}


@dataclass(frozen=True, slots=True)
class City:
    """Its people, beside those of the town."""

    town: Town
    handler: User
    caller: User


def moment(month: int, day: int, hour: int = 2) -> datetime:
    """Give ten in the morning of a day of 2024 in the city."""
    return datetime(2024, month, day, hour, tzinfo=UTC)


def found_city() -> City:
    """Found it and let everything happen."""
    town = found_town()
    city = City(town, _open("handler"), _open("caller"))
    catalogue.register_resource(
        a_content(code="307/MZ002", name="收养登记信息", summary=""), actor=town.operator, now=NOW
    )
    _check(town)
    _deliver(town)
    _answer(city, CALLS)
    service.note_months(LATE)
    return city


def _open(name: str) -> User:
    account = create_account(NewAccount(name, f"{name}的姓名", "示范市", Role.OFFICER, PASSWORD), now=NOW)
    place = organisations.find_organisation(CITY)
    assert place is not None
    grants.give_grant(NewGrant(account.pk, HouseRole.TICKET_HANDLER, place.pk, NOW.date(), "分工"), actor=None, now=NOW)
    return account


def _check(town: Town) -> None:
    resource = published(town)
    quality.remake_rules(resource.pk, actor=town.steward, now=NOW)
    deliver(resource, [row("1"), row("2")])
    for month, is_checked in MONTHS.items():
        quality.plan_checks(moment(month, 20).date(), None, actor=town.steward, now=moment(month, 20))
        if is_checked:
            quality.check_resource(resource.pk, actor=town.steward, now=moment(month, 21))


def _deliver(town: Town) -> None:
    for name, sent in DELIVERIES.items():
        source = a_source(town, name=name, table=name, mode=WriteMode.APPEND if name == "登记" else WriteMode.REPLACE)
        if name == "登记":
            promise = PromiseContent(Cycle.MONTHLY, DUE_DAYS * 24, NOW.date().replace(day=1))
            collection.keep_promise(source, promise, actor=town.operator, now=NOW)
        for (month, day), rows in sent:
            _send(source, town, moment(month, day), rows)
    collection.note_dues(LATE)


def _send(source: DataSource, town: Town, at: datetime, rows: int) -> None:
    content = a_file(*(f"{at:%m%d}{number},张三,1" for number in range(rows)))
    delivery, _is_new = collection.receive_file(source, content, name="a.csv", actor=town.operator, now=at)
    take_delivery(delivery.pk, report=lambda _stage, _rows: None, now=lambda: at)


def _answer(city: City, calls: Sequence[Call]) -> None:
    place = organisations.find_organisation(CITY)
    assert place is not None
    crew = tickets.Crew(place.pk, city.handler, city.caller)
    tickets.replay_tickets((_as_ticket(call) for call in calls), [crew], is_watched=True)
    tickets.sweep_escalations(now=LATE)


def _as_ticket(call: Call) -> SyntheticTicket:
    steps = [SyntheticStep("accept", 5)]
    if call.hours is not None:
        done = int(timedelta(hours=call.hours).total_seconds()) // 60
        steps += [SyntheticStep("finish", done, "办好了"), SyntheticStep("confirm", done + 60)]
        if call.rating:
            steps.append(SyntheticStep("rate", done + 90, rating=call.rating))
    title = f"{call.category} {call.on[0]}-{call.on[1]}"
    return SyntheticTicket(title, call.category, "normal", 0, moment(*call.on), tuple(steps), call.kind)
