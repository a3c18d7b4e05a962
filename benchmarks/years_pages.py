"""How long the pages of the performance year take, as one person after the other asks for them."""

import time
from collections.abc import Callable
from datetime import date
from functools import partial
from urllib.parse import quote

from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from benchmarks.measuring import print_line
from benchmarks.years_crowd import measure_crowd
from benchmarks.years_rows import lay_papers
from chengshu.kernel.accounts.facade import NewAccount, Role, User, create_account
from chengshu.kernel.grants.facade import HouseRole, NewGrant, give_grant
from chengshu.kernel.organisations.facade import Kind, NewOrganisation, create_organisation
from chengshu.performance.facade import projects, years
from chengshu.performance.models import Evaluation, GoalIndicator, ProjectYear
from chengshu.synthetic.projects import ProjectPlan

_UNITS, _YEARS, _RUNS = 40, 10, 20
# Plain static names, as nobody collected any here; the client asks for a host of its own.
_PLAIN = {
    "ALLOWED_HOSTS": ["testserver"],
    "STORAGES": {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    },
}
_PAGES = (
    ("/performance/years/", "dashboard of the year"),
    ("/performance/years/charts/money", "chart over all years"),
    ("/performance/duties/", "inbox"),
    ("/performance/duties/calendar/", "calendar"),
    ("/performance/duties/calendar.ics", "calendar file"),
    ("/performance/monitoring/", "monitoring list"),
    ("/performance/monitoring/?page=200", "monitoring list, page 200"),
    ("/performance/monitoring/?lamp=red&sort=due", "monitoring list, red ones by due day"),
    ("/performance/monitoring/warnings/", "warnings"),
    ("/performance/projects/", "project list"),
    ("/performance/projects/?q=政务云", "search of projects"),
    ("/performance/projects/years/", "money list"),
    ("/performance/goals/", "goals list"),
    ("/performance/goals/?q=数据治理", "search of goals"),
    ("/performance/evaluations/", "evaluations list"),
    ("/performance/evaluations/{paper}/", "form page"),
)
#: Nobody asks for these again and again.
_SELDOM = frozenset({"/performance/years/charts/money", "/performance/duties/calendar.ics"})


def measure(count: int) -> None:
    """Fill the house and measure."""
    with override_settings(**_PLAIN):
        people, pages = _measure(count)
    measure_crowd(people, [page for page in pages if page[0] not in _SELDOM])


def _measure(count: int) -> tuple[dict[str, User], list[tuple[str, str]]]:
    call_command("migrate", verbosity=0, interactive=False)
    now, today = timezone.now(), timezone.localdate()
    people = _open_house(today)
    start = time.perf_counter()
    places = [("310000", f"310000-{number:02d}") for number in range(_UNITS)]
    plan = ProjectPlan(2026, count, today.year - _YEARS + 1, today.year, today, payments=2)
    projects.load_projects(plan, places, actor=people["finance"], now=now)
    lay_papers(today.year, actor=people["finance"], now=now)
    _print_once(
        "sums of all units and years counted", partial(years.add_up_years, now)
    )  # the worker's, every ten seconds
    with connection.cursor() as cursor:
        cursor.execute("analyze")  # what a house that grew day by day has from its database's upkeep
    laid, promises = ProjectYear.objects.count(), GoalIndicator.objects.count()
    print_line(
        f"{laid:,} project years laid down",
        f"{time.perf_counter() - start:,.1f} s",
        f"{promises:,} promised indicators",
    )
    clients = {name: _client(person) for name, person in people.items()}
    one = ProjectYear.objects.order_by("pk")[:1].get()
    _print("floor: one row by its key", lambda: ProjectYear.objects.get(pk=one.pk))
    _print("floor: a page with one small list", partial(_get, clients["officer"], "/calendars/"))
    paper = _paper_of(people["officer"], today)
    pages = [(quote(address.format(paper=paper), safe="/?=&"), label) for address, label in _PAGES]
    for name, client in clients.items():
        for address, label in pages:
            _print(f"{label}, {name}", partial(_get, client, address))
    return people, pages


def _paper_of(person: User, today: date) -> int:
    papers = Evaluation.objects.visible_to(person, on=today).order_by("-pk")
    return int(papers.values_list("pk", flat=True)[:1].get())


def _open_house(today: date) -> dict[str, User]:
    """Open a city with its units, an officer of one unit, a reviewer of all and finance."""
    now = timezone.now()
    city = create_organisation(NewOrganisation("310000", Kind.CITY, "示范市", today), actor=None, now=now)
    units = []
    for number in range(_UNITS):
        new = NewOrganisation(f"310000-{number:02d}", Kind.UNIT, f"第{number}中心", today, city.pk)
        units.append(create_organisation(new, actor=None, now=now).pk)
    return {
        "finance": _hire("finance", HouseRole.FINANCE_REVIEWER, city.pk, today),
        "department": _hire("department", HouseRole.DEPARTMENT_REVIEWER, city.pk, today),
        "officer": _hire("officer", HouseRole.OFFICER, units[0], today),
    }


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


def _print_once(label: str, work: Callable[[], object]) -> None:
    start = time.perf_counter()
    work()
    print_line(label, f"{time.perf_counter() - start:,.1f} s")


def _print(label: str, work: Callable[[], object], *, runs: int = _RUNS) -> None:
    """Print median and 95th percentile by the clock, and the processor time of the best run, whoever else is busy."""
    taken, cost = [], []
    work()
    for _ in range(runs):
        start, begun = time.perf_counter(), time.process_time()
        work()
        taken.append((time.perf_counter() - start) * 1000)
        cost.append((time.process_time() - begun) * 1000)
    taken.sort()
    late = taken[min(len(taken) - 1, runs * 95 // 100)]
    print_line(label, f"{taken[len(taken) // 2]:,.1f} ms", f"95 %: {late:,.1f}; processor: {min(cost):,.1f}")
