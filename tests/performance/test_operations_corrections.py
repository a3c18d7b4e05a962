"""Correcting a misread cell: what can be typed, what is kept, how it is taken back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from conftest import NOW
from hypothesis import given
from hypothesis import strategies as st
from performance.fakes import FakeReader, a_record, as_bytes

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import list_entries
from chengshu.performance.errors import CorrectionInvalid, CorrectionStale, FormNotFound
from chengshu.performance.models import Correction, FormRecord
from chengshu.performance.operations.checks import check_batch
from chengshu.performance.operations.corrections import correct_value, undo_correction
from chengshu.performance.operations.editing import apply_corrections, kind_of, parse_value, value_at
from chengshu.performance.operations.imports import create_batch, run_import
from chengshu.performance.queries.corrections import list_corrections

Correct = Callable[..., Correction | None]


@pytest.fixture
def form(officer: User, now: datetime) -> FormRecord:
    unreadable = [{"field": "/total/score", "raw": "8g.5"}]
    record = a_record(total={"weight": "100", "score": "95"}, unreadable=unreadable)
    batch = create_batch([("甲.txt", as_bytes(record))], name="三月", owner=officer, now=now)
    run_import(batch.pk, reader=FakeReader(), clock=lambda: now, report=lambda _: None)
    return FormRecord.objects.get()


@pytest.fixture
def recheck(now: datetime) -> Callable[[int], None]:
    def _recheck(batch_id: int) -> None:
        check_batch(batch_id, checker=FakeReader(), now=now)

    return _recheck


@pytest.fixture
def correct(form: FormRecord, officer: User, now: datetime, recheck: Callable[[int], None]) -> Correct:
    def _correct(field: str, value: str | None, **others: object) -> Correction | None:
        given_by = {"actor": officer, "now": now, "recheck": recheck, "seen": "95", **others}
        return correct_value(form.pk, field=field, value=value, **given_by)  # type: ignore[arg-type] # loosely named for the test's brevity

    return _correct


class TestCorrectValue:
    def test_keeps_author_time_old_value_and_checks_again(
        self, form: FormRecord, correct: Correct, officer: User, now: datetime
    ) -> None:
        assert form.error_count == 1
        correct("/total/score", "89.50", reason="扫描件不清")
        form.refresh_from_db()
        assert (form.score, form.error_count, form.unreadable_count) == (Decimal("89.5000"), 0, 0)
        [kept] = list_corrections(form.pk, viewer=officer, on=NOW.date())
        assert (kept.author, kept.corrected_at, kept.old_value, kept.new_value) == (officer, now, "95", "89.50")
        assert list_entries(f"form:{form.pk}").get().reason == "扫描件不清"

    def test_indicators_follow(self, form: FormRecord, correct: Correct) -> None:
        correct("/indicators/1/reason", "系统割接延期", seen=None)
        form.refresh_from_db()
        assert form.breach_count == 0
        assert form.indicators.get(number=1).reason == "系统割接延期"

    def test_the_same_value_changes_nothing(self, correct: Correct) -> None:
        assert correct("/total/score", "95") is None
        assert Correction.objects.count() == 0

    def test_line_breaks_as_browsers_send_them_are_the_same_text(self, correct: Correct, form: FormRecord) -> None:
        correct("/goal/actual", "一\r\n二", seen="办好了")
        form.content.refresh_from_db()
        assert form.content.record["goal"]["actual"] == "一\n二"
        assert correct("/goal/actual", "三", seen="一\r\n二") is not None

    def test_refuses_when_somebody_else_was_faster(self, correct: Correct) -> None:
        correct("/total/score", "90")
        with pytest.raises(CorrectionStale, match="90"):
            correct("/total/score", "91", seen="95")

    def test_reviewers_may_correct_and_other_officers_may_not(
        self, correct: Correct, reviewer: User, officer: User, form: FormRecord
    ) -> None:
        assert correct("/total/score", "90", actor=reviewer) is not None
        form.batch.owner = reviewer
        form.batch.save()
        with pytest.raises(FormNotFound):
            correct("/total/score", "91", seen="90", actor=officer)

    def test_history_is_not_rewritten(self, correct: Correct) -> None:
        kept = correct("/total/score", "90")
        assert kept is not None
        for attempt in (kept.save, kept.delete, Correction.objects.all().delete, Correction.objects.all().update):
            with pytest.raises(TypeError, match="append-only"):
                attempt()


class TestUndoCorrection:
    def test_brings_back_what_was_read(
        self, form: FormRecord, correct: Correct, officer: User, now: datetime, recheck: Callable[[int], None]
    ) -> None:
        kept = correct("/total/score", "89.50")
        assert kept is not None
        undo_correction(kept.pk, actor=officer, now=now + timedelta(minutes=1), recheck=recheck)
        form.refresh_from_db()
        assert (form.score, form.error_count, form.unreadable_count) == (Decimal("95.0000"), 1, 1)
        assert form.content.record == form.content.as_read
        assert Correction.objects.count() == 2

    def test_only_the_last_one_of_a_cell(
        self, correct: Correct, officer: User, now: datetime, recheck: Callable[[int], None], form: FormRecord
    ) -> None:
        first, second = correct("/total/score", "90"), correct("/total/score", "91", seen="90")
        assert first is not None
        assert second is not None
        with pytest.raises(CorrectionStale):
            undo_correction(first.pk, actor=officer, now=now, recheck=recheck)
        undo_correction(second.pk, actor=officer, now=now, recheck=recheck)
        form.refresh_from_db()
        assert form.score == Decimal("90.0000")

    def test_an_undo_is_not_undone_twice(
        self, correct: Correct, officer: User, now: datetime, recheck: Callable[[int], None]
    ) -> None:
        kept = correct("/total/score", "90")
        assert kept is not None
        undo_correction(kept.pk, actor=officer, now=now, recheck=recheck)
        with pytest.raises(CorrectionStale):
            undo_correction(kept.pk, actor=officer, now=now, recheck=recheck)

    def test_unknown_corrections_are_not_found(
        self, officer: User, now: datetime, recheck: Callable[[int], None]
    ) -> None:
        with pytest.raises(FormNotFound):
            undo_correction(404, actor=officer, now=now, recheck=recheck)


class TestParseValue:
    @pytest.mark.parametrize(
        ("field", "typed", "held"),
        [
            ("/money/total/budget", " 1,234.50 ", "1234.50"),
            ("/money/fiscal/rate", "99.99％", "99.99"),
            ("/indicators/3/score", "－2", "-2"),
            ("/year", "2023", "2023"),
            ("/grade", "优", "优"),
            ("/money_unit", "万元", "万元"),
            ("/indicators/0/target", "≥95%", "≥95%"),
            ("/goal/actual", "   ", None),
            ("/total/score", None, None),
        ],
    )
    def test_takes_what_the_cell_can_hold(self, field: str, typed: str | None, held: str | None) -> None:
        assert parse_value(field, typed) == held

    @pytest.mark.parametrize(
        ("field", "typed"),
        [
            ("/money/total/budget", "十万"),
            ("/total/score", "NaN"),
            ("/total/score", "1e400"),
            ("/year", "23"),
            ("/grade", "甲"),
            ("/money_unit", "亿元"),
            ("/project", "长" * 20_001),
            ("/source/file", "x"),
            ("/indicators/00/score", "1"),
            ("", "1"),
        ],
    )
    def test_refuses_the_rest_and_names_the_cell(self, field: str, typed: str) -> None:
        with pytest.raises(CorrectionInvalid) as caught:
            parse_value(field, typed)
        assert caught.value.details["field"] == field

    @given(st.text(max_size=40))
    def test_any_typing_is_either_held_or_refused(self, typed: str) -> None:
        try:
            held = parse_value("/total/score", typed)
        except CorrectionInvalid:
            return
        assert held is None or Decimal(held).is_finite()


class TestApplyCorrections:
    @given(st.dictionaries(st.sampled_from(["/project", "/total/score", "/indicators/1/actual"]), st.just("7")))
    def test_sets_just_the_corrected_cells(self, values: dict[str, str | None]) -> None:
        as_read = a_record()
        record = apply_corrections(as_read, values, {})
        for field in ("/project", "/total/score", "/indicators/1/actual", "/indicators/0/actual"):
            assert value_at(record, field) == values.get(field, value_at(as_read, field))

    def test_a_corrected_cell_no_longer_lowers_its_indicators_confidence(self) -> None:
        confidences = {"/indicators/1/actual": 0.4, "/indicators/1/weight": 0.8, "/indicators/0/actual": 0.1}
        record = apply_corrections(a_record(), {"/indicators/1/actual": "9%"}, confidences)
        assert record["indicators"][1]["confidence"] == 0.8

    def test_years_stay_numbers(self) -> None:
        assert apply_corrections(a_record(), {"/year": "2021"}, {})["year"] == 2021

    def test_a_row_that_is_not_there_is_refused(self) -> None:
        with pytest.raises(CorrectionInvalid):
            value_at(a_record(), "/indicators/9/actual")

    def test_every_cell_of_the_record_has_a_kind(self) -> None:
        assert kind_of("/money/carried_over/rate") == "number"
