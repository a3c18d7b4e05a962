"""Pipelines: named steps that make one table out of others, checked as a whole before anything runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from sqlglot import exp

from chengshu.dataplane.errors import PipelineFault
from chengshu.dataplane.pipelines.neutral import Fields, check_clauses, list_relations, parse_query, resolve_query
from chengshu.dataplane.pipelines.typed import NUMBERS
from chengshu.dataplane.tables.shapes import Shape, Type, is_name


@dataclass(frozen=True, slots=True)
class Step:
    """One relation: its name, what it reads, and how it follows from that, as SQL or as a tree of sqlglot."""

    name: str
    query: str | exp.Query
    inputs: tuple[str, ...] | None = None
    """The relations it reads; when said, they must be those that the query reads."""
    purpose: str = ""
    """Why it is there, for people."""


@dataclass(frozen=True, slots=True)
class ResolvedStep:
    """A step whose names and types are known."""

    name: str
    query: exp.Query
    inputs: tuple[str, ...]
    fields: Fields
    purpose: str = ""


@dataclass(frozen=True)
class Pipeline:
    """Steps over declared tables; the last one listed is the outcome unless `outcome` names another.

    Steps may stand in any order. Raises PipelineFault, naming the step, when two have one name, one reads what is
    not there, none reads another that is not the outcome, they go round in a circle, a query is not of the neutral
    language, or the outcome does not fit `output`, whose types it is cast to.
    """

    name: str
    inputs: tuple[Shape, ...]
    steps: tuple[Step, ...]
    parameters: Mapping[str, Type] = field(default_factory=dict)
    output: Shape | None = None
    outcome: str = ""
    resolved: tuple[ResolvedStep, ...] = field(init=False, repr=False)
    """The steps in an order in which they can run."""

    def __post_init__(self) -> None:
        if not self.steps:
            raise PipelineFault(f"管道“{self.name}”没有步骤；请至少写一步。", pipeline=self.name)
        object.__setattr__(self, "outcome", self.outcome or self.steps[-1].name)
        _check_names(self)
        queries = {step.name: self._parse(step) for step in self.steps}
        reads = {name: list_relations(query) for name, query in queries.items()}
        order = _order_steps(self, reads)
        object.__setattr__(self, "resolved", self._resolve(order, queries, reads))
        if self.output is not None:
            _check_output(self, self.output)

    @property
    def fields(self) -> Fields:
        """The columns of the outcome."""
        return self.step(self.outcome).fields

    def step(self, name: str) -> ResolvedStep:
        """Give a resolved step; raises PipelineFault when there is none of the name."""
        for step in self.resolved:
            if step.name == name:
                return step
        raise PipelineFault(f"管道“{self.name}”没有名为“{name}”的步骤。", pipeline=self.name)

    def ancestors(self, name: str) -> tuple[ResolvedStep, ...]:
        """Give the steps that a step stands on, and itself last, in an order in which they can run."""
        wanted = {name}
        for step in reversed(self.resolved):
            if step.name in wanted:
                wanted.update(step.inputs)
        return tuple(step for step in self.resolved if step.name in wanted)

    def _parse(self, step: Step) -> exp.Query:
        try:
            query = parse_query(step.query) if isinstance(step.query, str) else step.query
            check_clauses(query)
        except PipelineFault as fault:
            raise _named(self, step.name, fault) from fault
        found = list_relations(query)
        if step.inputs is not None and set(step.inputs) != found:
            said, read = "、".join(sorted(step.inputs)), "、".join(sorted(found))
            message = f"步骤“{step.name}”声明读“{said}”，查询读的却是“{read}”；请改为一致。"
            raise PipelineFault(message, pipeline=self.name, step=step.name)
        return query

    def _resolve(
        self, order: tuple[str, ...], queries: Mapping[str, exp.Query], reads: Mapping[str, frozenset[str]]
    ) -> tuple[ResolvedStep, ...]:
        relations: dict[str, Fields] = {
            shape.name: {column.name: column.type for column in shape.columns} for shape in self.inputs
        }
        purposes = {step.name: step.purpose for step in self.steps}
        resolved = []
        for name in order:
            seen = {read: relations[read] for read in reads[name]}
            try:
                query, fields = resolve_query(queries[name], seen, self.parameters)
            except PipelineFault as fault:
                raise _named(self, name, fault) from fault
            relations[name] = fields
            resolved.append(ResolvedStep(name, query, tuple(sorted(reads[name])), fields, purposes[name]))
        return tuple(resolved)


def _named(pipeline: Pipeline, step: str, fault: PipelineFault) -> PipelineFault:
    message = f"管道“{pipeline.name}”的步骤“{step}”：{fault.message}"
    return PipelineFault(message, **{**fault.details, "pipeline": pipeline.name, "step": step})


def _check_names(pipeline: Pipeline) -> None:
    names = [*(shape.name for shape in pipeline.inputs), *(step.name for step in pipeline.steps)]
    for name in names:
        if names.count(name) > 1:
            raise PipelineFault(f"管道“{pipeline.name}”里“{name}”用了两次；请改名。", pipeline=pipeline.name, step=name)
    odd = [name for name in (*names, *pipeline.parameters) if not is_name(name)]
    if odd:
        message = f"管道“{pipeline.name}”里的名称“{odd[0]}”不合用：请用小写字母、汉字、数字和下划线，不以数字开头。"
        raise PipelineFault(message, pipeline=pipeline.name, step=odd[0])


def _order_steps(pipeline: Pipeline, reads: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    inputs = {shape.name for shape in pipeline.inputs}
    for name, found in reads.items():
        unknown = sorted(found - inputs - reads.keys())
        if unknown:
            known = "、".join(sorted(inputs | (reads.keys() - {name})))
            message = f"步骤“{name}”读“{unknown[0]}”，但没有这个输入或步骤；有的是：{known}。"
            raise PipelineFault(message, pipeline=pipeline.name, step=name)
    try:
        order = tuple(
            name
            for name in TopologicalSorter({name: sorted(reads[name]) for name in reads}).static_order()
            if name in reads
        )
    except CycleError as error:
        around = " → ".join(error.args[1])
        message = f"管道“{pipeline.name}”的步骤绕成一圈：{around}；请断开一处。"
        raise PipelineFault(message, pipeline=pipeline.name) from error
    _check_use(pipeline, reads, inputs)
    return order


def _check_use(pipeline: Pipeline, reads: Mapping[str, frozenset[str]], inputs: set[str]) -> None:
    if pipeline.outcome not in reads:
        message = f"管道“{pipeline.name}”的结果“{pipeline.outcome}”不是其中的步骤。"
        raise PipelineFault(message, pipeline=pipeline.name, step=pipeline.outcome)
    used, waiting = set[str](), [pipeline.outcome]
    while waiting:
        name = waiting.pop()
        if name not in used:
            used.add(name)
            waiting.extend(reads.get(name, ()))
    for name in (*reads, *sorted(inputs)):
        if name not in used:
            message = f"管道“{pipeline.name}”的“{name}”没有用到；请去掉，或让结果读它。"
            raise PipelineFault(message, pipeline=pipeline.name, step=name)


def _check_output(pipeline: Pipeline, output: Shape) -> None:
    declared = {column.name: column.type for column in output.columns}
    found = pipeline.fields
    faults = [f"缺少字段“{name}”" for name in declared if name not in found]
    faults += [f"多出字段“{name}”" for name in found if name not in declared]
    faults += [
        f"字段“{name}”应为 {kind}，实为 {found[name]}"
        for name, kind in declared.items()
        if name in found and not _fits(found[name], kind)
    ]
    if faults:
        message = f"管道“{pipeline.name}”的结果与表“{output.name}”的声明不符：{'；'.join(faults)}。"
        raise PipelineFault(message, pipeline=pipeline.name, step=pipeline.outcome)


def _fits(found: Type, declared: Type) -> bool:
    return (
        found is declared
        or (found, declared) == (Type.INTEGER, Type.DECIMAL)
        or (found in NUMBERS and declared is Type.DOUBLE)
    )
