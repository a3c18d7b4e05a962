"""What an entry lacks by its profile, what differs between two of them, and how values are masked."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resources.catalogue.town import a_content

from chengshu.resources.contracts.catalogue import (
    Access,
    Difference,
    EntryFault,
    FieldContent,
    ListContent,
    ListKind,
    ResourceContent,
    ResourceKind,
    ValueType,
)
from chengshu.resources.errors import ProfileInvalid, ProfileUnknown
from chengshu.resources.rules.compliance import ElementFacts, check_entry
from chengshu.resources.rules.contents import content_from_plain, plain_content
from chengshu.resources.rules.differences import list_differences
from chengshu.resources.rules.masking import mask_value
from chengshu.resources.rules.profiles import get_profile, list_profiles, read_profile
from chengshu.resources.rules.tables import ENTRY_COLUMNS, read_entry, write_entry

_NEGATIVE = ListContent(ListKind.NEGATIVE, "《某法》第三条")
_DEMAND = ListContent(ListKind.DEMAND, "核验婚姻状况", "2024-05-06", "市人社局", "李四 021-1", "2024-12-31")
_ID = ElementFacts("DE-ID", "公民身份号码", ValueType.TEXT, 18, 3)


def _faults(content: ResourceContent, profile: str = "national") -> list[tuple[str, str]]:
    return [(f.place, f.rule) for f in check_entry(content, get_profile(profile), {"DE-ID": _ID})]


@pytest.mark.parametrize(
    ("more", "faults"),
    [
        ({}, []),
        ({"summary": ""}, [("summary", "missing")]),
        ({"summary": "短"}, [("summary", "too_short")]),
        ({"code": "编码"}, [("code", "not_in_form")]),
        ({"fields": ()}, [("fields", "too_few_fields")]),
        ({"fields": (), "kind": ResourceKind.PICTURE}, []),
        ({"sharing_terms": ""}, [("sharing_terms", "missing")]),
        ({"sharing": Access.FREE, "sharing_terms": ""}, []),
        ({"sharing": Access.REFUSED}, [("lists/negative", "refusal_without_basis")]),
        ({"sharing": Access.REFUSED, "lists": (_NEGATIVE,)}, []),
        ({"lists": (_NEGATIVE,)}, [("lists/negative", "negative_but_shared")]),
        ({"lists": (_DEMAND,)}, []),
        ({"lists": (replace(_DEMAND, requester=""),)}, [("lists/demand", "demand_without_requester")]),
        ({"fields": (FieldContent("xm", "XM"),)}, [("fields/xm/name", "name_not_chinese")]),
        ({"fields": (FieldContent("xm", ""),)}, [("fields/xm/name", "missing")]),
        ({"fields": (FieldContent("a", "号", element="DE-ID"),)}, [("fields/a/grade", "grade_below_element")]),
        ({"fields": (FieldContent("a", "号", element="?"),)}, [("fields/a/element", "element_unknown")]),
    ],
)
def test_the_national_profile(more: dict[str, object], faults: list[tuple[str, str]]) -> None:
    assert _faults(a_content(**more)) == faults


def test_a_demand_differs_by_who_asks_and_until_when() -> None:
    before = plain_content(a_content(lists=(_DEMAND,)))
    assert content_from_plain(before).lists == (_DEMAND,)
    changed = replace(_DEMAND, requester="市医保局", wanted_by="")
    told = {d.place: (d.before, d.after) for d in list_differences(before, plain_content(a_content(lists=(changed,))))}
    assert told == {
        "lists/demand/requester": ("市人社局", "市医保局"),
        "lists/demand/wanted_by": ("2024-12-31", ""),
    }


def test_a_demand_goes_through_a_workbook_and_back() -> None:
    content = a_content(lists=(_DEMAND,), fields=())
    columns = dict(enumerate(ENTRY_COLUMNS))
    assert read_entry(write_entry(content), columns, content) == content
    (told,) = read_entry(write_entry(content), columns, None).lists
    assert told == replace(_DEMAND, since=""), "the day of a demand has no column"
    other = [*write_entry(content)]
    other[[column.place for column in ENTRY_COLUMNS].index("requester")] = "市医保局"
    assert read_entry(other, columns, content).lists == (replace(_DEMAND, requester="市医保局"),)


def test_a_list_that_names_nobody_is_written_as_it_always_was() -> None:
    (told,) = plain_content(a_content(lists=(_NEGATIVE,)))["lists"]
    assert told == {"kind": "negative", "basis": "《某法》第三条", "since": ""}


def test_the_profile_of_shanghai_asks_for_more() -> None:
    fields = (FieldContent("a", "号", ValueType.DATE, 8, element="DE-ID", grade=3, description="号"),)
    assert _faults(a_content(fields=fields), "shanghai") == [
        ("system", "missing"),
        ("lists/responsibility", "not_on_list"),
        ("fields", "no_key"),
        ("fields/a/type", "type_differs_from_element"),
        ("fields/a/length", "shorter_than_element"),
    ]


def test_every_profile_says_where_it_is_from_and_what_was_not_verified() -> None:
    profiles = list_profiles()
    assert [profile.name for profile in profiles] == ["national", "shanghai"]
    assert all(profile.source and profile.unverified for profile in profiles)


@pytest.mark.parametrize("name", ["beijing", "../national", ""])
def test_a_profile_that_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(ProfileUnknown):
        get_profile(name)


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"entry": {"nowhere": {}}},
        {"entry": {"name": {"loudest": 3}}},
        {"fields": {"mandatory": ["nothing"]}},
    ],
)
def test_a_profile_that_breaks_its_schema_is_refused(broken: dict[str, object]) -> None:
    whole: dict[str, object] = {"name": "x", "title": "x", "source": "x", "entry": {}, "fields": {}} | broken
    if not broken:
        del whole["source"]
    with pytest.raises(ProfileInvalid):
        read_profile(whole)


def test_differences_name_fields_by_their_code_and_tell_moves() -> None:
    before = plain_content(
        a_content(fields=(FieldContent("a", "甲"), FieldContent("b", "乙"), FieldContent("c", "丙")))
    )
    after = plain_content(
        a_content(fields=(FieldContent("c", "丙"), FieldContent("a", "甲", length=9), FieldContent("d", "丁")))
    )
    assert list_differences(before, after) == [
        Difference("fields/b", "乙", None),
        Difference("fields/a/length", "", "9"),
        Difference("fields/d", None, "丁"),
        Difference("fields/c/number", "2", "1"),
        Difference("fields/a/number", "1", "2"),
    ]


def test_an_entry_comes_back_from_plain_data_as_it_was() -> None:
    content = a_content(lists=(_NEGATIVE,))
    assert content_from_plain(plain_content(content)) == content
    assert list_differences(plain_content(content), plain_content(content)) == []


def test_a_fault_tells_its_value() -> None:
    (fault,) = check_entry(a_content(summary="短"), get_profile("national"), {})
    assert fault == EntryFault("summary", "too_short", "10")


@pytest.mark.parametrize(
    ("value", "grade", "shown"),
    [
        ("张三", 1, "张三"),
        ("张三", 2, "张三"),
        ("张三", 3, "张*"),
        ("310101199001011234", 3, "310***********1234"),
        ("张三", 4, "●●●"),
        ("张三", 5, "●●●"),
        ("", 5, ""),
    ],
)
def test_values_are_masked_by_grade(value: str, grade: int, shown: str) -> None:
    assert mask_value(value, grade) == shown


@given(st.text(min_size=2, max_size=40))
def test_grade_three_never_shows_a_whole_value(value: str) -> None:
    assert mask_value(value + "尾", 3) != value + "尾" or set(value + "尾") == {"*"}
