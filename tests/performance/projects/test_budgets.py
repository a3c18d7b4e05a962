"""Budgets and their adjustments; what a year keeps of them is always the sum of their rows."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from performance.projects.town import as_csv, payment

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import list_entries
from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.performance.errors import MoneyInvalid, ProjectNotFound, ReasonMissing
from chengshu.performance.facade import money
from chengshu.performance.facade.money import Adjustment, FundSource, TableKind
from chengshu.performance.facade.projects import ProjectYear
from chengshu.performance.models import BudgetAdjustment, BudgetLine, Payment

Kept = Callable[[ProjectYear], ProjectYear]
_MARCH = date(2024, 3, 15)


def _change(amount: str, source: FundSource = FundSource.FISCAL, **more: object) -> Adjustment:
    fields = {"adjusted_on": _MARCH, "reason": "追加预算", "document_number": "财预〔2024〕3号"} | more
    return Adjustment(source, Decimal(amount), **fields)  # type: ignore[arg-type]  # as given by the test


class TestSetBudget:
    def test_keeps_the_sum_of_its_lines(self, year: ProjectYear, kept: Kept) -> None:
        assert (kept(year).initial_yuan, kept(year).budget_yuan) == (Decimal(1_200_000), Decimal(1_200_000))

    def test_needs_a_reason_to_change_what_stands(self, year: ProjectYear, clerk: User, now: datetime) -> None:
        with pytest.raises(ReasonMissing):
            money.set_budget(year.pk, {FundSource.FISCAL: Decimal(5)}, actor=clerk, now=now)
        money.set_budget(year.pk, {FundSource.FISCAL: Decimal(5)}, actor=clerk, now=now, reason="登记有误")
        entry = list_entries(f"project:{year.project_id}").first()
        assert entry is not None
        assert (entry.before["fiscal"], entry.after["fiscal"]) == ("1000000.0000", "5.0000")  # type: ignore[index]  # it has both

    @pytest.mark.parametrize("amount", ["-1", "0.00001", "100000000000"])
    def test_names_the_source_of_an_impossible_amount(
        self, year: ProjectYear, clerk: User, now: datetime, amount: str
    ) -> None:
        with pytest.raises(MoneyInvalid) as refusal:
            money.set_budget(year.pk, {FundSource.OTHER: Decimal(amount)}, actor=clerk, now=now, reason="登记有误")
        assert refusal.value.details["field"] == "other"

    def test_is_hidden_from_others_and_refused_to_readers(
        self, year: ProjectYear, stranger: User, auditor: User, now: datetime
    ) -> None:
        with pytest.raises(ProjectNotFound):
            money.set_budget(year.pk, {}, actor=stranger, now=now)
        with pytest.raises(PermissionRefused):
            money.set_budget(year.pk, {}, actor=auditor, now=now)


class TestAdjustBudget:
    def test_moves_the_budget_and_keeps_the_document(
        self, year: ProjectYear, clerk: User, now: datetime, kept: Kept
    ) -> None:
        file = ("批复.pdf", b"%PDF-1.7 paper")
        made = money.adjust_budget(year.pk, _change("-250000.50"), actor=clerk, now=now, document=file)
        assert kept(year).budget_yuan == Decimal("949999.50")
        assert kept(year).initial_yuan == Decimal(1_200_000)
        name, stream = money.open_document(made.pk, viewer=clerk, on=now.date())
        with stream:
            assert (name, stream.read()) == file

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            (_change("0"), "amount"),
            (_change("-1000000.01"), "amount"),
            (_change("-1", FundSource.OTHER), "amount"),
            (_change("1", adjusted_on=date(2023, 12, 31)), "adjusted_on"),
            (_change("1", adjusted_on=date(2024, 12, 31)), "adjusted_on"),
            (_change("1", reason="长" * 301), "reason"),
        ],
    )
    def test_names_what_cannot_be_kept(
        self, year: ProjectYear, clerk: User, now: datetime, change: Adjustment, field: str
    ) -> None:
        with pytest.raises(MoneyInvalid) as refusal:
            money.adjust_budget(year.pk, change, actor=clerk, now=now)
        assert refusal.value.details["field"] == field
        assert not BudgetAdjustment.objects.exists()

    def test_needs_a_reason(self, year: ProjectYear, clerk: User, now: datetime) -> None:
        with pytest.raises(ReasonMissing):
            money.adjust_budget(year.pk, _change("1", reason="  "), actor=clerk, now=now)

    def test_is_taken_back_by_a_counter_entry_once(
        self, year: ProjectYear, clerk: User, now: datetime, kept: Kept
    ) -> None:
        wrong = money.adjust_budget(year.pk, _change("300"), actor=clerk, now=now)
        counter = money.undo_adjustment(wrong.pk, reason="录错", actor=clerk, now=now)
        assert kept(year).budget_yuan == Decimal(1_200_000)
        assert (counter.undoes_id, counter.amount_yuan) == (wrong.pk, Decimal(-300))
        for again in (wrong, counter):
            with pytest.raises(MoneyInvalid):
                money.undo_adjustment(again.pk, reason="再撤", actor=clerk, now=now)

    def test_is_never_changed_or_removed(self, year: ProjectYear, clerk: User, now: datetime) -> None:
        money.adjust_budget(year.pk, _change("300"), actor=clerk, now=now)
        with pytest.raises(TypeError):
            BudgetAdjustment.objects.update(amount_yuan=1)
        with pytest.raises(TypeError):
            BudgetAdjustment.objects.all().delete()


class TestMoneyBlock:
    def test_is_the_forms(self, year: ProjectYear, clerk: User, now: datetime, kept: Kept) -> None:
        money.adjust_budget(year.pk, _change("-200000"), actor=clerk, now=now)
        rows = [payment("V-1", "300000"), payment("V-2", "50000.05", 资金来源="上年结转资金")]
        money.start_table_import(TableKind.PAYMENTS, as_csv(rows), name="a.csv", actor=clerk, clock=lambda: now)
        total, fiscal, carried_over, other = money.get_money_block(kept(year))
        assert (total.initial_yuan, total.budget_yuan, total.executed_yuan) == (
            Decimal(1_200_000),
            Decimal(1_000_000),
            Decimal("350000.05"),
        )
        assert [row.rate for row in (total, fiscal, carried_over, other)] == [
            Decimal("35.00"),
            Decimal("37.50"),
            Decimal("25.00"),
            None,
        ]

    def test_sets_execution_against_an_even_plan(
        self, year: ProjectYear, clerk: User, now: datetime, kept: Kept
    ) -> None:
        rows = [payment("V-1", "300000"), payment("V-2", "-1000", 支付日期="2024-05-01")]
        money.start_table_import(TableKind.PAYMENTS, as_csv(rows), name="a.csv", actor=clerk, clock=lambda: now)
        points = money.get_execution(kept(year), today=now.date())
        assert [p.planned_yuan for p in points][::11] == [Decimal(100_000), Decimal(1_200_000)]
        assert [p.executed_yuan for p in points] == [
            *(Decimal(yuan) for yuan in (0, 0, 300_000, 300_000, 299_000, 299_000)),
            *[None] * 6,
        ]


_AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=4)
_SOURCES = st.sampled_from(list(FundSource))
_STEPS = st.one_of(
    st.tuples(st.just("set"), _SOURCES, _AMOUNTS),
    st.tuples(st.just("adjust"), _SOURCES, _AMOUNTS),
    st.tuples(st.just("undo"), _SOURCES, _AMOUNTS),
    st.tuples(st.just("pay"), _SOURCES, _AMOUNTS),
)


class TestKeptSums:
    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(steps=st.lists(_STEPS, max_size=8))
    def test_equal_the_rows_whatever_happens(
        self,
        steps: list[tuple[str, FundSource, Decimal]],
        year: ProjectYear,
        clerk: User,
        now: datetime,
        kept: Kept,
    ) -> None:
        for number, (act, source, amount) in enumerate(steps):
            try:
                _act(act, year, source, amount, actor=clerk, now=now, number=number)
            except MoneyInvalid:
                continue
        lines = sum(BudgetLine.objects.filter(project_year=year).values_list("initial_yuan", flat=True))
        moves = sum(BudgetAdjustment.objects.filter(project_year=year).values_list("amount_yuan", flat=True))
        paid = sum(Payment.objects.filter(project_year=year).values_list("amount_yuan", flat=True))
        stands = kept(year)
        assert (stands.initial_yuan, stands.budget_yuan, stands.executed_yuan) == (lines, lines + moves, paid)
        total = money.get_money_block(stands)[0]
        assert (total.initial_yuan, total.budget_yuan, total.executed_yuan) == (lines, lines + moves, paid)


def _act(  # noqa: PLR0913 - a step and its surroundings
    act: str, year: ProjectYear, source: FundSource, amount: Decimal, *, actor: User, now: datetime, number: int
) -> None:
    if act == "set":
        money.set_budget(year.pk, {source: amount}, actor=actor, now=now, reason="改")
    elif act == "adjust":
        money.adjust_budget(year.pk, Adjustment(source, amount, _MARCH, "调"), actor=actor, now=now)
    elif act == "undo":
        last = BudgetAdjustment.objects.filter(project_year=year).order_by("pk").last()
        if last is not None:
            money.undo_adjustment(last.pk, reason="撤", actor=actor, now=now)
    else:
        words = {"fiscal": "当年财政拨款", "carried_over": "上年结转资金", "other": "其他资金"}
        row = payment(f"V-{number % 3}", f"{amount:f}", 资金来源=words[source.value])
        money.start_table_import(TableKind.PAYMENTS, as_csv([row]), name="a.csv", actor=actor, clock=lambda: now)
