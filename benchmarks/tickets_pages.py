"""How long the pages and figures of tickets take, as one person after the other asks for them."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone
from django.utils.timezone import localdate

from benchmarks.measuring import print_line
from benchmarks.tickets_rows import lay_down
from chengshu.kernel.accounts.facade import NewAccount, Role, User, create_account
from chengshu.kernel.grants.facade import HouseRole, NewGrant, give_grant
from chengshu.kernel.organisations.facade import Kind, NewOrganisation, create_organisation
from chengshu.kernel.tickets import facade
from chengshu.kernel.tickets.facade import FIGURES, Scope, Ticket, measure_figure

_UNITS, _DAYS, _RUNS = 20, 365, 20


# Plain static names, as nobody collected any here; the client asks for a host of its own.
_PLAIN = {
    "ALLOWED_HOSTS": ["testserver"],
    "STORAGES": {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    },
}


def measure(count: int) -> None:
    """Fill the house and measure."""
    with override_settings(**_PLAIN):
        _measure(count)


def _measure(count: int) -> None:
    call_command("migrate", verbosity=0, interactive=False)
    now = timezone.now()
    people, units = _open_house(localdate(now))
    start = time.perf_counter()
    since = now - timedelta(days=_DAYS)
    lay_down(count, since=since, days=_DAYS, units=units, handlers=[person.pk for person in people[1:]])
    with connection.cursor() as cursor:
        cursor.execute("analyze")  # what a house that grew day by day has from its database's upkeep
    seconds = time.perf_counter() - start
    print_line(f"{count:,} tickets laid down", f"{seconds:,.1f} s", f"{Ticket.objects.still_open().count():,} are open")
    everything, unit = _client(people[0]), _client(people[1])
    one = Ticket.objects.still_open().order_by("pk")[:1].get()
    _print("floor: one row by its key", lambda: Ticket.objects.get(pk=one.pk))
    for name, client in (("city", everything), ("one unit", unit)):
        for address, label in (
            ("/tickets/", "list"),
            ("/tickets/?page=200", "list, page 200"),
            ("/tickets/?q=光纤", "list, searched"),
            ("/tickets/?role=work&sort=due", "list of open ones by due time"),
            ("/tickets/inbox/", "inbox"),
        ):
            _print(f"{label}, {name}", partial(_get, client, address))
    _print("record", lambda: _get(everything, f"/tickets/{one.pk}/"))
    year = Scope(since, now)
    for figure in FIGURES:
        _print(f"figure {figure.key}", partial(measure_figure, figure, year), runs=5)
    _print("sweep with nothing to raise", lambda: facade.sweep_escalations(now=since), runs=5)


def _open_house(today: date) -> tuple[list[User], list[int]]:
    """Open a city with its units, somebody who sees all of it, and somebody for each unit."""
    now = timezone.now()
    city = create_organisation(NewOrganisation("310000", Kind.CITY, "示范市", today), actor=None, now=now)
    units = []
    for number in range(_UNITS):
        new = NewOrganisation(f"310000-{number:02d}", Kind.UNIT, f"第{number}中心", today, city.pk)
        units.append(create_organisation(new, actor=None, now=now).pk)
    people = [_hire("leader", HouseRole.ADMIN, city.pk, today)]
    people += [_hire(f"person{n}", HouseRole.TICKET_HANDLER, unit, today) for n, unit in enumerate(units)]
    return people, units


def _hire(name: str, role: HouseRole, organisation: int, today: date) -> User:
    account = NewAccount(name, name, "", Role.OFFICER, "correct-horse-battery")
    user = create_account(account, now=timezone.now())
    give_grant(NewGrant(user.pk, role, organisation, today, "量测"), actor=None, now=timezone.now())
    return user


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _get(client: Client, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")


def _print(label: str, work: Callable[[], object], *, runs: int = _RUNS) -> None:
    taken = []
    work()
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    taken.sort()
    print_line(label, f"{taken[len(taken) // 2]:,.1f} ms", f"95 %: {taken[min(len(taken) - 1, runs * 95 // 100)]:,.1f}")
