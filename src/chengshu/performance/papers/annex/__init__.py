"""The evidence annex of a self-evaluation: each figure, what it rests on, and how an outsider recomputes it."""

from pathlib import Path
from typing import Literal, get_args

from chengshu.performance.papers.annex.contents import Annex
from chengshu.performance.papers.annex.layout import lay_out
from chengshu.performance.papers.annex.record import write_record
from chengshu.performance.papers.annex.words import get_words
from chengshu.performance.papers.annex.workbook import write_workbook
from chengshu.performance.papers.reports.printing import print_report
from chengshu.performance.papers.reports.words import Language

AnnexKind = Literal["pdf", "xlsx", "json"]
ANNEX_KINDS: tuple[AnnexKind, ...] = get_args(AnnexKind)


def render_annex(annex: Annex, *, kind: AnnexKind, language: Language = "zh", font_dir: Path | None = None) -> bytes:
    """Print the annex. `font_dir` is where the PDF's Chinese font lies; without it the machine's fonts serve."""
    words = get_words(language)
    if kind == "json":
        return write_record(annex, words)
    if kind == "xlsx":
        return write_workbook(annex, words)
    return print_report(words["title"].format(annex=annex), lay_out(annex, words), words, font_dir=font_dir)
