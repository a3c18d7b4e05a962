"""A delivery that comes through collection proves the owed rows by itself; typed cells are corrected as they are."""

from io import BytesIO

from conftest import NOW
from openpyxl import load_workbook
from resources.catalogue.town import Town, published
from resources.collection.sources import send
from resources.quality.lake import check, the_issue

from chengshu.resources.contracts.catalogue import FieldContent, ValueType
from chengshu.resources.facade import collection, quality
from chengshu.resources.facade.collection import ColumnContent, DataSource, SourceContent, SourceKind, WriteMode
from chengshu.resources.facade.quality import RuleDraft
from chengshu.resources.models import DataResource

COLUMNS = (
    ColumnContent("djbh", ValueType.INTEGER, is_nullable=False),
    ColumnContent("je", ValueType.DECIMAL),
    ColumnContent("xm"),
)


def _collected(town: Town) -> tuple[DataResource, DataSource]:
    """Publish a resource with a source of typed columns and a rule for the amount."""
    fields = (
        FieldContent("djbh", "编号", ValueType.INTEGER, is_key=True, is_nullable=False),
        FieldContent("je", "金额", ValueType.DECIMAL),
        FieldContent("xm", "姓名"),
    )
    resource = published(town, fields=fields)
    content = SourceContent("收费", "S-MZ", SourceKind.FILE, "收费", COLUMNS, mode=WriteMode.REPLACE)
    source = collection.register_source(content, actor=town.operator, now=NOW)
    DataSource.objects.filter(pk=source.pk).update(resource=resource)
    source.refresh_from_db()
    draft = RuleDraft("je.between", "金额不为负", {"kind": "between", "columns": ["je"], "min": 0})
    quality.write_rule(resource.pk, draft, actor=town.steward, now=NOW)
    return resource, source


def _file(*amounts: str) -> bytes:
    lines = [f"{number},{amount},某人" for number, amount in enumerate(amounts, start=1)]
    return "\n".join(["djbh,je,xm", *lines, ""]).encode()


def test_a_delivery_verifies_what_is_owed(town: Town) -> None:
    resource, source = _collected(town)
    send(source, town, _file("1.50", "-2.00", "-3"))
    run = check(resource, town)
    assert (run.table, run.rows) == ("raw/收费", 3)
    assert the_issue().rows_owed == 2
    send(source, town, _file("1.50", "2.00", "-4"))
    issue = the_issue()
    assert (issue.rows_owed, issue.rows_verified) == (1, 1)


def test_a_typed_cell_is_corrected_or_refused_by_its_type(town: Town) -> None:
    resource, source = _collected(town)
    send(source, town, _file("-1", "-2.00"))
    check(resource, town)
    issue = the_issue()
    with quality.export_sheet(issue.pk, actor=town.operator, now=NOW) as data:
        book = load_workbook(data)
    sheet = book.worksheets[0]
    at = [cell.value for cell in sheet[1]].index("更正为：金额（je）") + 1
    sheet.cell(2, at, "2.5")
    sheet.cell(3, at, "很多")
    file = BytesIO()
    book.save(file)
    receipt = quality.return_sheet(issue.pk, file.getvalue(), name="x.xlsx", actor=town.operator, now=NOW)
    assert (receipt.taken, receipt.rejected) == (1, 1)
    assert "读不成" in receipt.refusals.get().reason
    assert (the_issue().rows_owed, the_issue().rows_verified) == (1, 1)
