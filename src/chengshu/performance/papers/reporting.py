"""Prints the findings report over many forms as PDF, workbook or page, in Chinese or English."""

from pathlib import Path
from typing import Literal, get_args

from chengshu.performance.papers.reports.contents import FindingsReport
from chengshu.performance.papers.reports.layout import lay_out
from chengshu.performance.papers.reports.printing import print_report
from chengshu.performance.papers.reports.webpage import write_webpage
from chengshu.performance.papers.reports.words import Language, get_words
from chengshu.performance.papers.reports.workbook import write_workbook

ReportKind = Literal["pdf", "xlsx", "html"]
REPORT_KINDS: tuple[ReportKind, ...] = get_args(ReportKind)


def render_report(
    report: FindingsReport, *, kind: ReportKind, language: Language = "zh", font_dir: Path | None = None
) -> bytes:
    """Print the report. `font_dir` is where the PDF's Chinese font lies; without it the machine's fonts serve."""
    words = get_words(language)
    if kind == "xlsx":
        return write_workbook(report, words)
    blocks = lay_out(report, words)
    if kind == "pdf":
        return print_report(report.title, blocks, words, font_dir=font_dir)
    return write_webpage(report.title, blocks, words)
