"""The day of a moment as the database tells it is the day on the clock of the house's zone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from performance.reviews.town import add_evaluation, found_town

from chengshu.performance.models import Evaluation
from chengshu.performance.queries.local_days import LocalDay

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu"])
@pytest.mark.parametrize("season", [datetime(2024, 1, 15, tzinfo=UTC), datetime(2024, 7, 15, tzinfo=UTC)])
def test_is_the_day_on_the_clock_of_the_zone(zone: str, season: datetime) -> None:
    paper = add_evaluation(found_town())
    with timezone.override(zone):
        for quarter in range(0, 24 * 4, 3):
            moment = season + timedelta(minutes=15 * quarter, seconds=59, microseconds=999_999)
            Evaluation.objects.filter(pk=paper.pk).update(edited_at=moment)
            told = Evaluation.objects.annotate(day=LocalDay("edited_at")).values_list("day", flat=True).get()
            assert told == timezone.localdate(moment), moment


def test_of_no_moment_is_no_day() -> None:
    add_evaluation(found_town())
    assert Evaluation.objects.annotate(day=LocalDay("state_at")).values_list("day", flat=True).get() is None
