"""Rules that follow from the catalogue hold in the standard table too; a rule of some rows alone does not."""

from chengshu.resources.contracts.processing import RecipeColumn
from chengshu.resources.contracts.quality import FieldFacts
from chengshu.resources.pipelines.standard_rows import condition_of
from chengshu.resources.rules.quality import rules_of_fields

_COLUMNS = {
    code: RecipeColumn(code=code, name=code, type="date", raw_type="text", element="", grade=1, is_key=False)
    for code in ("jhrq", "lhrq")
}


def test_a_range_and_an_order_of_the_catalogue_are_conditions_of_a_row() -> None:
    field = FieldFacts("lhrq", "离婚日期", "date", least="1950-05-01", not_before=("jhrq", "结婚日期"))
    made = {draft.definition["kind"]: draft.definition for draft in rules_of_fields([field])}
    assert set(made) == {"type", "between", "date_order"}
    for kind in ("between", "date_order"):
        plain = {name: value for name, value in made[kind].items() if name != "where"}
        assert "where" in made[kind]
        assert condition_of(made[kind], _COLUMNS) == condition_of(plain, _COLUMNS)
        assert condition_of({**plain, "where": "jhrq > '2000-01-01'"}, _COLUMNS) is None
    assert "1950-05-01" in (condition_of(made["between"], _COLUMNS) or "")
