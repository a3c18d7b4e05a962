"""Payments out of the rows of a table: new ones are kept, known ones counted, contradicting ones refused."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from chengshu.kernel.accounts.facade import User
from chengshu.performance.contracts.money import FaultyRow, PaymentRow, RowFault
from chengshu.performance.models import Payment, Project, ProjectYear, Receipt
from chengshu.performance.queries.projects import EDIT_MONEY
from chengshu.performance.rules.year.money import read_payment
from chengshu.performance.rules.year.tables import Header

_Key = tuple[int, str]
_Content = tuple[str, Decimal, date, str]


@dataclass(slots=True)
class _Ledger:
    """What one piece stands on: the years that it may pay into, locked, and what is known of its vouchers."""

    years: Mapping[tuple[str, int], ProjectYear]
    projects: Collection[str]
    known: dict[_Key, _Content]
    new: list[Payment] = field(default_factory=list)
    repeated: int = 0


@dataclass(frozen=True, slots=True)
class PaymentTaker:
    """Takes payments for somebody, on some day: his rights of that day count, and later payments have not happened."""

    actor: User
    today: date
    now: datetime

    def read(self, header: Header, cells: Sequence[str]) -> PaymentRow | FaultyRow:
        """Read one row."""
        return read_payment(header, cells, today=self.today)

    def take(self, receipt: Receipt, rows: Mapping[int, PaymentRow]) -> tuple[int, int, Mapping[int, FaultyRow]]:
        """Keep payments by their place and bring the executed sums of their years in step, in the caller's transaction.

        The years are locked in the order of their ids, so that two imports neither wait for each other for ever nor
        take one voucher twice.
        """
        ledger = self._open_ledger(rows.values())
        faults: dict[int, FaultyRow] = {}
        for place, row in rows.items():
            faulty = _enter(ledger, row, receipt)
            if faulty is not None:
                faults[place] = faulty
        Payment.objects.bulk_create(ledger.new)
        _add_to_sums(ledger)
        return len(ledger.new), ledger.repeated, faults

    def _open_ledger(self, rows: Collection[PaymentRow]) -> _Ledger:
        codes = {row.project for row in rows}
        writable = ProjectYear.objects.visible_to(self.actor, on=self.today, permission=EDIT_MONEY)
        wanted = writable.filter(project__code__in=codes, year__in={row.year for row in rows})
        ids = list(wanted.order_by("pk").values_list("pk", flat=True))
        locked = ProjectYear.objects.select_for_update(of=("self",)).filter(pk__in=ids).select_related("project")
        years = {(year.project.code, year.year): year for year in locked.order_by("pk")}
        known = Payment.objects.filter(project_year__in=ids, voucher__in={row.voucher for row in rows})
        contents = known.values_list("project_year_id", "voucher", "source", "amount_yuan", "paid_on", "purpose")
        editable = Project.objects.visible_to(self.actor, on=self.today, permission=EDIT_MONEY)
        projects = set(editable.filter(code__in=codes).values_list("code", flat=True))
        return _Ledger(years, projects | {code for code, _year in years}, {(c[0], c[1]): c[2:] for c in contents})


def _enter(ledger: _Ledger, row: PaymentRow, receipt: Receipt) -> FaultyRow | None:
    """Note a payment as new or repeated, or tell why it is neither."""
    year = ledger.years.get((row.project, row.year))
    if year is None:
        is_known = row.project in ledger.projects
        return FaultyRow(RowFault.YEAR_UNOPENED if is_known else RowFault.PROJECT_UNKNOWN, _name(row, is_known))
    key, content = (year.pk, row.voucher), (row.source.value, row.amount_yuan, row.paid_on, row.purpose)
    known = ledger.known.get(key)
    if known == content:
        ledger.repeated += 1
        return None
    if known is not None:
        return FaultyRow(RowFault.VOUCHER_DIFFERS, f"{row.voucher}：{known[2]} {known[1]:.2f}")
    ledger.known[key] = content
    ledger.new.append(
        Payment(
            project_year=year,
            source=row.source,
            voucher=row.voucher,
            amount_yuan=row.amount_yuan,
            paid_on=row.paid_on,
            purpose=row.purpose,
            receipt=receipt,
        )
    )
    return None


def _name(row: PaymentRow, is_known: bool) -> str:  # noqa: FBT001 - a private word
    return str(row.year) if is_known else row.project


def _add_to_sums(ledger: _Ledger) -> None:
    sums: dict[int, Decimal] = {}
    for payment in ledger.new:
        sums[payment.project_year_id] = sums.get(payment.project_year_id, Decimal(0)) + payment.amount_yuan
    changed = [year for year in ledger.years.values() if year.pk in sums]
    for year in changed:
        year.executed_yuan += sums[year.pk]
    ProjectYear.objects.bulk_update(changed, ["executed_yuan"])
