import pytest
import sqlglot
from dataplane.spec.drawing import draw_shape

from chengshu.dataplane.errors import PipelineFault
from chengshu.dataplane.pipelines.pipeline import Pipeline, Step
from chengshu.dataplane.tables.shapes import Type

PEOPLE = draw_shape("people", "id:integer|name:text|pay:decimal(10,2)|born:date")
CITIES = draw_shape("cities", "code:text")


def _make(*steps: Step, **others: object) -> Pipeline:
    return Pipeline("试", (PEOPLE,), steps, **others)  # type: ignore[arg-type]


def test_steps_may_stand_in_any_order() -> None:
    late = Step("late", "SELECT id FROM early WHERE id > 1")
    early = Step("early", "SELECT id FROM people")
    made = _make(late, early, outcome="late")
    assert [step.name for step in made.resolved] == ["early", "late"]
    assert made.fields == {"id": Type.INTEGER}
    assert made.step("late").inputs == ("early",)


def test_a_step_may_be_a_tree() -> None:
    made = _make(Step("a", sqlglot.select("id").from_("people"), inputs=("people",)))
    assert made.fields == {"id": Type.INTEGER}


def test_what_a_step_stands_on_is_known() -> None:
    steps = (
        Step("a", "SELECT id FROM people"),
        Step("b", "SELECT id FROM people WHERE id > 1"),
        Step("c", "SELECT id FROM a UNION ALL SELECT id FROM b"),
        Step("d", "SELECT id FROM c"),
    )
    made = _make(*steps)
    assert [step.name for step in made.ancestors("b")] == ["b"]
    assert {step.name for step in made.ancestors("c")} == {"a", "b", "c"}
    assert made.ancestors("c")[-1].name == "c"


A = Step("a", "SELECT id FROM people")
FAULTS = {
    "no steps": ((), "没有步骤"),
    "two of a name": ((A, A), "“a”用了两次"),
    "the name of an input": ((Step("people", "SELECT id FROM people"),), "“people”用了两次"),
    "capitals": ((Step("A", "SELECT id FROM people"),), "名称“A”不合用"),
    "unknown input": ((Step("a", "SELECT id FROM peopel"),), "读“peopel”，但没有这个输入或步骤；有的是：people"),
    "a circle": ((Step("a", "SELECT id FROM b"), Step("b", "SELECT id FROM a JOIN people USING (id)")), "绕成一圈"),
    "itself": ((Step("a", "SELECT id FROM a"),), "绕成一圈"),
    "unused": ((A, Step("b", "SELECT id FROM people")), "“a”没有用到"),
    "another input": (
        (Step("a", "SELECT id FROM people", inputs=("cities",)),),
        "声明读“cities”，查询读的却是“people”",
    ),
    "syntax": ((Step("a", "SELECT id FROM people WHERE"),), "步骤“a”：SQL 有语法错误：第 1 行"),
    "two statements": ((Step("a", "SELECT id FROM people; SELECT 1"),), "一步应是一条查询"),
    "a change": ((Step("a", "DELETE FROM people"),), "一步应是一条查询"),
    "nothing": ((Step("a", ""),), "一步应是一条查询"),
    "with": ((Step("a", "WITH x AS (SELECT id FROM people) SELECT id FROM x JOIN people USING (id)"),), "WITH"),
    "a column": ((Step("a", "SELECT idd FROM people"),), "步骤“a”：名称对不上"),
    "a column of the step before": ((A, Step("b", "SELECT name FROM a")), "步骤“b”：名称对不上"),
    "a type": ((Step("a", "SELECT id || name AS x FROM people"),), "请先用 CAST"),
    "a parameter": ((Step("a", "SELECT id FROM people WHERE id = $id"),), "不是这条管道声明的参数"),
    "a database": ((Step("a", "SELECT id FROM other.people"),), "不能直接读"),
    "a sample": ((Step("a", "SELECT id FROM people USING SAMPLE 10"),), "步骤“a”"),
    "rollup": ((Step("a", "SELECT id FROM people GROUP BY ROLLUP (id)"),), "步骤“a”"),
    "all": ((Step("a", "SELECT id FROM people GROUP BY ALL"),), "ALL 不可用"),
    "as of": ((Step("a", "SELECT p.id FROM people p ASOF JOIN people q ON p.id >= q.id"),), "这种连接不可用"),
    "by name": ((Step("a", "SELECT id FROM people UNION BY NAME SELECT id FROM people"),), "BY_NAME 不可用"),
    "distinct on": ((Step("a", "SELECT DISTINCT ON (id) id FROM people"),), "ROW_NUMBER"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_steps_that_do_not_fit_are_refused_before_anything_runs(fault: str) -> None:
    steps, message = FAULTS[fault]
    with pytest.raises(PipelineFault) as raised:
        _make(*steps)
    assert message in raised.value.message
    assert "\x1b" not in raised.value.message


def test_an_input_that_is_not_read_is_refused() -> None:
    with pytest.raises(PipelineFault, match="“cities”没有用到"):
        Pipeline("试", (PEOPLE, CITIES), (A,))


def test_an_outcome_that_is_no_step_is_refused() -> None:
    with pytest.raises(PipelineFault, match="结果“z”不是其中的步骤"):
        _make(A, outcome="z")


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("id:integer|name:text", "缺少字段“name”"),
        ("ident:integer", "多出字段“id”"),
        ("id:text", "字段“id”应为 text，实为 integer"),
    ],
)
def test_an_outcome_that_does_not_fit_its_declaration_is_refused(output: str, message: str) -> None:
    with pytest.raises(PipelineFault, match=message):
        _make(A, output=draw_shape("out", output))


def test_a_step_is_asked_by_name() -> None:
    with pytest.raises(PipelineFault, match="没有名为“z”的步骤"):
        _make(A).step("z")
