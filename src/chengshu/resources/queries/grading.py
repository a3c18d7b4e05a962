"""Of which fields fields are made, as far as the catalogue and lineage know, and why a field has its grade."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date

from chengshu.kernel.grants import facade as grants
from chengshu.resources.contracts.grading import ColumnOrigin, Derivation, GradeTold, OriginTold
from chengshu.resources.models import DataResource, Field, FieldOrigin, LoweredGrade
from chengshu.resources.rules.grading import Graded, gathered_grade

ListOrigins = Callable[[Collection[int]], Iterable[ColumnOrigin]]
_listers: list[ListOrigins] = []


def register_origins(lister: ListOrigins) -> None:
    """Let a part of the platform tell of which fields those of some entries are made; twice the same counts once."""
    if lister not in _listers:
        _listers.append(lister)


def trace_origins(resource_ids: Collection[int]) -> list[ColumnOrigin]:
    """Ask all who know of which fields those of some entries are made."""
    return [origin for lister in _listers for origin in lister(resource_ids)]


def list_derived(codes: Collection[str]) -> set[int]:
    """Give the entries that have a field made of one of these, near or far."""
    found: set[int] = set()
    reached = set(codes)
    while reached:
        rows = FieldOrigin.objects.filter(source_code__in=reached).values_list("resource_id", flat=True)
        new = set(rows.distinct()) - found
        found |= new
        reached = set(DataResource.objects.filter(pk__in=new).values_list("code", flat=True))
    return found


def explain_grades(resource: DataResource, *, viewer: grants.Viewer, on: date) -> Mapping[str, GradeTold]:
    """Tell of each field that has origins why it has its grade; names of entries out of sight are left out."""
    rows = list(FieldOrigin.objects.filter(resource=resource).order_by("field", "source_code", "source_field"))
    if not rows:
        return {}
    grades, names = _look_up(rows), _names(rows, viewer, on)
    lowered = {row.field: row for row in LoweredGrade.objects.filter(resource=resource)}
    told = {}
    for field in Field.objects.filter(resource=resource, code__in={row.field for row in rows}):
        own = [row for row in rows if row.field == field.code]
        graded = [
            Graded(grades.get((row.source_code, row.source_field), 1), Derivation(row.way))
            for row in own
            if Derivation(row.way) is not Derivation.CONSTANT
        ]
        low = lowered.get(field.code)
        told[field.code] = GradeTold(
            field.own_grade,
            field.origin_grade,
            field.grade,
            tuple(_tell(row, grades, names) for row in own),
            low.grade if low else None,
            low.reason if low else "",
            gathered_grade(graded) > 1,
        )
    return told


def _look_up(rows: Iterable[FieldOrigin]) -> dict[tuple[str, str], int]:
    wanted = {(row.source_code, row.source_field) for row in rows}
    codes = {code for code, _field in wanted}
    found = Field.objects.filter(resource__code__in=codes, code__in={field for _code, field in wanted})
    return {(code, field): grade for code, field, grade in found.values_list("resource__code", "code", "grade")}


def _names(rows: Iterable[FieldOrigin], viewer: grants.Viewer, on: date) -> dict[str, tuple[int, str]]:
    codes = {row.source_code for row in rows}
    seen = DataResource.objects.visible_to(viewer, on=on).filter(code__in=codes)
    return {code: (pk, name) for code, pk, name in seen.values_list("code", "pk", "name")}


def _tell(row: FieldOrigin, grades: Mapping[tuple[str, str], int], names: Mapping[str, tuple[int, str]]) -> OriginTold:
    pk, name = names.get(row.source_code, (None, ""))
    grade = grades.get((row.source_code, row.source_field))
    return OriginTold(row.source_code, name, row.source_field, Derivation(row.way), grade, pk, row.is_traced)
