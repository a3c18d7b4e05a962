"""Organisations and grants of the tests, and tables as officers write them."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from openpyxl import Workbook

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import HouseRole, NewGrant
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Kind, NewOrganisation, Organisation

FOUNDED = datetime(2020, 1, 1, tzinfo=UTC)
PAYMENT_HEADER = ("项目编码", "年度", "资金来源", "凭证号", "支付日期", "金额(元)", "摘要")
PROJECT_HEADER = ("项目编码", "项目名称", "实施单位", "主管部门", "年度", "当年财政拨款(万元)", "其他资金(元)")


@dataclass(frozen=True, slots=True)
class Town:
    """The organisations of a small city."""

    city: Organisation
    department: Organisation
    unit: Organisation
    other_department: Organisation
    other_unit: Organisation


def found(code: str, name: str, kind: Kind, parent: Organisation | None = None) -> Organisation:
    """Found an organisation."""
    new = NewOrganisation(code, kind, name, FOUNDED.date(), parent.pk if parent else None)
    return organisations.create_organisation(new, actor=None, now=FOUNDED)


def give(person: User, organisation: Organisation, role: HouseRole, scope: str = "") -> None:
    """Give a grant since 2020."""
    new = NewGrant(person.pk, role, organisation.pk, date(2020, 1, 1), "岗位分工", scope=scope)
    grants.give_grant(new, actor=None, now=FOUNDED)


def payment(voucher: str = "V-1", amount: str = "100.00", **changed: str) -> tuple[str, ...]:
    """Give one row of a payment table, some cells changed by their label."""
    row = dict(
        zip(PAYMENT_HEADER, ("P-001", "2024", "当年财政拨款", voucher, "2024-03-15", amount, "服务费"), strict=True)
    )
    return tuple((row | changed).values())


def as_csv(rows: Iterable[Sequence[object]], encoding: str = "utf-8", header: Sequence[str] = PAYMENT_HEADER) -> bytes:
    """Write a table with its header."""
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([header, *rows])
    return stream.getvalue().encode(encoding)


def as_xlsx(rows: Iterable[Sequence[object]], header: Sequence[str] = PAYMENT_HEADER) -> bytes:
    """Write a workbook with its header."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("明细")
    for row in (header, *rows):
        sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
