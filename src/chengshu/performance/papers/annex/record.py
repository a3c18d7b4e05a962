"""The annex as JSON: plain decimals as strings, moments in UTC, the counted rows as they enter the digest."""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from chengshu.performance.papers.annex.contents import Annex, Figure
from chengshu.performance.papers.annex.words import list_steps
from chengshu.performance.papers.reports.words import Words

FORMAT = "chengshu.evidence-annex/1"


def write_record(annex: Annex, words: Words) -> bytes:
    """Write the record, indented for people."""
    return json.dumps(record_of(annex, words), ensure_ascii=False, indent=2, default=_plain).encode() + b"\n"


def record_of(annex: Annex, words: Words) -> dict[str, Any]:
    """Give the record as plain data, with how to recompute a figure."""
    return {
        "format": FORMAT,
        "project": annex.project,
        "code": annex.code,
        "unit": annex.unit,
        "year": annex.year,
        "version": annex.version,
        "state": annex.state,
        "rules": annex.rules,
        "total": annex.total,
        "grade": annex.grade or None,
        "made_at": annex.made_at,
        "figures": [_figure(figure) for figure in annex.figures],
        "recompute": {
            "hash": "SHA-256",
            "leaf": "H(0x00 || line)",
            "node": "H(0x01 || left || right)",
            "empty": "H()",
            "tree": "RFC 6962",
            "steps": list_steps(words),
        },
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {"evidence": figure.evidence, **asdict(figure)}


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(type(value).__name__)
