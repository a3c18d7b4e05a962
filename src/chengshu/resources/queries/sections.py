"""Who tells what of a resource: collection, quality and lineage register here while Django starts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from chengshu.kernel.grants import facade as grants
from chengshu.resources.contracts.sections import SectionKey, SectionTold, Teller
from chengshu.resources.models import DataResource, Field
from chengshu.resources.rules.masking import HIDDEN, mask_value

_tellers: dict[SectionKey, list[Teller]] = {key: [] for key in SectionKey}


def register_section(key: SectionKey, teller: Teller) -> None:
    """Let a part of the platform answer a question about resources; twice the same counts once.

    Columns of a sample are named by the codes of fields in its header; its values are masked here.
    """
    if teller not in _tellers[key]:
        _tellers[key].append(teller)


def tell_sections(resource: DataResource, *, viewer: grants.Viewer, on: date) -> Mapping[SectionKey, list[SectionTold]]:
    """Give what is known to each question; an empty list where nobody knows anything yet."""
    told = {
        key: [answer for teller in tellers if (answer := teller(resource.pk, viewer, on)) is not None]
        for key, tellers in _tellers.items()
    }
    told[SectionKey.SAMPLE] = [_mask(resource, sample) for sample in told[SectionKey.SAMPLE]]
    return told


def _mask(resource: DataResource, sample: SectionTold) -> SectionTold:
    """Mask each column by the grade of its field and head it by its name; one that is no field of the resource is hidden."""
    rows_of_fields = list(Field.objects.filter(resource=resource).values_list("code", "grade", "name"))
    grades = {code: grade for code, grade, _name in rows_of_fields}
    names = {code: name for code, _grade, name in rows_of_fields}
    rows = tuple(
        tuple(
            mask_value(value, grades[column]) if column in grades else HIDDEN
            for column, value in zip(sample.header, row, strict=True)
        )
        for row in sample.rows
    )
    return replace(sample, header=tuple(names.get(column, column) for column in sample.header), rows=rows)
