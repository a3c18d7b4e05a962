"""Prints the example records as the files that an office would hand in: every template in every format."""

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from chengshu.performance.contracts import Form
from chengshu.performance.contracts.wire import form_from_record
from chengshu.performance.papers.forms import FORM_KINDS, render_forms


def render_examples(records_dir: Path, out_dir: Path, *, font_dir: Path | None = None) -> list[Path]:
    """Deal the forms of each template out over the formats and write one file a template and format.

    `records_dir` holds one record a file, named in order of appearance; every form is printed once, on its own
    template, so that a load of the folder meets each form once. Gives the files written, in order of name.

    Raises RecordInvalid for a file that is no record.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    written = []
    for template, forms in _by_template(_read_records(records_dir)):
        for number, kind in enumerate(FORM_KINDS):
            dealt = forms[number :: len(FORM_KINDS)]
            if dealt:
                path = out_dir / f"{template}.{kind}"
                path.write_bytes(render_forms(dealt, kind=kind, font_dir=font_dir))
                written.append(path)
    return sorted(written)


def _read_records(directory: Path) -> Iterator[Form]:
    for path in sorted(directory.glob("[0-9]*.json")):
        yield form_from_record(json.loads(path.read_text(encoding="utf-8")))


def _by_template(forms: Iterator[Form]) -> Iterator[tuple[str, Sequence[Form]]]:
    ordered = sorted(forms, key=lambda form: form.template)
    for template, group in groupby(ordered, key=lambda form: form.template):
        yield template, list(group)
