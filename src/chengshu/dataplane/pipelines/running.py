"""Runs a pipeline on an engine where its inputs are offered; a fault names the step that it is in."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from sqlglot import exp

from chengshu.dataplane.engines.protocol import Engine, Written
from chengshu.dataplane.errors import EngineFault, PipelineFault, StepFault
from chengshu.dataplane.pipelines.compiling import Values, compile_alone, compile_pipeline
from chengshu.dataplane.pipelines.pipeline import Pipeline, ResolvedStep
from chengshu.dataplane.tables.schemas import Fault, find_deviations


@dataclass(frozen=True, slots=True)
class Traced:
    """A step that was run by itself: its statement, its rows in all, and the first of them."""

    step: str
    statement: str
    rows: int
    first: pa.Table


def fetch_outcome(pipeline: Pipeline, engine: Engine, values: Values | None = None) -> pa.Table:
    """Run a pipeline as one statement and give the rows of its outcome; raises StepFault."""
    statement = compile_pipeline(pipeline, engine.dialect, values)
    with _located(pipeline, engine, statement, values):
        return engine.fetch(statement)


def write_outcome(pipeline: Pipeline, engine: Engine, folder: Path, values: Values | None = None) -> Written:
    """Run a pipeline as one statement and write the rows of its outcome into an empty folder; raises StepFault."""
    statement = compile_pipeline(pipeline, engine.dialect, values)
    with _located(pipeline, engine, statement, values):
        return engine.write(statement, folder)


def trace_steps(
    pipeline: Pipeline, engine: Engine, values: Values | None = None, *, first: int = 10, until: str | None = None
) -> Iterator[Traced]:
    """Run one step after the other, showing each as it is done; raises StepFault at the one that fails.

    For looking for faults: every step's rows are written to a temporary folder, which a statement would not do.
    """
    offered: list[str] = []
    with tempfile.TemporaryDirectory(prefix="chengshu-steps-") as home:
        try:
            for number, step in enumerate(pipeline.ancestors(until or pipeline.outcome)):
                statement = compile_alone(pipeline, step.name, engine.dialect, values)
                yield _trace_step(pipeline, engine, step, statement, (Path(home, str(number)), first))
                offered.append(step.name)
        finally:
            for name in offered:
                engine.withdraw(name)


def check_inputs(pipeline: Pipeline, engine: Engine) -> None:
    """Compare the relations offered to the engine with the declared inputs; raises PipelineFault for all at once."""
    faults = []
    for shape in pipeline.inputs:
        try:
            found = engine.fetch(_select_sql(engine, shape.name, 0)).schema
        except EngineFault:
            faults.append(f"没有提供输入“{shape.name}”")
            continue
        deviations = (one for one in find_deviations(shape, found) if one.fault is not Fault.EXTRA)
        faults += [f"输入“{shape.name}”{one.message}" for one in deviations]
    if faults:
        message = f"管道“{pipeline.name}”的输入与声明不符：{'；'.join(faults)}。"
        raise PipelineFault(message, pipeline=pipeline.name)


def _trace_step(
    pipeline: Pipeline, engine: Engine, step: ResolvedStep, statement: str, target: tuple[Path, int]
) -> Traced:
    folder, first = target
    try:
        written = engine.write(statement, folder)
    except EngineFault as fault:
        raise _step_fault(pipeline, step.name, statement, fault) from fault
    engine.offer(step.name, written.files)
    return Traced(step.name, statement, written.rows, engine.fetch(_select_sql(engine, step.name, first)))


@contextmanager
def _located(pipeline: Pipeline, engine: Engine, statement: str, values: Values | None) -> Iterator[None]:
    """Turn a fault of the whole statement into that of a step: only then are the steps run one by one."""
    try:
        yield
    except EngineFault as fault:
        check_inputs(pipeline, engine)
        name = pipeline.outcome
        try:
            for _ in trace_steps(pipeline, engine, values, first=0):
                pass
        except StepFault as located:
            name = str(located.details["step"])
        raise _step_fault(pipeline, name, statement, fault) from fault


def _step_fault(pipeline: Pipeline, step: str, statement: str, fault: EngineFault) -> StepFault:
    message = f"管道“{pipeline.name}”的步骤“{step}”未能执行：{fault.message}"
    return StepFault(message, **{**fault.details, "pipeline": pipeline.name, "step": step, "statement": statement})


def _select_sql(engine: Engine, name: str, rows: int) -> str:
    relation = exp.Table(this=exp.to_identifier(name, quoted=True))
    return exp.select("*").from_(relation).limit(rows).sql(engine.dialect)
