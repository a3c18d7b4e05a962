"""The graph is built anew from what is saved, by the worker; questions are answered from the built one."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from chengshu.dataplane.lineage.assembling import assemble_graph
from chengshu.dataplane.lineage.columns import Column
from chengshu.dataplane.lineage.graph_files import save_graph
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.jobs import facade as jobs
from chengshu.kernel.jobs.facade import Job
from chengshu.resources.contracts.lineage import BUILD_JOB
from chengshu.resources.models import Field, LineageColumn, LineageEdge, LineageState, LineageTable
from chengshu.resources.operations.lineage_saving import adopt_tables
from chengshu.resources.queries.lineage_graph import forget_graph, graph_folder
from chengshu.resources.queries.lineage_names import entry_names
from chengshu.resources.rules.lineage_names import column_keys

_FETCH = 20_000


def ask_build(*, actor: User | None, now: datetime) -> None:
    """Queue the building of the graph."""
    jobs.enqueue_job(BUILD_JOB, payload={}, owner=actor, now=now)


def keep_graph(now: datetime) -> None:
    """Queue the building of the graph where more was told since and nothing is queued yet."""
    waiting = Job.objects.filter(kind=BUILD_JOB).exclude(state__in=jobs.FINAL_STATES)
    if is_behind() and not waiting.exists():
        ask_build(actor=None, now=now)


def is_behind() -> bool:
    """Say whether more was told since the graph was built."""
    state = LineageState.objects.filter(pk=1).first()
    return state is not None and state.built_revision < state.revision


def build_graph() -> LineageState:
    """Build the graph of all that is saved; what is told meanwhile leaves it behind, and it is built once more."""
    state, _is_new = LineageState.objects.get_or_create(pk=1)
    revision = state.revision
    adopt_tables(entry_names())
    _drop_unused()
    graph = assemble_graph(
        _list_columns(),
        LineageEdge.objects.values_list("source_id", "target_id", "way", "statement_id").iterator(chunk_size=_FETCH),
    )
    save_graph(graph, graph_folder())
    forget_graph()
    state.built_revision, state.built_at = revision, timezone.now()
    state.tables, state.columns, state.edges = len(graph.columns.tables), len(graph.columns), len(graph)
    state.save(update_fields=["built_revision", "built_at", "tables", "columns", "edges"])
    return state


def _list_columns() -> list[tuple[int, Column]]:
    """Give all columns as nodes: those of an entry by the codes of its fields."""
    tables = {pk: (node, entry) for pk, node, entry in LineageTable.objects.values_list("pk", "node", "resource_id")}
    fields: dict[int, list[tuple[str, str]]] = defaultdict(list)
    within = LineageTable.objects.exclude(resource=None).values("resource")
    rows = Field.objects.filter(resource__in=within).order_by("resource_id", "number")
    for entry, code, name in rows.values_list("resource_id", "code", "name").iterator(chunk_size=_FETCH):
        fields[entry].append((code, name))
    keys: Mapping[int, Mapping[str, str]] = {entry: column_keys(listed) for entry, listed in fields.items()}
    listed = []
    for pk, table, name in LineageColumn.objects.values_list("pk", "table_id", "name").iterator(chunk_size=_FETCH):
        if table in tables:
            node, owner = tables[table]
            told = name if owner is None else keys.get(owner, {}).get(name.casefold(), name)
            listed.append((pk, Column(node, told)))
    return listed


def _drop_unused() -> None:
    """Take away columns and tables that no statement speaks of any more."""
    reads = LineageEdge.objects.filter(source=OuterRef("pk"))
    writes = LineageEdge.objects.filter(target=OuterRef("pk"))
    LineageColumn.objects.filter(~Exists(reads), ~Exists(writes)).delete()
    LineageTable.objects.filter(columns=None).delete()
