"""Events held against the form that is published for them (docs/schemas), formats of ids and moments included."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

_SCHEMA = Path(__file__).parents[3] / "docs" / "schemas" / "openlineage-events.schema.json"
_VALIDATOR = Draft202012Validator(
    json.loads(_SCHEMA.read_text("utf-8")), format_checker=Draft202012Validator.FORMAT_CHECKER
)


def list_faults(event: Mapping[str, Any]) -> list[str]:
    """List where an event, as it goes over the wire, is not in the form; empty for one that is."""
    on_the_wire = json.loads(json.dumps(event))
    return [f"{fault.json_path}: {fault.message}" for fault in _VALIDATOR.iter_errors(on_the_wire)]
