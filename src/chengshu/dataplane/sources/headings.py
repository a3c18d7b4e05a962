"""Headings in words: a file may call a declared column by the name that the catalogue has for it."""

import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

NOTHING_CALLED: Mapping[str, str] = MappingProxyType({})
"""For files whose headings are the declared columns alone."""


def name_headings(names: Mapping[str, str], declared: Collection[str]) -> dict[str, str]:
    """Give declared columns by what people call them (`names` by column), folded; what two of them are called is left out."""
    folded = {column: fold_heading(names[column]) for column in declared if names.get(column)}
    times = Counter(folded.values())
    return {name: column for column, name in folded.items() if name and times[name] == 1}


def find_headings(header: Sequence[str], called: Mapping[str, str]) -> dict[str, str]:
    """Give the headings of a file that stand for a declared column, with that; one that is there by itself stays so."""
    known = frozenset(called.values())
    found = {name: called[fold_heading(name)] for name in header if name not in known and fold_heading(name) in called}
    times = Counter([*found.values(), *(name for name in header if name in known)])
    return {name: column for name, column in found.items() if times[column] == 1}


def rename_header(header: Sequence[str], called: Mapping[str, str]) -> tuple[str, ...]:
    """Give a header with declared columns in the place of what they are called."""
    found = find_headings(header, called)
    return tuple(found.get(name, name) for name in header)


def fold_heading(name: str) -> str:
    """Give a name without blanks at its ends and with signs of usual width."""
    return unicodedata.normalize("NFKC", name).strip()
