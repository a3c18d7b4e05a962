"""Every file of the acceptance lab: how it is made and what a careful reader takes from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from acceptance import facts as known
from acceptance import pages, texts, workbooks
from acceptance.facts import Facts
from acceptance.papers import Sheet, split_sheet
from acceptance.templates import (
    ANHUI,
    FINANCE,
    JIANGXI,
    PLAIN,
    REVIEWED,
    SHANGHAI_2021,
    SHANGHAI_2024,
    National,
    anhui,
    hubei,
    national,
    sichuan,
    yunnan,
    zhongjiang,
)

Truth = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Sample:
    """A file name, its bytes when asked for, and the records of its forms."""

    name: str
    make: Callable[[], bytes]
    truths: Truth


def _sample(name: str, make: Callable[..., bytes], *sheets: Sheet, many: bool = False, **options: Any) -> Sample:
    argument = list(sheets) if many else sheets[0]
    return Sample(name, partial(make, argument, **options), [sheet.record for sheet in sheets])


FAMILIES: dict[str, Callable[[Facts], Sheet]] = {
    "national": national,
    "national-broken": lambda facts: national(facts, replace(PLAIN, breaks=True, points="break", year_in_title=True)),
    "outside": lambda facts: national(facts, replace(PLAIN, title_in_table=False, grade="优", wide_weight=True)),
    "anhui": anhui,
    "jiangxi": lambda facts: national(facts, JIANGXI),
    "reviewed": lambda facts: national(facts, REVIEWED),
    "finance": lambda facts: national(facts, FINANCE),
    "sichuan": sichuan,
    "zhongjiang": zhongjiang,
    "hubei": hubei,
    "hubei-weights": partial(hubei, weights=True),
    "shanghai-2021": lambda facts: national(facts, SHANGHAI_2021),
    "shanghai-2024": lambda facts: national(facts, SHANGHAI_2024),
    "yunnan": yunnan,
    "yunnan-plain": partial(yunnan, signs="≥﹦≤", grade=""),
    "yunnan-hinted": partial(yunnan, graded="（自评等级）{}"),
    "yunnan-bare": partial(yunnan, graded="{}", grade="良"),
}


def _each(name: str, make: Callable[..., bytes], *, many: bool = False, **options: Any) -> list[Sample]:
    """One file of each family, the facts taking turns."""
    return [
        _sample(f"{family}.{name}", make, build(known.ALL[index % len(known.ALL)]), many=many, **options)
        for index, (family, build) in enumerate(FAMILIES.items())
    ]


def workbook_samples() -> list[Sample]:
    forms = [national(item) for item in known.ALL[:5]]
    return [
        *_each("xlsx", workbooks.make_workbook, many=True),
        _sample("five-sheets.xlsx", workbooks.make_workbook, *forms, many=True),
        _sample("companions.xlsx", workbooks.make_workbook, *forms[:3], many=True, companions=True),
        _sample("stacked.xlsx", workbooks.make_workbook, *forms[:2], many=True, stacked=True),
        _sample("stacked-outside.xlsx", workbooks.make_workbook, *_outside(3), many=True, stacked=True),
        _sample("margins.xlsx", workbooks.make_workbook, forms[3], many=True, margin=(3, 2)),
        _sample("unsigned.xlsx", workbooks.make_workbook, national(_unsigned(known.WATER)), many=True),
        _sample("formulas.xlsx", workbooks.make_workbook, forms[0], many=True, formulas=True),
        _sample("texts.xlsx", workbooks.make_workbook, forms[4], many=True, numbers=False),
    ]


def _unsigned(facts: Facts) -> Facts:
    return replace(facts, rows=tuple(replace(row, sign="") for row in facts.rows))


def _outside(count: int) -> list[Sheet]:
    style = National(title_in_table=False, notes=False)
    return [national(item, style) for item in known.ALL[:count]]


def word_samples() -> list[Sample]:
    mixed = [national(known.LAMPS, REVIEWED), sichuan(known.CLINIC), yunnan(known.SEWAGE)]
    return [
        *_each("docx", pages.make_word, many=True),
        _sample("several.docx", pages.make_word, *_outside(3), many=True),
        _sample("mixed.docx", pages.make_word, *mixed, many=True),
        _sample("report.docx", pages.make_word, national(known.BRIDGE), many=True, report=True),
    ]


def page_samples() -> list[Sample]:
    return [
        *_each("html", texts.make_page, many=True),
        *_each("word.htm", texts.make_page, many=True, word=True),
        _sample("several.html", texts.make_page, *_outside(3), many=True),
        _sample("layout.html", texts.make_page, national(known.WATER), many=True, layout=True, charset="utf-8"),
    ]


def table_text_samples() -> list[Sample]:
    return [
        *_each("pipes.md", texts.make_pipes),
        *_each("packed.md", texts.make_pipes, packed=True),
        *_each("loose.md", texts.make_pipes, separator=False),
        *_each("page.md", texts.make_markdown_page),
        *_each("csv", texts.make_csv),
        *_each("gb.csv", texts.make_csv, charset="gb18030"),
        *_each("tabs.txt", texts.make_tabs),
    ]


def run_on_samples() -> list[Sample]:
    return [
        *_each("runon.txt", texts.make_run_on),
        *_each("glued.txt", texts.make_run_on, glue=""),
        *_each("lines.txt", texts.make_run_on, multi=True),
        *_each("cells.md", texts.make_cell_lines),
    ]


def pdf_samples() -> list[Sample]:
    short = [national(item, replace(PLAIN, notes=False)) for item in (known.TRAINING, known.ARCHIVE)]
    return [
        *_each("pdf", pages.make_pdf, many=True),
        *_each("bare.pdf", pages.make_pdf, many=True, rules="none"),
        *_each("columns.pdf", pages.make_pdf, many=True, rules="columns"),
        *_each("rows.pdf", pages.make_pdf, many=True, rules="rows-top"),
        _sample("bare-left.pdf", pages.make_pdf, yunnan(known.LAMPS), many=True, rules="none-left"),
        *_close("close.pdf", {"rules": "none"}, "national", "national-broken", "reviewed", "sichuan", "hubei"),
        *_close("close-top.pdf", {"rules": "none-top"}, "anhui", "national", "jiangxi", "shanghai-2024", "zhongjiang"),
        *_close("close-left.pdf", {"rules": "none-left"}, "national", "jiangxi", "outside", "finance"),
        *_close("close-bottom.pdf", {"rules": "none-bottom"}, "national", "outside", "reviewed", "sichuan"),
        _sample("right.pdf", pages.make_turned, national(known.SEWAGE), degrees=90),
        _sample("head-first.pdf", pages.make_turned, yunnan(known.BRIDGE), degrees=180),
        _sample("left-bare.pdf", pages.make_turned, national(known.LAMPS), degrees=270, rules="none"),
        _sample("ends.pdf", pages.make_pdf, yunnan(known.ARCHIVE), many=True, rules="none", lead=405),
        _sample("crossing.pdf", pages.make_pdf, national(known.LAMPS), many=True, lead=430),
        _cut("cut.pdf", national(known.BRIDGE), header=False, labels=False),
        _cut("cut-labels.pdf", yunnan(known.LAMPS), header=False, labels=True),
        _cut("cut-header.pdf", national(known.CLINIC, ANHUI), header=True, labels=True),
        _sample("two-a-page.pdf", pages.make_pdf, *short, many=True, per_page=2, size=7.5),
        _sample("many.pdf", pages.make_pdf, *_outside(4), many=True),
        _sample("landscape.pdf", pages.make_pdf, yunnan(known.WATER), many=True, flipped=True),
        _sample("rows-only.pdf", pages.make_pdf, national(known.SEWAGE), many=True, rules="rows"),
        _sample("bare.pdf", pages.make_pdf, national(known.TRAINING), many=True, rules="none"),
    ]


def _close(name: str, look: dict[str, str], *families: str) -> list[Sample]:
    """Forms whose rows stand no farther apart than the lines of a cell."""
    order = list(FAMILIES)
    return [
        _sample(
            f"{family}.{name}",
            pages.make_pdf,
            FAMILIES[family](known.ALL[order.index(family) % len(known.ALL)]),
            many=True,
            inset=2.2,
            **look,
        )
        for family in families
    ]


def _cut(name: str, sheet: Sheet, *, header: bool, labels: bool) -> Sample:
    halves = split_sheet(sheet, sheet.header_rows[-1] + 4, header=header, labels=labels)
    return Sample(name, partial(pages.make_pdf, list(halves)), [sheet.record])


def scan_samples() -> list[Sample]:
    return [
        _scan("plain300.png", national(known.LAMPS), dpi=300),
        _scan("plain200.jpg", national(known.SEWAGE), dpi=200, noise=6),
        _scan("plain150.jpg", national(known.TRAINING), dpi=150),
        _scan("skew.jpg", sichuan(known.CLINIC), dpi=200, skew=1.5, noise=8),
        _scan("photo.jpg", national(known.ARCHIVE), dpi=200, photo=True, skew=-1.0, blur=0.7),
        _scan("turned.jpg", national(known.BRIDGE), dpi=200, turn=90),
        _scan("yunnan.jpg", yunnan(known.SEWAGE), dpi=200, skew=0.6),
        _scan("anhui.jpg", anhui(known.CLINIC), dpi=200, noise=5),
        _scan("hubei.jpg", hubei(known.LAMPS), dpi=200, skew=-0.8),
        _scan("zhongjiang.jpg", zhongjiang(known.SEWAGE), dpi=200),
        _scan("pages.pdf", national(known.LAMPS, JIANGXI), dpi=200, skew=0.5, lead=300),
    ]


def _scan(name: str, sheet: Sheet, *, dpi: int, turn: int = 0, lead: int = 0, **wear: Any) -> Sample:
    def make() -> bytes:
        pictures = [pages.worn(page, **wear) for page in pages.render(pages.make_pdf([sheet], lead=lead), dpi=dpi)]
        if name.endswith("pdf"):
            return pages.as_scanned_pdf(pictures, dpi=dpi)
        return pages.as_jpeg(pictures[0].rotate(turn, expand=True) if turn else pictures[0])

    return Sample(f"scan-{name}", make, [sheet.record])


GROUPS: dict[str, Callable[[], list[Sample]]] = {
    "xlsx": workbook_samples,
    "docx": word_samples,
    "html": page_samples,
    "tables": table_text_samples,
    "runon": run_on_samples,
    "pdf": pdf_samples,
    "scan": scan_samples,
}
