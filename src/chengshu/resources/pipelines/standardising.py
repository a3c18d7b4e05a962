"""From a raw table to its standard table: what the catalogue and the rules of quality say, as named steps.

A row goes into the standard table when each filled cell reads as its field's type and keeps the rules of its row, and
when no other row has its key. Rows that do not are left in the raw table, where quality finds who owes them.
"""

from collections.abc import Iterable, Sequence

from chengshu.dataplane.errors import PipelineFault, TableFault
from chengshu.dataplane.lake.places import TableName, Zone
from chengshu.dataplane.pipelines.pipeline import Pipeline, Step
from chengshu.dataplane.runs.contracts import Input, Output, Plan
from chengshu.dataplane.tables.constraints import NotNull
from chengshu.dataplane.tables.shapes import Column, Shape, Type, is_column
from chengshu.resources.contracts.processing import Recipe, RecipeColumn
from chengshu.resources.errors import ProcessingRefused
from chengshu.resources.pipelines.standard_cells import DIGITS, quote, read_cell, sql_type, trim_cell, whole_cell
from chengshu.resources.pipelines.standard_rows import condition_of

RAW, TRIMMED, UNIQUE, SOUND, STANDARD = "原始", "去空格", "唯一", "合格行", "标准"
"""The input and the steps, as people read them."""
_SEEN_TO = frozenset({"type", "unique"})


def standard_plan(recipe: Recipe) -> Plan:
    """Give the plan that makes the standard table.

    Raises:
        ProcessingRefused: a field's code cannot be a column, the key is not there, or nothing is left to take.
    """
    _require_columns(recipe)
    try:
        pipeline = Pipeline(
            name=f"标准化 {recipe.code}",
            inputs=(raw_shape(recipe),),
            steps=tuple(_steps(recipe)),
            output=_standard_shape(recipe),
        )
    except (PipelineFault, TableFault) as fault:
        raise ProcessingRefused(fault.message) from fault
    zone, _slash, name = recipe.raw.partition("/")
    target = TableName(Zone.STANDARD, recipe.target.partition("/")[2])
    inputs = {RAW: Input(TableName(Zone(zone), name))}
    purpose = f"把“{recipe.title}”里合格的行按编目的类型放进标准区。"
    return Plan(pipeline, inputs, (Output(STANDARD, target),), purpose=purpose)


def list_unasked(recipe: Recipe) -> tuple[str, ...]:
    """Name the kinds of rules that say nothing about a single row, or nothing that every engine can ask alike.

    What the steps see to in any case is not among them: types, and that a key stands for one row.
    """
    columns = _by_code(recipe)
    return tuple(sorted({str(rule["kind"]) for rule in recipe.rules if condition_of(rule, columns) is None} - _SEEN_TO))


def _steps(recipe: Recipe) -> Iterable[Step]:
    columns = recipe.columns
    trimmed = ", ".join(f"{trim_cell(column)} AS {quote(column.code)}" for column in columns)
    told = "去掉首尾空格，只有空格的格子算空值；完全相同的行只留一行。"
    yield Step(TRIMMED, f'SELECT DISTINCT {trimmed} FROM "{RAW}"', purpose=told)  # noqa: S608
    kept = ", ".join(quote(column.code) for column in columns)
    keys = ", ".join(read_cell(column) for column in columns if column.is_key)
    told = "同一标识有几行不同内容的，说不清哪一行对，一行也不留。"
    statement = f'SELECT {kept} FROM "{TRIMMED}" QUALIFY COUNT(*) OVER (PARTITION BY {keys}) = 1'  # noqa: S608
    yield Step(UNIQUE, statement, purpose=told)
    conditions = _conditions(recipe)
    told = f"只留下各格都能读成编目类型、并合乎 {len(conditions)} 个条件的行。"
    where = " AND ".join(conditions) or "TRUE"
    yield Step(SOUND, f'SELECT {kept} FROM "{UNIQUE}" WHERE {where}', purpose=told)  # noqa: S608
    typed = ", ".join(f"{read_cell(column)} AS {quote(column.code)}" for column in columns)
    absent = "".join(f", CAST(NULL AS {sql_type(Type(kind))}) AS {quote(name)}" for name, kind in recipe.absent.items())
    yield Step(STANDARD, f'SELECT {typed}{absent} FROM "{SOUND}"', purpose="读成编目的类型。")  # noqa: S608


def _conditions(recipe: Recipe) -> list[str]:
    conditions = []
    for column in recipe.columns:
        name = quote(column.code)
        if column.is_key:
            conditions.append(f"{name} IS NOT NULL")
        if read_cell(column) != name:
            conditions.append(f"({name} IS NULL OR {read_cell(column)} IS NOT NULL)")
        if whole := whole_cell(column):
            conditions.append(f"({name} IS NULL OR {whole})")
    known = _by_code(recipe)
    conditions += [told for rule in recipe.rules if (told := condition_of(rule, known))]
    return list(dict.fromkeys(conditions))


def _by_code(recipe: Recipe) -> dict[str, RecipeColumn]:
    return {column.code: column for column in recipe.columns}


def raw_shape(recipe: Recipe) -> Shape:
    """Give the raw table of a recipe as the steps read it."""
    columns = tuple(Column(Type(column.raw_type), column.name, name=column.code) for column in recipe.columns)
    return Shape(RAW, f"{recipe.title}，原始区的表 {recipe.raw}", columns)


def _standard_shape(recipe: Recipe) -> Shape:
    columns = [
        _standard_column(column.code, column.name, Type(column.type), column=column) for column in recipe.columns
    ]
    columns += [_standard_column(code, "湖表里没有的信息项，留空", Type(kind)) for code, kind in recipe.absent.items()]
    keys = tuple(column.code for column in recipe.columns if column.is_key)
    return Shape(STANDARD, f"{recipe.title}，编目类型的合格行", tuple(columns), keys)


def _standard_column(code: str, name: str, kind: Type, *, column: RecipeColumn | None = None) -> Column:
    digits = DIGITS if kind is Type.DECIMAL else (None, None)
    return Column(
        kind,
        name,
        element=column.element or None if column else None,
        grade=column.grade if column else None,
        constraints=(NotNull(),) if column and column.is_key else (),
        precision=digits[0],
        scale=digits[1],
        name=code,
    )


def _require_columns(recipe: Recipe) -> None:
    columns: Sequence[RecipeColumn] = recipe.columns
    codes = [*(column.code for column in columns), *recipe.absent]
    odd = [code for code in codes if not is_column(code)]
    if odd:
        message = f"信息项代码“{odd[0]}”不能作标准区的列名：不能有首尾空格、换行和其他看不见的字符。请在编目中改代码，来源的列名一并改。"
        raise ProcessingRefused(message, field=odd[0])
    if twice := next((code for code in codes if codes.count(code) > 1), None):
        raise ProcessingRefused(
            f"信息项代码“{twice}”只有大小写不同的两个，在标准区会是同一列；请改其中一个。", field=twice
        )
    if not any(column.is_key for column in columns):
        raise ProcessingRefused(f"“{recipe.title}”的编目里没有标出主键，不能去重；请先在编目中标出主键。")
