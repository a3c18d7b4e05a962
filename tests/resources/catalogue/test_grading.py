"""What is made of something grave is grave itself; only what is gathered up may be lowered, with a reason."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import NOW
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings
from resources.catalogue.town import Town, a_content, published, step

from chengshu.kernel.audit.facade import Entry
from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.resources.contracts.grading import ColumnOrigin, DeclaredOrigin, Derivation, Lowering
from chengshu.resources.errors import ReasonMissing, ResourceInvalid
from chengshu.resources.facade import catalogue, grading, lineage_work
from chengshu.resources.facade.catalogue import DataResource, FieldContent, Step
from chengshu.resources.facade.grading import LoweringAsked
from chengshu.resources.facade.lineage import ScriptGiven, ScriptsGiven
from chengshu.resources.queries import grading as asking
from chengshu.resources.rules.grading import settle_grades
from chengshu.resources.rules.origins import read_origins, write_origins

TODAY = NOW.date()
IDENTITY, EXPRESSION, AGGREGATE, CONSTANT = (
    Derivation.IDENTITY,
    Derivation.EXPRESSION,
    Derivation.AGGREGATE,
    Derivation.CONSTANT,
)


@pytest.mark.parametrize(
    ("way", "lowering", "asked"),
    [
        (IDENTITY, None, 4),
        (EXPRESSION, Lowering(5, 1), 4),  # nothing is gathered up: there is nothing to lower
        (AGGREGATE, None, 4),
        (AGGREGATE, Lowering(4, 2), 2),
        (AGGREGATE, Lowering(3, 1), 4),  # the source became graver since
        (CONSTANT, None, 1),
    ],
)
def test_asks_by_how_a_field_is_made(way: Derivation, lowering: Lowering | None, asked: int) -> None:
    told = settle_grades({"to": 1}, {"to": [("from", way)]}, {"to": lowering} if lowering else {}, {"from": 4})
    assert told == {"to": asked}


def test_goes_all_the_way_also_in_circles_and_falls_back_when_the_source_does() -> None:
    origins = {"b": [("a", IDENTITY), ("c", EXPRESSION)], "c": [("b", IDENTITY)], "d": [("c", AGGREGATE)]}
    own = {"b": 1, "c": 2, "d": 1}
    assert settle_grades(own, origins, {}, {"a": 5}) == {"b": 5, "c": 5, "d": 5}
    assert settle_grades(own, origins, {}, {}) == {"b": 2, "c": 2, "d": 2}


_CODE = st.text("abc/-_1名", min_size=1, max_size=6).filter(lambda text: text not in {"直接", "加工", "汇总"})
_DECLARED = st.builds(DeclaredOrigin, _CODE, _CODE, st.sampled_from([IDENTITY, EXPRESSION, AGGREGATE]))


@given(st.lists(_DECLARED, max_size=5, unique=True))
def test_a_cell_of_origins_is_read_as_it_was_written(origins: list[DeclaredOrigin]) -> None:
    assert read_origins(write_origins(tuple(origins))) == tuple(origins)


def _derived(town: Town, text: str, *, code: str = "307/SC001", own: int = 1) -> DataResource:
    field = FieldContent("sfzh", "经办人号码", grade=own, derived_from=text)
    content = a_content(code=code, department="S-SC", fields=(field,))
    return catalogue.register_resource(content, actor=town.other, now=NOW)


def _grades(resource: DataResource) -> tuple[int, int]:
    resource.refresh_from_db()
    return resource.fields.get().grade, resource.grade


def test_an_entry_follows_what_it_is_declared_to_be_made_of(town: Town) -> None:
    source = published(town)
    near = _derived(town, "307/MZ001 sfzh")
    far = _derived(town, "加工 307/SC001 sfzh；307/MZ001 djrq", code="307/SC002")
    assert (_grades(near), _grades(far)) == ((3, 3), (3, 3))
    assert catalogue.standing_content(near).fields[0].grade == 1  # what the department said stays what it said
    fields = tuple(f if f.code != "sfzh" else FieldContent("sfzh", "公民身份号码", grade=5) for f in a_content().fields)
    catalogue.change_resource(source.pk, a_content(fields=fields), seen=source.revision, actor=town.operator, now=NOW)
    assert _grades(far) == (3, 3)  # not in force yet
    step(source, Step.SUBMIT, town.operator)
    step(source, Step.APPROVE, town.steward)
    assert (_grades(near), _grades(far)) == ((5, 5), (5, 5))
    trace = Entry.objects.get(action="resources.regrade", subject=f"resource:{far.pk}")
    assert (trace.before, trace.after) == ({"sfzh": 3}, {"sfzh": 5})
    content = catalogue.standing_content(near)
    plain = a_content(code=content.code, department="S-SC", fields=(FieldContent("sfzh", "经办人号码"),))
    catalogue.change_resource(near.pk, plain, seen=near.revision, actor=town.other, now=NOW)
    assert (_grades(near), _grades(far)) == ((1, 1), (1, 1))


def test_what_is_gathered_up_is_lowered_by_its_owner_with_a_reason_until_its_source_becomes_graver(town: Town) -> None:
    source = published(town)
    total = _derived(town, "汇总 307/MZ001 sfzh")
    assert _grades(total) == (3, 3)
    asked = LoweringAsked(total.pk, "sfzh", 1, "只给出全市人数")
    DataResource.objects.filter(pk=total.pk).update(state="published", version=1, published_at=NOW)  # all see it
    with pytest.raises(PermissionRefused):
        grading.lower_grade(asked, actor=town.operator, now=NOW)
    with pytest.raises(ReasonMissing):
        grading.lower_grade(LoweringAsked(total.pk, "sfzh", 1, " "), actor=town.other, now=NOW)
    with pytest.raises(ResourceInvalid):
        grading.lower_grade(LoweringAsked(total.pk, "sfzh", 3, "不低"), actor=town.other, now=NOW)
    grading.lower_grade(asked, actor=town.other, now=NOW)
    assert _grades(total) == (1, 1)
    assert Entry.objects.get(action="resources.lower_grade").reason == "只给出全市人数"
    told = grading.explain_grades(total, viewer=town.other, on=TODAY)["sfzh"]
    assert (told.holds, told.asked, told.lowered, told.reason) == (1, 1, 1, "只给出全市人数")
    assert [(o.name, o.field, o.grade) for o in told.origins] == [("婚姻登记信息", "sfzh", 3)]
    fields = (FieldContent("sfzh", "公民身份号码", grade=4, is_key=True),)
    catalogue.change_resource(source.pk, a_content(fields=fields), seen=source.revision, actor=town.operator, now=NOW)
    step(source, Step.SUBMIT, town.operator)
    step(source, Step.APPROVE, town.steward)
    assert _grades(total) == (4, 4)


@pytest.fixture
def traced() -> Iterator[list[ColumnOrigin]]:
    """Let lineage know what the test puts in."""
    known: list[ColumnOrigin] = []

    def tell(ids: object) -> list[ColumnOrigin]:
        return [origin for origin in known if origin.resource_id in set(ids)]  # type: ignore[call-overload]  # ids

    asking.register_origins(tell)
    yield known
    asking._listers.remove(tell)  # noqa: SLF001 - what this test registered


def test_lineage_counts_as_what_is_declared_does(town: Town, traced: list[ColumnOrigin]) -> None:
    source, topic = published(town), _derived(town, "")
    traced.append(ColumnOrigin(topic.pk, "sfzh", source.pk, "sfzh", EXPRESSION))
    assert grading.regrade([topic.pk], now=NOW) == 1
    assert _grades(topic) == (3, 3)
    content = catalogue.standing_content(topic)
    catalogue.change_resource(topic.pk, content, seen=topic.revision, actor=town.other, now=NOW)
    assert _grades(topic) == (3, 3)
    assert grading.regrade([topic.pk], now=NOW) == 0
    traced.clear()
    grading.regrade_all(NOW)
    assert _grades(topic) == (1, 1)


def test_a_cell_that_names_no_field_is_refused_with_its_cure(town: Town) -> None:
    with pytest.raises(ResourceInvalid, match="目录编码、空格、信息项代码"):
        _derived(town, "307/MZ001")


def test_saved_lineage_grades_through_tables_that_are_no_entry(town: Town, settings: Settings, tmp_path: Path) -> None:
    settings.LAKE_ROOT = tmp_path
    source = published(town)
    topic = _derived(town, "", code="topic_people")
    total = _derived(town, "", code="topic_total")
    text = """
        create table dwd as select upper(sfzh) as no from "307/MZ001";
        create table topic_people as select no as sfzh from dwd;
        create table topic_total as select count(sfzh) as sfzh from topic_people where sfzh > '0';
    """
    given = ScriptsGiven("加工", "S-SC", "postgres", (ScriptGiven("a.sql", text),))
    lineage_work.take_scripts(given, actor=town.other, now=NOW)
    lineage_work.build_graph()
    grading.regrade_traced(NOW)
    assert (_grades(topic), _grades(total)) == ((3, 3), (3, 3))
    told = grading.explain_grades(total, viewer=town.other, on=TODAY)["sfzh"]
    assert [(o.code, o.field, o.way, o.is_traced) for o in told.origins] == [("topic_people", "sfzh", AGGREGATE, True)]
    grading.lower_grade(LoweringAsked(total.pk, "sfzh", 1, "只给出人数"), actor=town.other, now=NOW)
    assert _grades(total) == (1, 1)
    assert grading.explain_grades(source, viewer=town.other, on=TODAY) == {}
