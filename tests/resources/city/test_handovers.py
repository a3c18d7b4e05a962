"""Deliveries that come late, not at all or with another shape are called so, and no others are."""

from datetime import date, datetime, timedelta

from conftest import NOW
from resources.catalogue.town import Town
from resources.city.arranging import keep_elements, register

from chengshu.resources.contracts.catalogue import Cycle
from chengshu.resources.facade import collection
from chengshu.resources.facade.collection import Delivery, PromiseContent
from chengshu.resources.facade.deliveries import take_delivery
from chengshu.synthetic.city.delivering import CityPlan, draw_city, write_csv
from chengshu.synthetic.city.handovers import ADDED, Handover, Manner, draw_handovers
from chengshu.synthetic.city.shapes import CASES

DUE_HOURS = 120
MONTHS = [date(2024, month, 1) for month in range(4, 8)]
CALLED = {Manner.IN_TIME: "on_time", Manner.LATE: "late", Manner.MISSING: "missing", Manner.DRIFTED: "missing"}
"""A delivery that waits for a decision about its shape has not come yet."""


def test_each_month_is_judged_as_it_was_handed_over(town: Town) -> None:
    keep_elements(town)
    stock = draw_city(CityPlan(seed=3, rows=60))["zwbj"]
    _resource, source = register(CASES, town, {})
    promise = PromiseContent(Cycle.MONTHLY, DUE_HOURS, date(2024, 3, 1))
    kept = collection.keep_promise(source, promise, actor=town.operator, now=NOW)
    handovers = draw_handovers("zwbj", MONTHS, due_hours=DUE_HOURS, seed=1)
    assert {one.manner for one in handovers} == set(Manner)
    for at, one in enumerate(handovers):
        more = {ADDED: "新"} if one.manner is Manner.DRIFTED else {}
        content = write_csv(stock.table, stock.cells(until=50 + at), more=more)
        delivery = _hand_over(one, content, source, town)
        judged = collection.find_punctuality(kept, now=_end_of(one.month))
        assert judged is not None
        assert (judged.lateness, judged.hours_late if one.hours_late else 0) == (
            CALLED[one.manner],
            one.hours_late,
        ), one
        if one.manner is Manner.DRIFTED:
            assert delivery is not None
            assert (delivery.state, delivery.drift["added"], delivery.sent) == ("held", [ADDED], 0)
        elif delivery is not None:
            assert (delivery.state, delivery.sent) == ("taken", 50 + at)


def _hand_over(one: Handover, content: bytes, source: collection.DataSource, town: Town) -> Delivery | None:
    moment = one.came_at
    if moment is None:
        return None
    delivery, _is_new = collection.receive_file(source, content, name="办件.csv", actor=town.operator, now=moment)
    return take_delivery(delivery.pk, report=lambda _stage, _rows: None, now=lambda: moment)


def _end_of(month: date) -> datetime:
    """A moment behind the month's due moment and everything that came late, before the next month."""
    return datetime(month.year, month.month, 20, tzinfo=NOW.tzinfo) + timedelta(hours=1)
