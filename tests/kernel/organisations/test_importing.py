"""A table of organisations comes in once, however often it is sent; what cannot be taken says why."""

import io
from datetime import date

import pytest
from kernel.organisations.towns import NOW, closure, day, found
from openpyxl import Workbook

from chengshu.documents.errors import FormulaUncomputed
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.organisations import facade
from chengshu.kernel.organisations.facade import Kind, Organisation, TableUnreadable

pytestmark = pytest.mark.django_db

_DAY = day(100)
_HEADER = ["代码", "名称", "类别", "上级代码", "设立日期"]
# Children before parents, as tables from elsewhere often have it.
_TABLE = [
    _HEADER,
    ["U1", "甲单位", "单位", "B1", "2020-03-01"],
    ["B1", "甲局", "部门", "C", "2020-02-01"],
    ["C", "示范市", "市", "", "2020-01-01"],
]


def _import(table: list[list[str]], on: date = _DAY) -> facade.ImportReceipt:
    return facade.import_organisations(table, on=on, actor=None, now=NOW)


class TestImportOrganisations:
    def test_takes_rows_in_any_order(self) -> None:
        receipt = _import(_TABLE)
        assert sorted(receipt.created) == ["B1", "C", "U1"]
        unit = facade.find_organisation("U1")
        assert unit is not None
        assert unit.founded_on == date(2020, 3, 1)
        assert [ancestor.name for ancestor in facade.ancestors_on(unit.pk, day(100))] == ["示范市", "甲局"]

    def test_the_same_table_again_changes_nothing(self) -> None:
        _import(_TABLE)
        before = closure()
        receipt = _import(_TABLE, on=day(200))
        assert (sorted(receipt.unchanged), receipt.created, receipt.renamed) == (["B1", "C", "U1"], (), ())
        assert closure() == before
        assert len(audit.list_entries("organisation:import")) == 1

    def test_differences_hold_from_the_day_of_the_import(self) -> None:
        _import(_TABLE)
        changed = [_HEADER, ["B2", "乙局", "部门", "C", ""], ["U1", "新单位", "单位", "B2", ""], _TABLE[3]]
        receipt = _import(changed, on=day(200))
        assert (receipt.created, receipt.moved) == (("B2",), ("U1",))
        unit = facade.find_organisation("U1")
        assert unit is not None
        assert [facade.name_on(unit.pk, day(n)) for n in (199, 200)] == ["甲单位", "新单位"]
        assert [a.code for a in facade.ancestors_on(unit.pk, day(199))] == ["C", "B1"]
        assert [a.code for a in facade.ancestors_on(unit.pk, day(200))] == ["C", "B2"]

    @pytest.mark.parametrize(
        ("row", "reason"),
        [
            (["", "无代码", "单位", "", ""], "代码和名称都要填"),
            (["X", "", "单位", "", ""], "代码和名称都要填"),
            (["X", "甲", "公司", "", ""], "类别“公司”"),
            (["X", "甲", "单位", "没有", ""], "没有代码为 没有 的上级"),
            (["X", "甲", "单位", "", "去年"], "读不出来"),
            (["X", "甲", "单位", "", "2024-03-16"], "还没有到"),
            (["U1", "重复", "单位", "", ""], "第 2 行已出现过"),
            (["X", "甲", "部门", "U1", ""], "不能隶属于"),
            (["X", "甲", "单位", "X", ""], "成了环"),
        ],
    )
    def test_one_bad_row_is_told_and_hinders_no_other(self, row: list[str], reason: str) -> None:
        receipt = _import([*_TABLE, row])
        assert [(fault.line, fault.code) for fault in receipt.rejected] == [(5, row[0])]
        assert reason in receipt.rejected[0].reason
        assert len(receipt.created) == 3

    def test_a_kind_cannot_change_and_the_ended_do_not_return(self) -> None:
        found("C", kind=Kind.DEPARTMENT)
        gone = found("U1")
        facade.end_organisation(gone.pk, on=day(5), actor=None, now=NOW, reason="撤销")
        receipt = _import(_TABLE)
        # B1 stands below C, which is a department here: that is possible.
        assert (receipt.created, {fault.code for fault in receipt.rejected}) == (("B1",), {"C", "U1"})

    def test_a_table_without_its_header_is_refused(self) -> None:
        with pytest.raises(TableUnreadable):
            _import([["甲", "乙"], ["1", "2"]])

    def test_says_who_brought_it(self, admin: User) -> None:
        facade.import_organisations(_TABLE, on=day(100), actor=admin, now=NOW, reason="编办来文")
        entry = audit.list_entries("organisation:import")[0]
        assert (entry.actor, entry.reason, sorted(entry.details["created"])) == (admin, "编办来文", ["B1", "C", "U1"])


class TestFiles:
    def test_a_formula_without_a_result_is_named(self) -> None:
        book = Workbook()
        for row in (*_TABLE, ("=A2",)):
            book.worksheets[0].append(list(row))
        file = io.BytesIO()
        book.save(file)
        with pytest.raises(FormulaUncomputed, match=f"Sheet!A{len(_TABLE) + 1}是没有计算结果的公式"):
            facade.read_organisation_table("组织.xlsx", file.getvalue())

    def test_a_workbook_and_a_csv_say_the_same(self) -> None:
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        for row in _TABLE:
            sheet.append(row)
        file = io.BytesIO()
        book.save(file)
        csv = "\n".join(",".join(row) for row in _TABLE).encode("gb18030")
        from_book = _import(facade.read_organisation_table("组织.xlsx", file.getvalue()))
        from_csv = _import(facade.read_organisation_table("组织.csv", csv))
        assert sorted(from_book.created) == sorted(from_csv.unchanged) == ["B1", "C", "U1"]


class TestDemonstrationCity:
    def test_has_its_size_and_is_built_once(self) -> None:
        for _ in range(2):
            facade.build_demonstration_city(now=NOW)
        counts = {kind: Organisation.objects.filter(kind=kind.value).count() for kind in Kind}
        assert counts == {Kind.CITY: 1, Kind.DISTRICT: 3, Kind.DEPARTMENT: 8, Kind.UNIT: 20}
        root = facade.find_organisation(facade.DEMONSTRATION_ROOT)
        assert root is not None
        assert facade.list_descendant_ids(root.pk).count() == 32
