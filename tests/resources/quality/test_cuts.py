"""Wherever the process of a check ends, the next run leaves what an unbroken one would have: nothing doubled or lost."""

from collections.abc import Callable

import pytest
from conftest import NOW
from resources.catalogue.town import Town
from resources.quality.lake import BAD_ID, check, deliver, row

from chengshu.kernel.tickets.facade import Ticket
from chengshu.resources.facade import quality
from chengshu.resources.facade.quality import CheckRun, IssueRow, QualityIssue, RuleDraft
from chengshu.resources.models import DataResource


class _Killed(BaseException):
    """As kill -9: nothing in the product catches it."""


def _cut_at(where: str, place: int) -> Callable[[str, int, int], None]:
    """Give a listener that ends the process at a stage; a place from behind counts from its end."""

    def tell(stage: str, done: int, total: int) -> None:
        if stage == where and done == (place if place >= 0 else total + 1 + place):
            raise _Killed

    return tell


def _rows() -> list[tuple[str, tuple[str, ...], str]]:
    return sorted((line.rule.key, tuple(line.key), line.fate) for line in IssueRow.objects.select_related("rule"))


def test_a_check_cut_at_any_step_is_made_whole_by_the_next(town: Town, resource: DataResource) -> None:
    late = RuleDraft("late", "应有近期登记", {"kind": "timeliness", "columns": ["djrq"], "within": "31d"})
    quality.write_rule(resource.pk, late, actor=town.steward, now=NOW)
    deliver(resource, [row("1", sfzh=BAD_ID), row("2", sfzh=BAD_ID, djrq="2023-01-01"), row("3", xm=None)])
    check(resource, town)
    before = _rows()
    assert before == [("late", (), "owed"), ("sfzh.check_digit", ("1",), "owed"), ("sfzh.check_digit", ("2",), "owed")]
    deliver(resource, [row("1"), row("4", sfzh=BAD_ID), row("5", djrq="2024-03-10")])
    cuts = (("复检", 0), ("登记复检结果", 0), ("登记复检结果", -1), ("检查", 0), ("登记问题", 0), ("登记问题", -2))
    for stage, place in cuts:  # before, within and at the end of the writing of both
        with pytest.raises(_Killed):
            quality.check_resource(resource.pk, actor=None, now=NOW, tell=_cut_at(stage, place))
        assert Ticket.objects.count() == QualityIssue.objects.count()  # none without the other
    check(resource, town)
    whole = [
        ("late", (), "fixed"),
        ("sfzh.check_digit", ("1",), "fixed"),
        ("sfzh.check_digit", ("2",), "gone"),
        ("sfzh.check_digit", ("4",), "owed"),
    ]
    assert _rows() == whole
    assert [issue.rows_total for issue in QualityIssue.objects.order_by("pk")] == [1, 2, 1]
    assert not CheckRun.objects.filter(state="running").exists()
    assert CheckRun.objects.filter(state="interrupted").count() == len(cuts)
