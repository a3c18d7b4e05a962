"""Prints forms: one form or many in one file, in the template's own look, in every format that offices use."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Literal, get_args

from chengshu.performance.contracts import Form
from chengshu.performance.papers.compose import compose_sheet
from chengshu.performance.papers.layouts import choose_layout, get_layout
from chengshu.performance.papers.sheets import Sheet
from chengshu.performance.papers.writers.docx import write_docx
from chengshu.performance.papers.writers.html import write_html
from chengshu.performance.papers.writers.pdf import write_pdf
from chengshu.performance.papers.writers.plain import write_csv, write_md, write_txt
from chengshu.performance.papers.writers.xlsx import write_xlsx

FormKind = Literal["xlsx", "docx", "pdf", "html", "csv", "md", "txt"]
FORM_KINDS: tuple[FormKind, ...] = get_args(FormKind)

_WRITERS: Mapping[FormKind, Callable[[Sequence[Sheet]], bytes]] = MappingProxyType(
    {
        "xlsx": write_xlsx,
        "docx": write_docx,
        "html": write_html,
        "csv": write_csv,
        "md": write_md,
        "txt": write_txt,
    }
)


def render_form(form: Form, *, template: str | None = None, kind: FormKind, font_dir: Path | None = None) -> bytes:
    """Print one form; see `render_forms`."""
    return render_forms([form], template=template, kind=kind, font_dir=font_dir)


def render_forms(
    forms: Sequence[Form], *, template: str | None = None, kind: FormKind, font_dir: Path | None = None
) -> bytes:
    """Print forms into one file, each on a worksheet or page of its own, in the order given.

    `template` names the paper for all of them; without it every form goes on its own template's paper, or on the
    national one where its template has none. `font_dir` is where the PDF's Chinese font lies; without it the
    machine's fonts serve. Nothing is computed: values stand as the forms have them.

    Raises ProfileInvalid for an unknown template.
    """
    chosen = None if template is None else get_layout(template)
    sheets = [compose_sheet(form, chosen or choose_layout(form.template)) for form in forms]
    if kind == "pdf":
        return write_pdf(sheets, font_dir=font_dir)
    return _WRITERS[kind](sheets)
