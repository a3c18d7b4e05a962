"""How long the counts and the page of today's work take a department's operator and the city's steward."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone
from django.utils.timezone import localdate

from benchmarks.catalogue_rows import lay_catalogue
from benchmarks.measuring import print_line
from benchmarks.work_rows import lay_work
from chengshu.kernel.accounts.facade import NewAccount, Role, User, create_account
from chengshu.kernel.grants.facade import NewGrant, give_grant
from chengshu.kernel.organisations.facade import Organisation
from chengshu.kernel.tickets.models import Ticket
from chengshu.resources.facade import work
from chengshu.resources.facade.work import WorkCounts
from chengshu.resources.models import DataResource, Delivery

_RUNS = 15
_PAGES = (
    ("", "page"),
    ("?page=9999", "last page"),
    ("?kind=issue", "page of one kind"),
    ("?due=over", "page of what is late"),
    ("?q=登记", "page, searched"),
)
# Plain static names, as nobody collected any here; the client asks for a host of its own.
_PLAIN = {
    "ALLOWED_HOSTS": ["testserver"],
    "STORAGES": {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    },
}


def measure(sizes: Sequence[int]) -> None:
    """Let the house grow from size to size and measure at each; beside each figure how it grew."""
    with override_settings(**_PLAIN):
        call_command("migrate", verbosity=0, interactive=False)
        now, before = timezone.now(), dict[str, float]()
        lay_catalogue(1, 0, now=now)  # founds the departments
        people = _hire_both(now)
        for resources in sizes:
            before = _measure_size(resources, people, before, now)


def _hire_both(now: datetime) -> dict[str, User]:
    city = Organisation.objects.get(code="C")
    unit = Organisation.objects.get(code="B03")
    return {
        "operator": _hire("operator", "data_operator", unit.pk, now),
        "steward": _hire("steward", "data_steward", city.pk, now),
    }


def _hire(name: str, role: str, place: int, now: datetime) -> User:
    account = NewAccount(name, name, "", Role.OFFICER, "correct-horse-battery")
    user = create_account(account, now=now)
    give_grant(NewGrant(user.pk, role, place, localdate(now), "量测"), actor=None, now=now)
    return user


def _measure_size(resources: int, people: dict[str, User], before: dict[str, float], now: datetime) -> dict[str, float]:
    """Measure at one size, and give the figures."""
    start = time.perf_counter()
    lay_work(resources, now=now, asker=people["steward"].pk)
    with connection.cursor() as cursor:
        cursor.execute("analyze")  # what a house that grew day by day has from its database's upkeep
    counted = f"{Ticket.objects.count():,} tickets, {Delivery.objects.count():,} deliveries"
    found = DataResource.objects.count()
    print_line(f"{connection.vendor}: {found:,} resources", f"{time.perf_counter() - start:,.1f} s", counted)
    figures: dict[str, float] = {}
    for name, person in people.items():
        counts = _count(person, now)
        print_line(f"{name}: items", f"{counts.all_waiting:,}", f"{counts.all_late:,} of them late")
        client = Client()
        client.force_login(person)
        asked: dict[str, Callable[[], object]] = {"counts": partial(_count, person, now)}
        asked |= {label: partial(_get, client, f"/resources/work/{query}") for query, label in _PAGES}
        for label, ask in asked.items():
            key = f"{name}: {label}"
            figures[key] = _print(key, ask, before.get(key))
    return figures


def _count(person: User, now: datetime) -> WorkCounts:
    return work.count_work(work.list_work(person, now=now), now=now)


def _get(client: Client, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")


def _print(label: str, ask: Callable[[], object], before: float | None) -> float:
    """Print the median of some runs, and how many times that of the size before it is."""
    taken = []
    ask()
    for _ in range(_RUNS):
        start = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - start) * 1000)
    taken.sort()
    median = taken[len(taken) // 2]
    grown = f", {median / before:,.1f} times the size before" if before else ""
    print_line(label, f"{median:,.1f} ms", f"95 %: {taken[len(taken) * 95 // 100]:,.1f}{grown}")
    return median
