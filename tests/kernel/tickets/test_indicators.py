"""Tickets as registered indicators: the same value as the pages show, with the rows that it was counted from."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from kernel.tickets.test_figures import _settle, stand

from chengshu.kernel.indicators import facade as indicators
from chengshu.kernel.indicators.facade import IndicatorSpec, Window
from chengshu.kernel.organisations.facade import Organisation
from chengshu.kernel.tickets.facade import Settlement, Ticket
from chengshu.kernel.tickets.queries.figures import FIGURES, FigureSpec, Scope, measure_figure

pytestmark = pytest.mark.django_db

YEAR = Window(date(2024, 1, 1), date(2024, 12, 31))
#: The same year in the city's time zone, as the pages ask for it.
SPAN = Scope(datetime(2023, 12, 31, 16, tzinfo=UTC), datetime(2024, 12, 31, 16, tzinfo=UTC))
NOW = datetime(2025, 1, 8, 2, tzinfo=UTC)


def _measure(key: str, scope: str = "") -> indicators.Measurement:
    return indicators.measure(key, YEAR, scope, actor=None, now=NOW)


@pytest.fixture
def lived(unit: Organisation, elsewhere: Organisation) -> None:
    """Repairs of two units, some late, some called back, some rated."""
    _settle(unit, "network", range(90, 131))
    _settle(elsewhere, "user", range(30, 60), is_met=False)
    day = datetime(2024, 6, 1, tzinfo=UTC)
    for number, ticket in enumerate(Ticket.objects.order_by("pk")[:20]):
        done_at = day + timedelta(days=number)
        rated_at = done_at + timedelta(hours=6)
        followed_up_at = done_at + timedelta(hours=5) if number % 4 else None
        stand(ticket, done_at, followed_up_at=followed_up_at, rating=number % 5 + 1, rated_at=rated_at)


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.key)
def test_every_figure_is_measured_as_the_pages_show_it(figure: FigureSpec) -> None:
    kept, shown = _measure(figure.key), measure_figure(figure, SPAN)
    if shown.value is None:  # no response clock ran
        assert (kept.value, kept.counted) == (None, 0)
        return
    assert kept.value == pytest.approx(shown.value, abs=Decimal("0.005"))
    assert kept.counted == shown.denominator
    assert indicators.verify_measurement(kept).same


def test_repairs_of_both_sides_are_515_of_83_minutes_and_can_be_recounted(unit: Organisation) -> None:
    """111 at the network's side of 140 minutes in the mean and 404 at the user's of 67."""
    _settle(unit, "network", (140 + number - 55 for number in range(111)))
    _settle(unit, "user", (67 + (20 if number % 2 else -20) for number in range(404)))
    kept = _measure("tickets.repair.repair_minutes_mean", "organisation:310000-01")
    assert kept.value is not None
    assert (kept.counted, round(kept.value)) == (515, 83)
    assert len(list(indicators.read_evidence(kept))) == 515


@pytest.mark.usefixtures("lived")
def test_a_unit_answers_for_its_own_tickets_only() -> None:
    own = _measure("tickets.on_time_rate", "organisation:310000-01")
    other = _measure("tickets.on_time_rate", "organisation:310000-02")
    assert (own.value, own.counted) == (Decimal(100), 41)
    assert (other.value, other.counted) == (Decimal(0), 30)


@pytest.mark.usefixtures("lived")
def test_a_late_repair_made_on_time_behind_our_back_is_named() -> None:
    kept = _measure("tickets.on_time_rate")
    late = Settlement.objects.filter(is_met=False).first()
    assert late
    Settlement.objects.filter(pk=late.pk).update(is_met=True)
    found = indicators.verify_measurement(kept)
    assert (found.same, found.altered) == (False, (str(late.pk),))


def test_each_kind_of_ticket_has_its_own_indicators() -> None:
    specs: dict[str, IndicatorSpec] = {spec.key: spec for spec in indicators.list_specs()}
    assert {"tickets.on_time_rate", "tickets.repair.on_time_rate", "tickets.opening.on_time_rate"} <= specs.keys()
    assert all(spec.definition and spec.name for spec in specs.values())
