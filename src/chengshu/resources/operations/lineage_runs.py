"""What our own runs and the registered indicators say of columns, put in place of what they said before."""

import hashlib
import json
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from chengshu.dataplane.lineage.columns import ROWS, Column, Transformation
from chengshu.dataplane.lineage.graph import GraphEdge
from chengshu.dataplane.lineage.tracing import Script, trace_scripts
from chengshu.dataplane.runs.contracts import OutputWritten, Run, RunState
from chengshu.dataplane.runs.journal import list_runs
from chengshu.kernel.indicators import facade as indicators
from chengshu.kernel.indicators.facade import IndicatorSpec
from chengshu.resources.contracts.lineage import NodeKind, TellerKind
from chengshu.resources.models import LineageEdition, LineageStatement, LineageTeller
from chengshu.resources.operations.lineage_saving import EndTold, StatementTold, save_statements
from chengshu.resources.queries.lake import open_lake
from chengshu.resources.queries.lineage_names import find_data_centre

_INDICATORS, _RUNS = "登记的指标", "数据湖运行日志"
_VALUE = "值"
_DIALECT = "postgres"
_MARGIN = timedelta(minutes=10)
"""By so much the clocks of the store and of this machine may differ."""
_COUNTED, _FACT = frozenset({"numerator", "denominator"}), "fact_key"
"""Whose keys the facts have: the rows of that table are what is counted, even where each counts for a plain 1."""


@transaction.atomic
def take_indicators(now: datetime) -> int:
    """Trace the statements of the registered indicators; return how many edges they have. Each is an end of lineage.

    What an indicator counts is a numerator and a denominator over facts: its value is made of both, and of which rows
    there are.
    """
    specs = list(indicators.list_specs())
    scripts = [{"name": spec.key, "text": spec.sql} for spec in sorted(specs, key=lambda spec: spec.key)]
    digest = hashlib.sha256(json.dumps(scripts, ensure_ascii=False).encode()).hexdigest()
    teller = keep_teller(_INDICATORS, TellerKind.INDICATORS, now)
    last = teller.editions.filter(number=teller.version).first()
    if last is not None and last.digest == digest:
        return 0
    told = [_tell_indicator(spec) for spec in specs]
    ends = indicator_ends()
    teller.version, teller.dialect = teller.version + 1, _DIALECT
    teller.save(update_fields=["version", "dialect"])
    edges = save_statements(teller, told, now=now, ends=ends)
    LineageEdition.objects.create(
        teller=teller,
        number=teller.version,
        scripts=scripts,
        dialect=_DIALECT,
        digest=digest,
        statement_count=teller.statement_count,
        edge_count=edges,
        fault_count=teller.fault_count,
        taken_at=now,
    )
    return edges


def indicator_node(key: str) -> str:
    """Give the name of an indicator in the graph."""
    return f"indicator:{key}"


def indicator_ends() -> dict[str, EndTold]:
    """Give the registered indicators by their names in the graph; who runs the platform answers for them."""
    centre = find_data_centre()
    told = indicators.list_specs()
    return {indicator_node(spec.key): EndTold(NodeKind.INDICATOR, str(spec.name), centre) for spec in told}


@transaction.atomic
def take_runs(now: datetime) -> int:
    """Take what finished runs of the lake's journal say, the newest run of each pipeline's step; return the edges.

    Only what was written since the last taking is read. A statement stands since its run ended, so that none is taken
    twice, and none is missed that was written while another was taken.
    """
    teller = LineageTeller.objects.filter(title=_RUNS).first()
    since = teller.told_at - _MARGIN if teller else None
    known = dict(LineageStatement.objects.filter(teller=teller).values_list("name", "told_at")) if teller else {}
    fresh: dict[str, tuple[Run, OutputWritten]] = {}
    for run in list_runs(open_lake(), since=since):  # the newest first
        if run.state is not RunState.DONE or run.ended_at is None:
            continue
        for output in run.outputs:
            name = f"{run.pipeline}/{output.step}"
            if name not in known or known[name] < run.ended_at:
                fresh.setdefault(name, (run, output))
    edges = 0
    for ended_at in sorted({run.ended_at for run, _output in fresh.values() if run.ended_at}):
        told = [_tell_run(name, *found) for name, found in sorted(fresh.items()) if found[0].ended_at == ended_at]
        teller = keep_teller(_RUNS, TellerKind.RUNS, now)
        edges += save_statements(teller, told, now=now, keeps_others=True, said_at=ended_at)
    return edges


def keep_teller(title: str, kind: TellerKind, now: datetime) -> LineageTeller:
    """Give the teller of a title, locked; a new one where it has not told anything yet."""
    LineageTeller.objects.get_or_create(title=title, defaults={"kind": kind.value, "told_at": now})
    return LineageTeller.objects.select_for_update().get(title=title)


def _tell_indicator(spec: IndicatorSpec) -> StatementTold:
    node = indicator_node(spec.key)
    edges: list[GraphEdge] = []
    faults: list[str] = []
    for one in trace_scripts([Script(spec.key, spec.sql)], dialect=_DIALECT):
        facts = {
            source.table for edge in one.reading.edges if edge.target.name == _FACT for source in edge.origin.sources
        }
        edges += [
            GraphEdge(Column(fact, ROWS), Column(node, _VALUE), Transformation.AGGREGATE) for fact in sorted(facts)
        ]
        faults += one.reading.faults
        edges += [
            GraphEdge(source, Column(node, _VALUE), Transformation.AGGREGATE)
            for edge in one.reading.edges
            if edge.target.name in _COUNTED
            for source in sorted(edge.origin.sources)
        ]
        edges += [GraphEdge(source, Column(node, _VALUE), None) for source in sorted(one.reading.rows)]
    return StatementTold(spec.key, tuple(dict.fromkeys(edges)), faults, script=_("指标定义"), line=1, kind="SELECT")


def _tell_run(name: str, run: Run, output: OutputWritten) -> StatementTold:
    edges = [
        GraphEdge(_column(source), Column(output.table, told.column), Transformation(told.transformation))
        for told in output.lineage
        for source in told.sources
    ]
    return StatementTold(name, edges, script=run.pipeline, kind="RUN")


def _column(written: str) -> Column:
    table, _dot, name = written.rpartition(".")
    return Column(table, name)
