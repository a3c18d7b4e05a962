"""The words of publication: what stands on a public record beside the form."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class AnnexRow:
    """One indicator of the public annex: what it rests on.

    `evidence` is the measurement as plain data (key, name, unit, definition, value, counts, window, scope, query,
    parameters, digest, sample); None for results by document, which stay with the unit (`is_document`), or by nothing.
    """

    number: int
    name: str
    target: str
    actual: str
    score: str | None
    is_document: bool
    evidence: dict[str, Any] | None
