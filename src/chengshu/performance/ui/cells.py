"""The chosen cell: where its value came from, what can be typed into it, and the source rows beside the form."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from chengshu.performance import facade
from chengshu.performance.contracts import Form
from chengshu.performance.facade import Correction, CorrectionInvalid, FormRecord, Kind
from chengshu.performance.ui.remarks import Remark
from chengshu.performance.ui.wording import name_cell

_LONG_FIELDS = ("/goal/", "/reason", "/target", "/actual")


@dataclass(frozen=True, slots=True)
class SourceCell:
    """One cell of the source; `origin` is the part of it that the chosen value came from, empty for the others."""

    before: str
    origin: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of the source and where it stands."""

    place: str
    cells: tuple[SourceCell, ...]
    is_origin: bool


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One correction as the history shows it; `can_undo` for the last one that stands on its cell."""

    correction: Correction
    can_undo: bool


@dataclass(frozen=True, slots=True)
class ChosenCell:
    """What the drawer says of one cell; `kind` is None for a cell that cannot be corrected."""

    pointer: str
    name: str
    value: str | None
    kind: Kind | None
    is_long: bool
    raw: str | None
    place: str
    confidence_pct: int | None
    findings: tuple[Remark, ...]
    history: tuple[HistoryLine, ...]

    @property
    def choices(self) -> tuple[str, ...]:
        """The values that can be chosen, for cells of few values."""
        if self.kind is Kind.GRADE:
            return facade.GRADES
        return facade.MONEY_UNITS if self.kind is Kind.MONEY_UNIT else ()


def choose_cell(
    stored: FormRecord,
    form: Form,
    pointer: str,
    *,
    findings: Sequence[Remark],
    history: Sequence[Correction],
) -> ChosenCell | None:
    """Gather what is known of a cell; None for a pointer that leads to no cell of the form."""
    try:
        kind = facade.kind_of(pointer)
        value = facade.value_at(stored.content.record, pointer)
    except CorrectionInvalid:
        return None
    origin = stored.content.origins.get(pointer)
    return ChosenCell(
        pointer=pointer,
        name=name_cell(pointer, form),
        value=value,
        kind=kind,
        is_long=kind is Kind.TEXT and any(part in pointer for part in _LONG_FIELDS),
        raw=None if origin is None else origin["raw"],
        place="" if origin is None else name_place(origin["place"]),
        confidence_pct=None if origin is None else round(origin["confidence"] * 100),
        findings=tuple(item for item in findings if item.field == pointer),
        history=tuple(_history_lines([item for item in history if item.field == pointer])),
    )


def standing_fields(history: Sequence[Correction]) -> frozenset[str]:
    """Give the cells whose value stands by correction."""
    return frozenset(item.field for item in history if _stands(item))


def name_place(place: Mapping[str, Any]) -> str:
    """Say where a cell stands in its file."""
    parts = []
    if "page" in place:
        parts.append(gettext("第 %(page)s 页") % {"page": place["page"]})
    if "sheet" in place:
        parts.append(gettext("工作表“%(sheet)s”") % {"sheet": place["sheet"]})
    if "line" in place:
        parts.append(gettext("第 %(line)s 行") % {"line": place["line"]})
    if "ref" in place:
        parts.append(str(place["ref"]))
    return " ".join(parts)


def list_source_rows(stored: FormRecord, pointer: str, rows: Iterable[Mapping[str, Any]]) -> list[SourceRow]:
    """Word rows of the source that the form covers, the origin of the chosen cell marked."""
    origin = stored.content.origins.get(pointer)
    return [_source_row(row, origin) for row in rows]


def _history_lines(history: Sequence[Correction]) -> Iterator[HistoryLine]:
    """Word the history of one cell, newest first."""
    last = next((item for item in history if _stands(item)), None)
    return (HistoryLine(item, item is last) for item in history)


def _stands(correction: Correction) -> bool:
    return correction.undoes_id is None and not hasattr(correction, "undone_by")


def _source_row(row: Mapping[str, Any], origin: Mapping[str, Any] | None) -> SourceRow:
    cells = tuple(_source_cells(row, origin))
    place = row["cells"][0]["place"] if row["cells"] else {}
    where = {key: value for key, value in place.items() if key != "ref"} or place
    is_origin = origin is not None and any(cell["place"] == origin["place"] for cell in row["cells"])
    return SourceRow(name_place(where), cells, is_origin)


def _source_cells(row: Mapping[str, Any], origin: Mapping[str, Any] | None) -> Iterator[SourceCell]:
    """Mark the raw text where it is certain: the whole cell, or the only place in a longer one."""
    for cell in row["cells"]:
        text = cell["text"]
        raw = origin["raw"].strip() if origin is not None and cell["place"] == origin["place"] else ""
        if raw and text.count(raw) == 1:
            before, _, after = text.partition(raw)
            yield SourceCell(before, raw, after)
        else:
            yield SourceCell(text)
