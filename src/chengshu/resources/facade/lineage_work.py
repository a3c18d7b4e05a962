"""The door of what lineage does: taking scripts, events, runs and indicators, building the graph, answering from it.

Apart from the other door because what it stands on is heavy to import: import it where it runs.
"""

from chengshu.dataplane.lineage.scripts import decode
from chengshu.resources.operations.lineage import MOST_SIGNS, take_scripts
from chengshu.resources.operations.lineage_building import ask_build, build_graph, is_behind, keep_graph
from chengshu.resources.operations.lineage_events import take_events
from chengshu.resources.operations.lineage_records import source_node, take_records
from chengshu.resources.operations.lineage_runs import indicator_node, take_indicators, take_runs
from chengshu.resources.queries.lineage_graph import (
    MOST_STEPS,
    find_neighbourhood,
    list_paths,
    list_steps,
    open_graph,
    tell_impact,
)

__all__ = [
    "MOST_SIGNS",
    "MOST_STEPS",
    "ask_build",
    "build_graph",
    "decode",
    "find_neighbourhood",
    "indicator_node",
    "is_behind",
    "keep_graph",
    "list_paths",
    "list_steps",
    "open_graph",
    "source_node",
    "take_events",
    "take_indicators",
    "take_records",
    "take_runs",
    "take_scripts",
    "tell_impact",
]
