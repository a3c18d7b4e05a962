"""Payments from tables: each row is taken once, counted when known, refused with its reason; nothing is half-written."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest
from django.db import transaction
from performance.projects.town import PAYMENT_HEADER, as_csv, as_xlsx, payment

from chengshu.base.errors import ChengshuError
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import list_entries
from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.kernel.jobs.facade import State
from chengshu.performance.errors import ReceiptNotFound
from chengshu.performance.facade import money
from chengshu.performance.facade.money import Receipt, RowFault, TableKind
from chengshu.performance.facade.projects import ProjectYear
from chengshu.performance.models import Payment, RejectedRow
from chengshu.performance.operations import table_imports
from chengshu.performance.operations.table_imports import PIECE_ROWS, run_table_import

Hand = Callable[..., Receipt]
Kept = Callable[[ProjectYear], ProjectYear]


@pytest.fixture
def hand_in(clerk: User, now: datetime) -> Hand:
    """Hand in rows, or a file, as the clerk."""

    def _hand(*rows: tuple[str, ...], data: bytes = b"", actor: User = clerk, name: str = "支付.csv") -> Receipt:
        content = data or as_csv(rows)
        return money.start_table_import(TableKind.PAYMENTS, content, name=name, actor=actor, clock=lambda: now)

    return _hand


def _counts(receipt: Receipt) -> tuple[int, int, int, int]:
    receipt.refresh_from_db()
    return receipt.sent, receipt.taken, receipt.repeated, receipt.rejected


def _faults(receipt: Receipt) -> list[tuple[int, str]]:
    return list(RejectedRow.objects.filter(receipt=receipt).order_by("line").values_list("line", "fault"))


@pytest.mark.usefixtures("year")
class TestReading:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_takes_the_encodings_of_offices(self, hand_in: Hand, encoding: str) -> None:
        rows = [payment("V-1", "1,200.50"), payment("V-2", "300", 资金来源="其他资金", 支付日期="2024年3月5日")]
        assert _counts(hand_in(data=as_csv(rows, encoding))) == (2, 2, 0, 0)
        assert sorted(Payment.objects.values_list("amount_yuan", flat=True)) == [Decimal(300), Decimal("1200.50")]

    def test_takes_a_workbook_in_wan_yuan_with_its_columns_in_any_order(self, hand_in: Hand) -> None:
        header = ("金额（万元）", *reversed(PAYMENT_HEADER[:5]), "备注")
        rows = [(12.34567, datetime(2024, 3, 15), "V-1", "当年财政拨款", 2024, "P-001", "无关")]  # noqa: DTZ001 - a sheet's dates have no zone
        assert _counts(hand_in(data=as_xlsx(rows, header), name="支付.xlsx")) == (1, 1, 0, 0)
        taken = Payment.objects.get()
        assert (taken.amount_yuan, taken.voucher, taken.paid_on.isoformat()) == (
            Decimal("123456.7"),
            "V-1",
            "2024-03-15",
        )

    def test_finds_the_header_below_a_title(self, hand_in: Hand) -> None:
        data = "2024年支付明细\r\n\r\n".encode() + as_csv([payment()])
        assert _counts(hand_in(data=data)) == (1, 1, 0, 0)

    @pytest.mark.parametrize(
        ("header", "named"),
        [
            (("项目编码", "年度", "资金来源", "凭证号", "支付日期", "金额"), "金额(元)或金额(万元)"),
            (("年度", "资金来源", "凭证号", "支付日期", "金额(元)"), "项目编码"),
        ],
    )
    def test_names_the_columns_that_are_missing(self, hand_in: Hand, header: tuple[str, ...], named: str) -> None:
        receipt = hand_in(data=as_csv([("1",) * len(header)], header=header))
        assert named in receipt.fault
        assert receipt.finished_at is not None
        assert _counts(receipt) == (0, 0, 0, 0)

    def test_tells_of_a_file_that_is_no_table(self, hand_in: Hand) -> None:
        assert "已损坏" in hand_in(data=b"PK\x03\x04broken", name="a.xlsx").fault


@pytest.mark.usefixtures("year")
class TestRefusing:
    @pytest.mark.parametrize(
        ("row", "fault"),
        [
            (payment(项目编码=""), RowFault.PROJECT_MISSING),
            (payment(项目编码="P-999"), RowFault.PROJECT_UNKNOWN),
            (payment(年度="二〇二四"), RowFault.YEAR_UNREADABLE),
            (payment(年度="2023", 支付日期="2023-03-15"), RowFault.YEAR_UNOPENED),
            (payment(资金来源="彩票公益金"), RowFault.SOURCE_UNKNOWN),
            (payment(凭证号=" "), RowFault.VOUCHER_MISSING),
            (payment(凭证号="V" * 61), RowFault.TEXT_TOO_LONG),
            (payment(支付日期="2024-02-30"), RowFault.DATE_UNREADABLE),
            (payment(支付日期="2023-12-31"), RowFault.DATE_OUTSIDE_YEAR),
            (payment(支付日期="2024-12-31"), RowFault.DATE_IN_FUTURE),
            (payment(amount="约一万"), RowFault.AMOUNT_UNREADABLE),
            (payment(amount="=1+1"), RowFault.AMOUNT_UNREADABLE),
            (payment(amount="0.00"), RowFault.AMOUNT_ZERO),
            (payment(amount="0.00001"), RowFault.AMOUNT_TOO_FINE),
            (payment(amount="9" * 20), RowFault.AMOUNT_TOO_LARGE),
        ],
    )
    def test_keeps_the_row_with_its_line_and_reason_and_takes_the_others(
        self, hand_in: Hand, row: tuple[str, ...], fault: RowFault
    ) -> None:
        receipt = hand_in(payment("V-8"), row, payment("V-9"))
        assert _faults(receipt) == [(3, fault.value)]
        assert _counts(receipt) == (3, 2, 0, 1)
        refused = RejectedRow.objects.get()
        assert [cell for _label, cell in refused.row] == [cell.strip() for cell in row]

    def test_refuses_projects_beyond_the_rights_as_if_they_were_not_there(self, hand_in: Hand, stranger: User) -> None:
        receipt = hand_in(payment(), actor=stranger)
        assert _faults(receipt) == [(2, RowFault.PROJECT_UNKNOWN.value)]

    def test_refuses_who_may_enter_money_nowhere(self, hand_in: Hand, auditor: User) -> None:
        with pytest.raises(PermissionRefused):
            hand_in(payment(), actor=auditor)
        assert not Receipt.objects.exists()


class TestRepeating:
    def test_counts_the_same_file_as_repeated(self, hand_in: Hand, year: ProjectYear, kept: Kept) -> None:
        rows = [payment("V-1", "10"), payment("V-2", "20")]
        assert _counts(hand_in(*rows)) == (2, 2, 0, 0)
        assert _counts(hand_in(data=as_xlsx(rows), name="又一次.xlsx")) == (2, 0, 2, 0)
        assert kept(year).executed_yuan == Decimal(30)

    def test_refuses_a_known_voucher_with_another_amount(self, hand_in: Hand, year: ProjectYear, kept: Kept) -> None:
        hand_in(payment("V-1", "10"))
        receipt = hand_in(payment("V-1", "11"), payment("V-1", "10"), payment("V-2", "1"), payment("V-2", "2"))
        assert _counts(receipt) == (4, 1, 1, 2)
        assert _faults(receipt) == [(2, RowFault.VOUCHER_DIFFERS.value), (5, RowFault.VOUCHER_DIFFERS.value)]
        assert kept(year).executed_yuan == Decimal(11)

    @pytest.mark.usefixtures("year")
    def test_tells_the_audit_of_every_piece(self, hand_in: Hand) -> None:
        receipt = hand_in(payment("V-1"))
        actions = [entry.action for entry in list_entries(f"receipt:{receipt.pk}")]
        assert actions == ["performance.finish_table", "performance.take_payments", "performance.hand_in_table"]


class _Stop(ChengshuError):
    """Somebody pulled the plug."""


class TestInterrupting:
    ROWS = 2 * PIECE_ROWS + 500

    def _begin(self, clerk: User, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Receipt:
        """Hand in three pieces and stop after the first."""
        rows = [payment(f"V-{n}", "1") for n in range(self.ROWS)]
        monkeypatch.setattr(table_imports, "AT_ONCE_BYTES", 10**9)

        def stop(done: int, _total: int) -> None:
            if done:
                raise _Stop("停")

        with transaction.atomic():
            receipt = table_imports._open_receipt(  # noqa: SLF001 - the test stands between its two halves
                TableKind.PAYMENTS, as_csv(rows), name="大.csv", actor=clerk, now=now
            )
        with pytest.raises(_Stop):
            run_table_import(receipt.pk, clock=lambda: now, report=stop)
        return receipt

    def test_goes_on_after_the_last_piece_without_doubling(
        self, clerk: User, now: datetime, year: ProjectYear, kept: Kept, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        receipt = self._begin(clerk, now, monkeypatch)
        assert _counts(receipt) == (PIECE_ROWS, PIECE_ROWS, 0, 0)
        assert kept(year).executed_yuan == PIECE_ROWS
        money.resume_table_import(receipt.pk, actor=clerk, now=now)
        assert _counts(receipt) == (self.ROWS, self.ROWS, 0, 0)
        assert kept(year).executed_yuan == self.ROWS
        assert receipt.job is not None
        assert receipt.job.state == State.DONE

    @pytest.mark.usefixtures("year")
    def test_is_resumed_by_its_author_alone(
        self, clerk: User, stranger: User, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        receipt = self._begin(clerk, now, monkeypatch)
        with pytest.raises(ReceiptNotFound):
            money.resume_table_import(receipt.pk, actor=stranger, now=now)

    @pytest.mark.usefixtures("year")
    def test_large_files_are_taken_by_the_worker(self, hand_in: Hand) -> None:
        receipt = hand_in(*(payment(f"V-{n}", "1") for n in range(1200)))
        assert receipt.job is not None
        assert _counts(receipt) == (1200, 1200, 0, 0)

    def test_rows_that_are_looked_at_twice_are_repeated_and_not_doubled(
        self, clerk: User, now: datetime, year: ProjectYear, kept: Kept, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        receipt = self._begin(clerk, now, monkeypatch)
        Receipt.objects.filter(pk=receipt.pk).update(sent=5, taken=5)
        run_table_import(receipt.pk, clock=lambda: now, report=lambda _done, _total: None)
        assert _counts(receipt) == (self.ROWS, 5 + self.ROWS - PIECE_ROWS, PIECE_ROWS - 5, 0)
        assert kept(year).executed_yuan == self.ROWS
