"""The door: a document in, its forms out."""

from collections.abc import Mapping
from types import MappingProxyType

from chengshu.documents.contracts import Document, Media
from chengshu.performance.contracts.forms import Form, Source
from chengshu.performance.errors import FormBlank, FormDigitsLost, NotAForm
from chengshu.performance.reading.agreement import agree_on_names
from chengshu.performance.reading.blocks import Blocks, locate_blocks
from chengshu.performance.reading.choice import choose_profile
from chengshu.performance.reading.cuts import join_cut_labels
from chengshu.performance.reading.footer import read_grade, read_total
from chengshu.performance.reading.goals import read_goal
from chengshu.performance.reading.head import Name, read_names, read_year
from chengshu.performance.reading.indicators import read_indicators
from chengshu.performance.reading.jumbled.pages import unroll_pages
from chengshu.performance.reading.ledger import Ledger
from chengshu.performance.reading.lexicon import default_lexicon
from chengshu.performance.reading.lines import Line, is_run_on, list_lines
from chengshu.performance.reading.money import read_money, read_money_unit
from chengshu.performance.reading.natural.forms import mend_sections
from chengshu.performance.reading.profile import load_profiles
from chengshu.performance.reading.rows import draft_rows
from chengshu.performance.reading.sections import Section, split_sections

_WRAPPING = frozenset({Media.PDF, Media.SCAN})


def read_forms(document: Document) -> tuple[Form, ...]:
    """Read every form of a document, in order of appearance, numbered from 1.

    Raises NotAForm when there is none, FormBlank when all are unfilled, FormDigitsLost when all have lost their
    figures; `details["file"]` is the document's name.
    """
    lexicon = default_lexicon()
    lines = list_lines(document, lexicon)
    sections = mend_sections(split_sections(unroll_pages(lines, lexicon), lexicon), lexicon)
    if not sections:
        raise NotAForm(f"文件“{document.name}”中没有绩效自评表，请检查是否选错了文件。", file=document.name)
    parts = [(section, locate_blocks(section, lexicon)) for section in sections]
    heads = [read_names(section.title, blocks.head, lexicon) for section, blocks in parts]
    damaged = document.media is Media.SCAN or any(map(is_run_on, lines))
    heads = agree_on_names(heads, damaged=damaged)
    forms = tuple(
        _read_form(part, names, Source(document.name, number, part[0].number), document.media)
        for number, (part, names) in enumerate(zip(parts, heads, strict=True), start=1)
    )
    return _refuse_empty(forms, document.name)


def _read_form(part: tuple[Section, Blocks], names: Mapping[str, Name], source: Source, media: Media) -> Form:
    lexicon = default_lexicon()
    section, blocks = part
    year = read_year(section.title, section.body)
    title = "".join(line.joined for line in section.title)
    profile = choose_profile(load_profiles(), (*section.title, *section.body), title, year)
    ledger = Ledger()
    drafts = draft_rows(join_cut_labels(blocks.rows, lexicon), lexicon)
    return Form(
        source=source,
        template=profile.name,
        year=year,
        project=_note_name("project", names, ledger),
        department=_note_name("department", names, ledger),
        unit=_note_name("unit", names, ledger),
        money_unit=read_money_unit(_money_lines(blocks)),
        money=read_money(blocks, profile, ledger, lexicon),
        goal=read_goal(blocks, ledger, lexicon, wrapped=media in _WRAPPING),
        indicators=read_indicators(drafts.rows, ledger, lexicon),
        total=read_total(blocks.footer, drafts, ledger, lexicon),
        grade=read_grade(blocks.footer, ledger, lexicon),
        unreadable=tuple(ledger.unreadable),
        origins=MappingProxyType(ledger.origins),
    )


def _note_name(role: str, names: Mapping[str, Name], ledger: Ledger) -> str | None:
    name = names.get(role)
    if name is None:
        return None
    if not all(piece.legible for piece in name.pieces):
        ledger.refuse(f"/{role}", name.pieces)
        return None
    ledger.note(f"/{role}", name.pieces, name.confidence)
    return name.text


def _money_lines(blocks: Blocks) -> list[Line]:
    header = [blocks.money_header] if blocks.money_header is not None else []
    return [*header, *blocks.money, *blocks.head]


def _refuse_empty(forms: tuple[Form, ...], file: str) -> tuple[Form, ...]:
    """Refuse a document of which no form has a figure: unfilled, or stripped of its digits."""
    if any(_has_figures(form) for form in forms):
        return forms
    if any(form.project and form.indicators for form in forms):
        raise FormDigitsLost(f"文件“{file}”中的自评表只剩文字，数字没有提取出来，请换用原件。", file=file)
    raise FormBlank(f"文件“{file}”中的自评表没有填写，请填好后再导入。", file=file)


def _has_figures(form: Form) -> bool:
    rows = (form.money.total, form.money.fiscal, form.money.carried_over, form.money.other)
    amounts = (amount for row in rows for amount in (row.initial, row.budget, row.executed, row.score))
    scores = (value for item in form.indicators for value in (item.weight, item.score))
    return any(value is not None for value in (*amounts, *scores))
