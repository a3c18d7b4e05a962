import csv
import io
import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import docx
import openpyxl
import pdfplumber
import pytest
from docx.shared import Mm

from chengshu.performance.contracts import Form, Money, MoneyRow
from chengshu.performance.papers.forms import FORM_KINDS, render_form, render_forms


def _workbook(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


class TestRenderForms:
    @pytest.mark.parametrize("kind", ["csv", "md", "txt", "html"])
    def test_prints_each_form_on_its_own_template(self, kind: str, two_forms: list[Form]) -> None:
        text = render_forms(two_forms, kind=kind).decode("utf-8-sig")  # type: ignore[arg-type] # parametrized
        assert text.count("年度资金总额") == 2
        assert text.index("预算目标") < text.index("预期目标") < text.index("评分等级")

    def test_prints_all_on_the_template_that_is_named(self, two_forms: list[Form]) -> None:
        assert render_forms(two_forms, template="shanghai-2023", kind="txt").decode().count("预期目标") == 2

    @pytest.mark.parametrize("kind", FORM_KINDS)
    def test_gives_a_file_even_for_no_forms(self, kind: str) -> None:
        assert isinstance(render_forms([], kind=kind), bytes)  # type: ignore[arg-type] # parametrized


class TestXlsx:
    def test_has_one_sheet_a_form_named_after_the_project(self, form: Form) -> None:
        names = _workbook(
            render_forms([form, form, replace(form, project="甲/乙[1]:" + "长" * 40)], kind="xlsx")
        ).sheetnames
        assert names[:2] == ["数据运营服务", "数据运营服务 (2)"]
        assert len(names[2]) == 31
        assert not re.search(r"[\[\]:/]", names[2])

    def test_keeps_figures_as_figures_shown_as_printed(self, form: Form) -> None:
        sheet = _workbook(render_form(form, kind="xlsx")).worksheets[0]
        cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == 43456311.08)
        assert cell.number_format == "#,##0.00"
        rate = next(cell for row in sheet.iter_rows() for cell in row if cell.value == 98.95)
        assert rate.number_format == '0.00"%"'

    def test_keeps_a_figure_too_long_for_a_double_as_text(self, form: Form) -> None:
        money = Money(total=MoneyRow(budget=Decimal("1234567890123456.78")))
        sheet = _workbook(render_form(replace(form, money=money), kind="xlsx")).worksheets[0]
        assert "1,234,567,890,123,456.78" in [cell.value for row in sheet.iter_rows() for cell in row]

    def test_never_holds_a_formula(self, form: Form) -> None:
        sheet = _workbook(render_form(replace(form, project="=1+1"), kind="xlsx")).worksheets[0]
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert {"=1+1", "=90%"} <= {cell.value for cell in cells}
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        assert all(cell.quotePrefix for cell in cells if str(cell.value).startswith("="))

    def test_merges_classes_and_repeats_the_heading_on_paper(self, form: Form) -> None:
        sheet = _workbook(render_form(form, kind="xlsx")).worksheets[0]
        assert "B13:B15" in {str(merged) for merged in sheet.merged_cells.ranges}
        assert sheet.print_title_rows == "$12:$12"
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "portrait")

    def test_opens_a_tall_row_for_a_long_goal(self, form: Form) -> None:
        long = replace(form, goal=replace(form.goal, expected="目标" * 200))
        short, tall = (_workbook(render_form(each, kind="xlsx")).worksheets[0] for each in (form, long))
        assert (tall.row_dimensions[11].height or 0) > 3 * (short.row_dimensions[11].height or 0)

    def test_sets_a_goal_smaller_that_no_row_could_hold(self, form: Form) -> None:
        long = replace(form, goal=replace(form.goal, expected="目标" * 900))
        sheet = _workbook(render_form(long, kind="xlsx")).worksheets[0]
        assert sheet["B11"].font.size < sheet["A1"].font.size / 2
        assert (sheet.row_dimensions[11].height or 0) <= 409


class TestDocx:
    def test_has_a_table_a_form_on_a4(self, two_forms: list[Form]) -> None:
        document = docx.Document(io.BytesIO(render_forms(two_forms, kind="docx")))
        assert len(document.tables) == 2
        assert round((document.sections[0].page_width or 0) / Mm(1)) == 210
        titles = [paragraph for paragraph in document.paragraphs if paragraph.text == "财政项目支出绩效自评表"]
        assert [bool(paragraph.paragraph_format.page_break_before) for paragraph in titles] == [False, True]

    def test_merges_as_on_the_paper(self, form: Form) -> None:
        table = docx.Document(io.BytesIO(render_form(form, kind="docx"))).tables[0]
        assert [table.cell(row, 1).text for row in (10, 11, 12)] == ["产出指标"] * 3
        assert table.cell(0, 2).text == table.cell(0, 8).text == "数据运营服务"

    def test_keeps_the_paragraphs_of_a_goal(self, form: Form) -> None:
        table = docx.Document(io.BytesIO(render_form(form, kind="docx"))).tables[0]
        assert table.cell(8, 1).text == "接入系统\n保障运行"

    def test_takes_text_that_looks_like_markup(self, form: Form) -> None:
        table = docx.Document(io.BytesIO(render_form(replace(form, project="<w:p>&amp;"), kind="docx"))).tables[0]
        assert table.cell(0, 2).text == "<w:p>&amp;"


class TestPdf:
    def test_begins_each_form_on_a_page(self, two_forms: list[Form]) -> None:
        with pdfplumber.open(io.BytesIO(render_forms(two_forms, kind="pdf"))) as document:
            assert [page.extract_text()[:11] for page in document.pages] == ["财政项目支出绩效自评表"] * 2
            assert (round(document.pages[0].width), round(document.pages[0].height)) == (595, 842)

    def test_repeats_the_heading_on_the_next_page(self, form: Form) -> None:
        long = replace(form, indicators=form.indicators * 12)
        with pdfplumber.open(io.BytesIO(render_form(long, kind="pdf"))) as document:
            assert len(document.pages) > 1
            assert all("三级指标" in page.extract_text() for page in document.pages)

    def test_has_cells_that_can_be_read_back(self, form: Form) -> None:
        with pdfplumber.open(io.BytesIO(render_form(form, kind="pdf"))) as document:
            [table] = document.pages[0].extract_tables()
        assert table[0] == ["项目名称", None, "数据运营服务", *[None] * 6]
        assert table[10][3:8] == ["数据运营服务", "≥6项", "6项", "10.00", "10.00"]

    def test_takes_text_that_looks_like_markup(self, form: Form) -> None:
        with pdfplumber.open(io.BytesIO(render_form(replace(form, project='#panic("x") $ *'), kind="pdf"))) as document:
            assert '#panic("x") $ *' in document.pages[0].extract_text()


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


class TestHtml:
    def test_has_neither_script_nor_inline_style_nor_foreign_host(self, form: Form) -> None:
        text = render_form(replace(form, project="<script>alert(1)</script>"), kind="html").decode()
        parser = _Tags()
        parser.feed(text)
        assert "script" not in {tag for tag, _ in parser.found}
        assert not any("style" in attributes for _, attributes in parser.found)
        assert "http" not in text

    def test_names_the_field_of_every_value(self, form: Form) -> None:
        parser = _Tags()
        parser.feed(render_form(form, kind="html").decode())
        fields = {attributes["data-field"] for _, attributes in parser.found if "data-field" in attributes}
        assert {"/money/total/budget", "/indicators/3/target"} <= fields


class TestText:
    def test_has_a_tab_between_all_positions(self, form: Form) -> None:
        rows = [line for line in render_form(form, kind="txt").decode().splitlines() if "\t" in line]
        assert {row.count("\t") for row in rows} == {8}
        assert any("<p>接入系统</p> <p>保障运行</p>" in row for row in rows)

    def test_csv_cannot_start_a_formula(self, form: Form) -> None:
        data = render_form(replace(form, project="@SUM(A1)"), kind="csv").decode("utf-8-sig")
        fields = [field for row in csv.reader(io.StringIO(data)) for field in row]
        assert {" @SUM(A1)", " =90%"} <= set(fields)
        assert not [field for field in fields if len(field) > 1 and field[0] in "=+@"]

    def test_markdown_survives_its_own_signs(self, form: Form) -> None:
        text = render_form(replace(form, project="甲|乙\\丙"), kind="md").decode()
        assert "甲\\|乙\\\\丙" in text
        assert "接入系统<br>保障运行" in text
