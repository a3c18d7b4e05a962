"""The journal of runs: a JSON file a run under `_runs/` in the lake's root, replaced whole."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

import obstore
from obstore.exceptions import BaseError

from chengshu.dataplane.errors import RunUnknown
from chengshu.dataplane.lake.places import Lake, store_fault
from chengshu.dataplane.runs.contracts import ColumnSource, InputRead, OutputWritten, Run, RunState

_FOLDER = "_runs"


def save_run(lake: Lake, run: Run) -> None:
    """Keep a run as it stands now.

    Raises:
        LakeBusy: the store does not take it.
    """
    told = json.dumps(asdict(run), ensure_ascii=False, default=_to_text, sort_keys=True)
    try:
        obstore.put(lake.store(), f"{_FOLDER}/{run.id}.json", told.encode())
    except BaseError as error:
        raise store_fault(lake, error) from error


def load_run(lake: Lake, run_id: str) -> Run:
    """Return a run.

    Raises:
        RunUnknown: the journal has none of that id.
    """
    try:
        told = bytes(obstore.get(lake.store(), f"{_FOLDER}/{run_id}.json").bytes())
    except FileNotFoundError as error:
        raise RunUnknown(f"运行日志中没有“{run_id}”。", run=run_id) from error
    return _from_json(json.loads(told))


def list_runs(lake: Lake, *, since: datetime | None = None) -> list[Run]:
    """Return all runs, or those whose record was written at a moment or later, the newest first.

    Only the records that are asked for are read: a journal of years is listed, not opened.

    Raises:
        LakeBusy: the store does not answer.
    """
    try:
        found = [one for page in obstore.list(lake.store(), prefix=f"{_FOLDER}/") for one in page]
    except BaseError as error:
        raise store_fault(lake, error) from error
    names = [one["path"] for one in found if since is None or one["last_modified"] >= since]
    runs = [load_run(lake, name.rpartition("/")[2].removesuffix(".json")) for name in names]
    return sorted(runs, key=lambda run: run.started_at, reverse=True)


def _from_json(told: dict[str, Any]) -> Run:
    outputs = []
    for output in told["outputs"]:
        lineage = tuple(
            ColumnSource(item["column"], tuple(item["sources"]), item["transformation"]) for item in output["lineage"]
        )
        outputs.append(OutputWritten(**output | {"lineage": lineage}))
    changed: dict[str, Any] = {
        "state": RunState(told["state"]),
        "started_at": datetime.fromisoformat(told["started_at"]),
        "ended_at": datetime.fromisoformat(told["ended_at"]) if told["ended_at"] else None,
        "inputs": tuple(InputRead(**item) for item in told["inputs"]),
        "outputs": tuple(outputs),
    }
    return Run(**told | changed)


def _to_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
