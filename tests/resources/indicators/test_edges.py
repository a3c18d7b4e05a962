"""What happens around midnight, over the end of a month, or not at all."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from conftest import NOW, PASSWORD
from resources.catalogue.town import Town, found_town, published
from resources.indicators.recounting import recount

from chengshu.kernel.accounts.facade import NewAccount, Role, User, create_account
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import HouseRole, NewGrant
from chengshu.kernel.indicators.facade import Aggregation, Window, get_spec, list_specs, measure, verify_measurement
from chengshu.kernel.jobs import facade as jobs
from chengshu.kernel.tickets import facade as tickets
from chengshu.resources.models.months import MonthRecord
from chengshu.resources.operations.months import note_months
from chengshu.synthetic.tickets import SyntheticStep, SyntheticTicket

APRIL = Window(date(2024, 4, 1), date(2024, 4, 30))
WHOLE_MARCH = Window(date(2024, 3, 1), date(2024, 3, 31))
SHANGHAI = timezone(timedelta(hours=8))
MIDNIGHT = datetime(2024, 3, 31, 16, tzinfo=UTC)  # of 1 April in the city


def hire_for_tickets(town: Town, name: str) -> User:
    """Open an account that handles the tickets of the civil office."""
    account = create_account(NewAccount(name, f"{name}的姓名", "示范市", Role.OFFICER, PASSWORD), now=NOW)
    new = NewGrant(account.pk, HouseRole.TICKET_HANDLER, town.civil.pk, NOW.date(), "分工")
    grants.give_grant(new, actor=None, now=NOW)
    return account


def _replay(town: Town, *told: tuple[str, str, datetime, datetime | None]) -> None:
    """Let tickets of a kind and category be opened at a moment and done at another."""
    crew = tickets.Crew(town.civil.pk, hire_for_tickets(town, "handler"), hire_for_tickets(town, "caller"))
    tickets.replay_tickets((_ticket(*one) for one in told), [crew], is_watched=True)
    tickets.sweep_escalations(now=MIDNIGHT + timedelta(days=60))


def _ticket(kind: str, category: str, opened: datetime, done: datetime | None) -> SyntheticTicket:
    steps = [SyntheticStep("accept", 1)]
    if done is not None:
        minutes = int((done - opened).total_seconds()) // 60
        steps += [SyntheticStep("finish", minutes, "办好了"), SyntheticStep("confirm", minutes + 30)]
    return SyntheticTicket(f"{category} {opened:%m-%d %H:%M}", category, "normal", 0, opened, tuple(steps), kind)


@pytest.mark.django_db
def test_shares_of_nothing_are_no_figure_and_counts_of_nothing_are_nought() -> None:
    found_town()
    for spec in list_specs():
        if spec.key.startswith(("resources.", "tickets.")):
            kept = measure(
                spec.key, Window(date(2019, 1, 1), date(2019, 12, 31)), "organisation:S", actor=None, now=NOW
            )
            nothing = 0 if spec.aggregation is Aggregation.COUNT else None
            assert (spec.key, kept.value, kept.counted) == (spec.key, nothing, 0)


@pytest.mark.django_db
def test_work_of_one_month_that_is_due_in_the_next_counts_where_its_outcome_stood() -> None:
    town = found_town()
    last_day = MIDNIGHT - timedelta(hours=6)
    _replay(
        town,
        ("data_trouble", "platform", last_day, MIDNIGHT - timedelta(minutes=1)),  # done a minute before April
        ("data_trouble", "source", last_day, MIDNIGHT),  # done with the first moment of April
        ("data_trouble", "user", last_day, None),  # due in April, and never done
        (
            "data_work",
            "other",
            MIDNIGHT - timedelta(days=12),
            MIDNIGHT + timedelta(days=9),
        ),  # due in March, done in April
        ("data_work", "security_check", MIDNIGHT - timedelta(days=2), MIDNIGHT),
    )
    for window in (WHOLE_MARCH, APRIL):
        for key, value in recount(window.first, window.last).items():
            kept = measure(key, window, "", actor=None, now=NOW)
            assert (key, window, kept.value if kept.value is None else float(kept.value)) == (key, window, value)
    counted = {
        (key, window.first.month): measure(f"resources.{key}", window, "", actor=None, now=NOW)
        for key in ("trouble_on_time_rate", "work_on_time_rate", "security_checks", "service_fault_rate")
        for window in (WHOLE_MARCH, APRIL)
    }
    told = {place: (None if kept.value is None else int(kept.value), kept.counted) for place, kept in counted.items()}
    assert told == {
        ("trouble_on_time_rate", 3): (100, 1),
        ("trouble_on_time_rate", 4): (50, 2),
        ("work_on_time_rate", 3): (0, 1),
        ("work_on_time_rate", 4): (100, 1),
        ("security_checks", 3): (0, 0),
        ("security_checks", 4): (1, 1),
        ("service_fault_rate", 3): (20, 5),
        ("service_fault_rate", 4): (None, 0),
    }


@pytest.mark.django_db
def test_a_month_counts_what_runs_by_itself_once_a_worker_keeps_the_house() -> None:
    town = found_town()
    published(town)
    note_months(datetime(2024, 4, 2, tzinfo=UTC))
    assert not MonthRecord.objects.filter(topic__in=["upkeep", "audit_seal"]).exists()  # nobody kept the house in March
    jobs.queue_due(now=datetime(2024, 3, 20, tzinfo=UTC))
    jobs.queue_due(now=datetime(2024, 4, 10, tzinfo=UTC))
    audit.record(town.steward, "resources.export", "resource:1", now=datetime(2024, 4, 10, tzinfo=UTC))
    assert note_months(datetime(2024, 5, 1, 12, tzinfo=UTC)) == 0  # a day of grace
    assert note_months(datetime(2024, 5, 2, tzinfo=UTC)) > 0
    assert _house(4) == {"upkeep": (1, 1), "audit_seal": (_entries(4), 0)}  # nothing was signed when it was counted
    kept = measure("resources.standing_mechanisms", APRIL, "organisation:S-SC", actor=None, now=NOW)
    assert (int(kept.value or 0), kept.counted) == (50, 2)  # what is the house's counts for each of its departments
    audit.keep_chain(now=datetime(2100, 1, 1, tzinfo=UTC), deep=True)  # jobs note their own times
    note_months(datetime(2024, 6, 2, tzinfo=UTC))
    assert _house(5) == {"upkeep": (1, 0), "audit_seal": (_entries(5), _entries(5))}  # in May nobody tidied the lake
    assert verify_measurement(kept).same


def _house(month: int) -> dict[str, tuple[int, int]]:
    rows = MonthRecord.objects.filter(month_on=date(2024, month, 1), topic__in=["upkeep", "audit_seal"])
    return {one.topic: (one.items, one.kept) for one in rows}


def _entries(month: int) -> int:
    return sum(
        (one.at.astimezone(SHANGHAI).year, one.at.astimezone(SHANGHAI).month) == (2024, month)
        for one in audit.Entry.objects.all()
    )


def test_definitions_say_what_is_left_out() -> None:
    assert "没有结束的月份不计" in str(get_spec("resources.management_capacity").definition)
    assert "备份" in str(get_spec("resources.standing_mechanisms").definition)
