"""What ties fields to others and bounds elements: said by departments, checked with the entry, kept in step."""

from dataclasses import replace

import pytest
from conftest import NOW
from resources.catalogue.town import Town, a_content, published, step

from chengshu.resources.contracts.catalogue import FieldContent, ResourceContent, ValueType
from chengshu.resources.errors import ElementInvalid, ResourceInvalid
from chengshu.resources.facade import catalogue, elements
from chengshu.resources.facade.catalogue import Step
from chengshu.resources.facade.elements import ElementContent
from chengshu.resources.rules.compliance import check_entry
from chengshu.resources.rules.profiles import get_profile
from chengshu.resources.rules.tables import FIELD_COLUMNS, read_field, write_fields

_DAY, _MOMENT = ValueType.DATE, ValueType.MOMENT


def _tied(**ties: str) -> ResourceContent:
    """Give an entry with three days and a text; `ties` are what each may not be earlier than."""
    days = tuple(FieldContent(code, f"日期{code}", _DAY, not_before=ties.get(code, "")) for code in ("a", "b", "c"))
    return a_content(fields=(FieldContent("djbh", "登记编号", is_key=True), *days, FieldContent("m", "时刻", _MOMENT)))


def _faults(content: ResourceContent, *references: str) -> list[tuple[str, str]]:
    return [(f.place, f.rule) for f in check_entry(content, get_profile("national"), {}, references)]


@pytest.mark.parametrize(
    ("ties", "faults"),
    [
        ({"b": "a", "c": "b"}, []),
        ({"b": "z"}, [("fields/b/not_before", "not_before_unknown")]),
        ({"b": "djbh"}, [("fields/b/not_before", "not_before_undated")]),
        ({"b": "m"}, [("fields/b/not_before", "not_before_undated")]),
        ({"a": "a"}, [("fields/a/not_before", "not_before_in_circle")]),
        (
            {"a": "b", "b": "c", "c": "b"},
            [("fields/b/not_before", "not_before_in_circle"), ("fields/c/not_before", "not_before_in_circle")],
        ),
    ],
)
def test_days_that_contradict_each_other_are_faults(ties: dict[str, str], faults: list[tuple[str, str]]) -> None:
    assert _faults(_tied(**ties)) == faults


def test_references_lead_to_a_field_that_is_there_and_not_to_themselves() -> None:
    fields = (
        FieldContent("djbh", "登记编号", is_key=True),
        FieldContent("sfzh", "身份号码", refers_to="307/GA001 sfzh"),
    )
    content = a_content(fields=fields)
    assert _faults(content) == [("fields/sfzh/refers_to", "refers_to_unknown")]
    assert _faults(content, "307/GA001 sfzh") == []
    inward = replace(content, fields=(fields[0], replace(fields[1], refers_to="307/MZ001 djbh")))
    assert _faults(inward) == []
    onto = replace(content, fields=(fields[0], replace(fields[1], refers_to="307/MZ001 sfzh")))
    assert _faults(onto) == [("fields/sfzh/refers_to", "refers_to_itself")]


def test_ties_go_through_the_workbook_and_back() -> None:
    field = FieldContent("lhrq", "离婚日期", _DAY, not_before="djrq", refers_to="307/GA001 swrq")
    (row,) = write_fields(a_content(fields=(field,)))
    assert read_field(row, dict(enumerate(FIELD_COLUMNS))) == ("307/MZ001", field)
    broken = [*row[:-1], "307/GA001"]
    with pytest.raises(ResourceInvalid, match="如“307/GA001 sfzh”"):
        read_field(broken, dict(enumerate(FIELD_COLUMNS)))


def test_an_entry_is_complete_once_what_it_refers_to_is_published_and_no_longer_when_that_is_taken_down(
    town: Town,
) -> None:
    field = FieldContent("zh", "登记编号", refers_to="307/MZ001   djbh")
    told = a_content(code="307/MZ002", fields=(FieldContent("id", "编号", is_key=True), field))
    referring = catalogue.register_resource(told, actor=town.operator, now=NOW)
    assert (referring.fault_count, catalogue.open_content(referring).fields[1].refers_to) == (1, "307/MZ001 djbh")
    other = published(town)
    referring.refresh_from_db()
    assert referring.fault_count == 0
    step(other, Step.WITHDRAW, town.steward, "不再归集")
    referring.refresh_from_db()
    assert referring.fault_count == 1


def test_what_is_tied_anew_shows_among_the_differences_of_the_next_edition(town: Town) -> None:
    resource = published(town)
    content = catalogue.open_content(resource)
    fields = (*content.fields, FieldContent("lhrq", "离婚日期", _DAY))
    changed = replace(content, fields=fields)
    for tied in (changed, replace(changed, fields=(*fields[:-1], replace(fields[-1], not_before="djrq")))):
        resource = catalogue.change_resource(resource.pk, tied, seen=resource.revision, actor=town.operator, now=NOW)
        step(resource, Step.SUBMIT, town.operator)
        step(resource, Step.APPROVE, town.steward)
    (found,) = catalogue.compare_editions(catalogue.get_edition(resource.pk, 3))
    assert (found.place, found.before, found.after) == ("fields/lhrq/not_before", "", "djrq")


class TestRange:
    @pytest.mark.parametrize(
        ("least", "most", "kind", "kept"),
        [
            (" 0", "150", ValueType.INTEGER, ("0", "150")),
            ("-0.50", "", ValueType.DECIMAL, ("-0.50", "")),
            ("1e3", "1000", ValueType.INTEGER, ("1000", "1000")),
            ("1949-10-01", "", _DAY, ("1949-10-01", "")),
        ],
    )
    def test_is_kept_as_it_is_meant(self, town: Town, least: str, most: str, kind: ValueType, kept: object) -> None:
        told = ElementContent("DE-1", "数", kind, least=least, most=most)
        element = elements.keep_element(told, actor=town.steward, now=NOW)
        element.refresh_from_db()
        assert (element.least, element.most) == kept

    @pytest.mark.parametrize(
        ("least", "most", "kind", "place"),
        [
            ("2", "1", ValueType.INTEGER, "least"),
            ("0.5", "", ValueType.INTEGER, "least"),
            ("", "多", ValueType.DECIMAL, "most"),
            ("", "NaN", ValueType.DECIMAL, "most"),
            ("", "1" * 16, ValueType.DECIMAL, "most"),
            ("1e999", "", ValueType.DECIMAL, "least"),
            ("20240230", "", _DAY, "least"),
            ("1", "", ValueType.TEXT, "least"),
            ("", "2024-01-01", _MOMENT, "most"),
        ],
    )
    def test_that_makes_no_sense_is_refused_at_its_place(
        self, town: Town, least: str, most: str, kind: ValueType, place: str
    ) -> None:
        told = ElementContent("DE-1", "数", kind, least=least, most=most)
        with pytest.raises(ElementInvalid) as refused:
            elements.keep_element(told, actor=town.steward, now=NOW)
        assert refused.value.details["field"] == place
