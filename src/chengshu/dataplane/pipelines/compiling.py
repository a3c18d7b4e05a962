"""Compiles a pipeline: into one WITH statement, or a statement a step."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlglot import ErrorLevel, exp
from sqlglot.errors import UnsupportedError

from chengshu.dataplane.errors import PipelineFault
from chengshu.dataplane.pipelines.casts import build_cast
from chengshu.dataplane.pipelines.dialects import Dialect, find_dialect
from chengshu.dataplane.pipelines.neutral import Fields
from chengshu.dataplane.pipelines.pipeline import Pipeline, ResolvedStep
from chengshu.dataplane.pipelines.typed import kind_of
from chengshu.dataplane.tables.shapes import Column, Shape, Type, is_of_type

Value = str | int | float | Decimal | bool | date | datetime | None
Values = Mapping[str, Value]


def compile_pipeline(pipeline: Pipeline, dialect: str | Dialect, values: Values | None = None) -> str:
    """Give the pipeline as one statement; `values` are those of its parameters.

    Raises PipelineFault for a parameter without value, or with one of another type.
    """
    return compile_step(pipeline, pipeline.outcome, dialect, values)


def compile_step(pipeline: Pipeline, step: str, dialect: str | Dialect, values: Values | None = None) -> str:
    """Give a step with all that it stands on, as one statement."""
    speaker = find_dialect(dialect) if isinstance(dialect, str) else dialect
    bound = _bind_values(pipeline, values or {})
    *before, last = pipeline.ancestors(step)
    statement = _say(pipeline, last, speaker, bound)
    for earlier in before:
        name = exp.to_identifier(earlier.name, quoted=True)
        statement = statement.with_(name, as_=_say(pipeline, earlier, speaker, bound), copy=False)
    return _write(pipeline, statement, speaker)


def compile_alone(pipeline: Pipeline, step: str, dialect: str | Dialect, values: Values | None = None) -> str:
    """Give a step's own statement; the relations that it reads must be offered under their names."""
    speaker = find_dialect(dialect) if isinstance(dialect, str) else dialect
    bound = _bind_values(pipeline, values or {})
    return _write(pipeline, _say(pipeline, pipeline.step(step), speaker, bound), speaker)


def _say(pipeline: Pipeline, step: ResolvedStep, dialect: Dialect, bound: Mapping[str, exp.Expr]) -> exp.Query:
    query = step.query
    if pipeline.output is not None and step.name == pipeline.outcome:
        query = _cast_output(query, step.fields, pipeline.output)
    said = dialect.say(query)
    for holder in list(said.find_all(exp.Placeholder)):
        holder.replace(bound[holder.name].copy())
    return said


def _cast_output(query: exp.Query, fields: Fields, output: Shape) -> exp.Query:
    """Give the outcome the columns of its declaration: their order, types and digits."""
    if isinstance(query, exp.Select) and not query.args.get("distinct"):
        query = query.copy()
        chosen: dict[str, exp.Expr] = {one.alias_or_name: one.unalias() for one in query.selects}
    else:
        chosen = {name: _known_column(name, kind) for name, kind in fields.items()}
        query = exp.Select().from_(query.subquery("outcome"))
    columns = [exp.alias_(_cast_column(chosen[one.name], one), one.name, quoted=True) for one in output.columns]
    query.set("expressions", columns)
    return query


def _known_column(name: str, kind: Type) -> exp.Expr:
    column = exp.column(name, table="outcome", quoted=True)
    column.meta["kind"] = kind
    return column


def _cast_column(chosen: exp.Expr, column: Column) -> exp.Expr:
    if column.type is Type.DECIMAL:
        return build_cast(chosen.copy(), column.type, column.digits)
    return chosen.copy() if kind_of(chosen) is column.type else build_cast(chosen.copy(), column.type)


def _write(pipeline: Pipeline, statement: exp.Query, dialect: Dialect) -> str:
    try:
        return statement.sql(dialect.name, pretty=True, unsupported_level=ErrorLevel.RAISE)
    except UnsupportedError as error:
        message = f"管道“{pipeline.name}”里有 {dialect.name} 说不出的写法：{error}"
        raise PipelineFault(message, pipeline=pipeline.name) from error


def _bind_values(pipeline: Pipeline, values: Values) -> dict[str, exp.Expr]:
    unknown = sorted(values.keys() - pipeline.parameters.keys())
    if unknown:
        raise PipelineFault(f"管道“{pipeline.name}”没有参数“{unknown[0]}”。", pipeline=pipeline.name)
    bound = {}
    for name, kind in pipeline.parameters.items():
        if name not in values:
            raise PipelineFault(f"管道“{pipeline.name}”的参数“{name}”没有给值。", pipeline=pipeline.name)
        bound[name] = _literal(pipeline, name, kind, values[name])
    return bound


def _literal(pipeline: Pipeline, name: str, kind: Type, value: Value) -> exp.Expr:
    """Give a value as a literal tree; sqlglot escapes what is in it as the dialect demands."""
    if value is None:
        return build_cast(exp.Null(), kind, (38, 0) if kind is Type.DECIMAL else None)
    if not is_of_type(value, kind):
        message = f"管道“{pipeline.name}”的参数“{name}”应是 {kind}，给的是 {type(value).__name__}。"
        raise PipelineFault(message, pipeline=pipeline.name)
    if isinstance(value, str):
        if "\0" in value:
            raise PipelineFault(
                f"管道“{pipeline.name}”的参数“{name}”里有空字符（NUL）；请去掉。", pipeline=pipeline.name
            )
        return exp.Literal.string(value)
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    digits = None
    if isinstance(value, datetime):
        text = value.astimezone(UTC).isoformat(sep=" ")
    elif kind is Type.DECIMAL:
        text, digits = _decimal(pipeline, name, Decimal(value))  # type: ignore[arg-type]  # a date is of no number
    else:
        text = repr(float(value)) if kind is Type.DOUBLE else str(value)  # type: ignore[arg-type]  # the same
    return build_cast(exp.Literal.string(text), kind, digits)


def _decimal(pipeline: Pipeline, name: str, value: Decimal) -> tuple[str, tuple[int, int]]:
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        raise PipelineFault(f"管道“{pipeline.name}”的参数“{name}”不是有限的数。", pipeline=pipeline.name)
    scale = max(0, -exponent)
    precision = max(value.adjusted() + 1, 0) + scale
    if precision > 38:
        raise PipelineFault(f"管道“{pipeline.name}”的参数“{name}”超过 38 位。", pipeline=pipeline.name)
    return f"{value:f}", (max(precision, scale, 1), scale)
