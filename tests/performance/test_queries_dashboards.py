"""The dashboards' figures: right after every change, and cheap on the first look after it."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest
from conftest import NOW
from django.db import connection
from django.test.utils import CaptureQueriesContext
from performance.fakes import FakeReader, a_record, as_bytes

from chengshu.kernel.accounts.facade import User
from chengshu.performance import facade
from chengshu.performance.models import Batch, FormRecord

pytestmark = pytest.mark.django_db

Import = Callable[..., Batch]


@pytest.fixture
def import_records(officer: User, now: datetime) -> Import:
    def _import(*records: dict[str, object], name: str = "三月") -> Batch:
        batch = facade.create_batch([(f"{name}.jsonl", as_bytes(*records))], name=name, owner=officer, now=now)
        facade.run_import(batch.pk, reader=FakeReader(), clock=lambda: now, report=lambda _: None)
        return batch

    return _import


class TestFigures:
    def test_count_forms_once_and_repeated_printings_apart(self, import_records: Import, officer: User) -> None:
        import_records(a_record("甲"), a_record("乙", total={"weight": "100", "score": "95"}), a_record("甲"))
        figures = facade.count_figures(officer, on=NOW.date())
        assert (figures.forms, figures.repeated, figures.with_errors, figures.without_reason) == (2, 1, 1, 2)
        assert (figures.budget_yuan, figures.executed_yuan) == (Decimal(400), Decimal(300))

    def test_add_up_over_batches(self, import_records: Import, officer: User) -> None:
        first = import_records(a_record("甲"), name="三月")
        import_records(a_record("乙", year=2021), a_record("丙", year=2021, unit="别处"), name="四月")
        assert facade.count_figures(officer, on=NOW.date()).forms == 3
        assert facade.count_figures(officer, first.pk, on=NOW.date()).forms == 1
        assert [(item.name, item.forms) for item in facade.sum_money_by_year(officer, on=NOW.date())] == [
            ("2020", 1),
            ("2021", 2),
        ]
        assert {item.name: item.forms for item in facade.sum_money_by_unit(officer, on=NOW.date())} == {
            "某市大数据中心": 2,
            "别处": 1,
        }
        assert [(item.code, item.breaches, item.forms) for item in facade.count_by_code(officer, on=NOW.date())] == [
            ("REASON_MISSING", 3, 3)
        ]

    def test_follow_a_correction(self, import_records: Import, officer: User, now: datetime) -> None:
        batch = import_records(a_record("甲", total={"weight": "100", "score": "95"}))
        form = FormRecord.objects.get(batch=batch)
        assert facade.compare_scores(officer, on=NOW.date()).differing == 1
        facade.correct_value(
            form.pk,
            field="/total/score",
            value="89.50",
            seen="95",
            actor=officer,
            now=now,
            recheck=lambda batch_id: facade.recheck_after_change(batch_id, reader=FakeReader(), actor=officer, now=now),
        )
        assert (
            facade.count_figures(officer, on=NOW.date()).with_errors,
            facade.compare_scores(officer, on=NOW.date()).differing,
        ) == (0, 0)

    def test_nothing_is_zero_and_money_unknown(self, officer: User) -> None:
        figures = facade.count_figures(officer, on=NOW.date())
        assert (figures.forms, figures.unread_files, figures.budget_yuan) == (0, 0, None)


class TestScores:
    def test_the_most_overrated_come_first(self, import_records: Import, officer: User) -> None:
        scores = {"甲": "90", "乙": "99", "丙": None, "丁": "80"}
        import_records(*(a_record(name, total={"weight": "100", "score": score}) for name, score in scores.items()))
        compared = facade.compare_scores(officer, on=NOW.date())
        assert [(pair.project, pair.printed) for pair in compared.pairs] == [
            ("乙", Decimal(99)),
            ("甲", Decimal(90)),
            ("丁", Decimal(80)),
        ]
        assert (compared.forms, compared.differing) == (3, 3)
        assert {pair.rescored for pair in compared.pairs} == {Decimal("89.50")}


def test_the_first_look_after_a_check_counts_no_findings_and_no_forms(import_records: Import, officer: User) -> None:
    """What grows with the batch is counted when it is checked, so that the page costs the same for any size."""
    batch = import_records(a_record("甲"), a_record("乙"))
    with CaptureQueriesContext(connection) as queries:
        facade.count_figures(officer, batch.pk, on=NOW.date())
        facade.count_by_code(officer, batch.pk, on=NOW.date())
        facade.sum_money_by_unit(officer, batch.pk, on=NOW.date())
        facade.compare_scores(officer, batch.pk, on=NOW.date())
    statements = [query["sql"] for query in queries.captured_queries]
    assert not any("performance_findingrecord" in statement for statement in statements)
    assert not any("COUNT" in statement and "performance_formrecord" in statement for statement in statements)
