import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from html.parser import HTMLParser

import openpyxl
import pdfplumber
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from chengshu.performance.contracts import (
    Checked,
    Finding,
    Form,
    FormRef,
    Level,
    Rescored,
    RescoredLine,
    Source,
    Unreadable,
)
from chengshu.performance.papers.reporting import REPORT_KINDS, ReportKind, render_report
from chengshu.performance.papers.reports.contents import FindingsReport, InputFault
from chengshu.performance.papers.reports.naming import name_cell
from chengshu.performance.papers.reports.tally import count_report
from chengshu.performance.papers.reports.words import Language, get_words
from chengshu.performance.rules.notices import notices

OVER = Finding(
    "SCORE_OVER",
    Level.BREACH,
    "/indicators/1/score",
    "6.00",
    "8.89",
    "按比例应得 8.89 分。",
    "By proportion 8.89 points.",
    "shanghai-2020：按完成比例计分",
)
RATE = Finding(
    "RATE_WRONG", Level.ERROR, "/money/total/rate", "98.95", "98.94", "执行率应为 98.94%。", "Rate is 98.94%.", "执行率"
)
BLURRED = replace(OVER, field="/indicators/2/target", level=Level.HINT, doubtful=True, message="这一格看不清。")


def _check(form: Form, *findings: Finding) -> tuple[Form, Checked]:
    lines = (
        RescoredLine("/indicators/0/score", Decimal(10), Decimal("10.00"), Decimal(10), "达到", "met"),
        RescoredLine("/indicators/1/score", Decimal(10), Decimal("6.00"), Decimal("8.89"), "按比例", "by proportion"),
    )
    rescored = Rescored(Decimal("89.50"), "良", "优", changed=True, lines=lines)
    return form, Checked(form.source, "shanghai-2020", findings, rescored)


def _report(checked: Sequence[tuple[Form, Checked]], *faults: InputFault) -> FindingsReport:
    made_at = datetime(2026, 3, 31, 16, 5, tzinfo=UTC)
    return FindingsReport("自评核查报告", made_at, "shanghai-2020", checked, files=2, faults=faults)


@pytest.fixture
def report(form: Form) -> FindingsReport:
    blurred = replace(form, unreadable=(Unreadable("/money/total/score", "1O.0O"),))
    again = replace(form, source=Source("表.txt", 2), duplicate_of=FormRef("表.txt", 1))
    fault = InputFault("扫描件.pdf", "文件有密码，无法打开。", "请去掉密码后重新提交。")
    return _report([_check(blurred, OVER, RATE, BLURRED), _check(again, OVER, RATE)], fault)


def _page(report: FindingsReport, language: str = "zh") -> str:
    return render_report(report, kind="html", language="en" if language == "en" else "zh").decode()


def _sheet(report: FindingsReport, name: str) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(render_report(report, kind="xlsx")))[name]


def _rows(sheet: Worksheet) -> list[dict[str, object]]:
    heads, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, heads), row, strict=True)) for row in rows]


class TestTally:
    def test_counts_each_form_once(self, report: FindingsReport) -> None:
        tally = count_report(report)
        assert (tally.files, tally.forms, tally.duplicates, tally.faults, tally.unreadable) == (2, 1, 1, 1, 1)
        assert tally.levels == {Level.ERROR: 1, Level.BREACH: 1, Level.HINT: 1}

    def test_names_the_gravest_class_first(self, report: FindingsReport) -> None:
        assert [item.code for item in count_report(report).classes] == ["RATE_WRONG", "SCORE_OVER", "SCORE_OVER"]


class TestNameCell:
    @pytest.mark.parametrize(
        ("pointer", "name"),
        [
            ("", "整张表"),
            ("/money/total/rate", "年度资金总额 · 执行率"),
            ("/money", "项目资金"),
            ("/indicators/1/score", "指标 2“整改率” · 得分"),
            ("/indicators/1", "指标 2“整改率”"),
            ("/indicators/9/score", "指标 10 · 得分"),
            ("/indicators", "绩效指标"),
            ("/goal/actual", "实际完成情况"),
            ("/total/score", "总分 · 得分"),
        ],
    )
    def test_points_as_a_person_would(self, pointer: str, name: str, form: Form) -> None:
        assert name_cell(form, pointer, get_words("zh")) == name


class TestPage:
    def test_tells_every_finding_with_its_basis(self, report: FindingsReport) -> None:
        page = _page(report)
        for text in ("按比例应得 8.89 分。", "6.00 → 8.89", "shanghai-2020：按完成比例计分", "得分偏高", "不合规"):
            assert text in page

    def test_puts_the_gravest_cell_first(self, report: FindingsReport) -> None:
        page = _page(report)
        assert page.index("执行率应为 98.94%。") < page.index("按比例应得 8.89 分。")

    def test_gives_the_moment_in_china(self, report: FindingsReport) -> None:
        assert "2026-04-01 00:05（北京时间）" in _page(report)

    def test_compares_the_totals_and_says_that_the_grade_changes(self, report: FindingsReport) -> None:
        page = _page(report)
        assert "按复算总分，等级由“优”变为“良”。" in page
        assert "-0.50" in page

    def test_keeps_doubtful_readings_apart(self, report: FindingsReport) -> None:
        before, _, after = _page(report).partition("读数存疑，请先对照原件")
        assert "这一格看不清。" in after
        assert "这一格看不清。" not in before
        assert "1O.0O" in after

    def test_lists_inputs_that_failed_with_the_cure(self, report: FindingsReport) -> None:
        page = _page(report)
        assert page.index("扫描件.pdf") < page.index("请去掉密码后重新提交。")

    def test_refers_duplicates_to_the_first_printing(self, report: FindingsReport) -> None:
        assert "表.txt，第 1 张" in _page(report)

    def test_says_so_when_nothing_was_found(self, form: Form) -> None:
        assert "没有发现问题。" in _page(_report([_check(form)]))

    def test_owns_up_when_a_total_cannot_be_scored(self, form: Form) -> None:
        pair = (form, Checked(form.source, "r", (), Rescored(None, None, None, changed=False, lines=())))
        assert "不能全部按规则计算" in _page(_report([pair]))

    def test_speaks_english(self, report: FindingsReport) -> None:
        page = _page(report, "en")
        assert "By proportion 8.89 points." in page
        assert "Doubtful readings" in page
        assert '<html lang="en">' in page

    def test_carries_no_script_and_asks_no_other_host(self, form: Form) -> None:
        page = _page(_report([_check(replace(form, project="<script src=//x>"), OVER)]))
        tags: list[str] = []

        class _Tags(HTMLParser):
            def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
                tags.append(tag)
                assert not {"style", "src", "href", "onclick"} & {name for name, _ in attrs}

        _Tags().feed(page)
        assert "script" not in tags


class TestWorkbook:
    def test_lists_findings_to_filter(self, report: FindingsReport) -> None:
        sheet = _sheet(report, "核查发现")
        assert sheet.auto_filter.ref == "A1:N4"
        first = _rows(sheet)[0]
        assert (first["代码"], first["单元格"], first["应为"]) == ("SCORE_OVER", "指标 2“整改率” · 得分", "8.89")
        assert [row["读数存疑"] for row in _rows(sheet)] == [None, None, "是"]

    def test_has_every_rescored_line_with_its_difference(self, report: FindingsReport) -> None:
        rows = _rows(_sheet(report, "复算"))
        assert [row["差额"] for row in rows] == [0, 2.89]

    def test_has_every_form_duplicates_too(self, report: FindingsReport) -> None:
        rows = _rows(_sheet(report, "自评表"))
        assert [row["相同于"] for row in rows] == [None, "表.txt，第 1 张"]
        assert [row["错误"] for row in rows] == [1, 0]

    def test_lists_input_faults_and_unreadable_values(self, report: FindingsReport) -> None:
        assert [row["来源"] for row in _rows(_sheet(report, "读取问题"))] == ["扫描件.pdf", "表.txt，第 1 张"]

    def test_never_holds_a_formula(self, form: Form) -> None:
        pair = _check(replace(form, project='=HYPERLINK("x")'), replace(OVER, printed="+1", message="@SUM"))
        book = openpyxl.load_workbook(io.BytesIO(render_report(_report([pair]), kind="xlsx")))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert '=HYPERLINK("x")' in {cell.value for cell in cells}
        assert "f" not in {cell.data_type for cell in cells}


class TestPdf:
    def test_holds_findings_and_page_numbers(self, report: FindingsReport) -> None:
        with pdfplumber.open(io.BytesIO(render_report(report, kind="pdf"))) as document:
            text = "\n".join(page.extract_text() for page in document.pages)
        for expected in ("自评核查报告", "按比例应得 8.89 分。", "第 1 页，共"):
            assert expected in text


@pytest.mark.parametrize("kind", REPORT_KINDS)
def test_a_report_over_nothing_is_still_a_report(kind: ReportKind) -> None:
    assert len(render_report(_report([]), kind=kind)) > 500


def test_both_languages_know_the_same_words() -> None:
    chinese, english = get_words("zh"), get_words("en")
    assert [set(chinese.labels), set(chinese.codes), set(chinese.parts), set(chinese.levels)] == [
        set(english.labels),
        set(english.codes),
        set(english.parts),
        set(english.levels),
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_class_of_finding_has_a_name(language: Language) -> None:
    codes = {key.partition(".")[0] for key in notices()}
    assert codes - set(get_words(language).codes) == set()
