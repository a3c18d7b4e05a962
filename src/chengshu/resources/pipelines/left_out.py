"""Rows that stay out of a standard table: each under one reason, with its key as given and the cells that are at fault.

A reason that a rule of quality faults too is owed by an issue of that rule; what no check faults must reach the
department another way. Both follow from the recipe that the table was made by.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pyarrow as pa

from chengshu.dataplane.pipelines.pipeline import Pipeline, Step
from chengshu.dataplane.tables.shapes import Type
from chengshu.resources.contracts.processing import LeftOutReason, LeftOutWhy, Recipe, RecipeColumn
from chengshu.resources.pipelines.standard_cells import quote, read_cell, shown_cell, trim_cell, whole_cell
from chengshu.resources.pipelines.standard_rows import condition_of
from chengshu.resources.pipelines.standardising import RAW, raw_shape

LISTED = "未进入"
MOST_OF_REASON, MOST = 1_000, 20_000
"""Rows that are listed of one reason, and of all together."""
_SHOWN_CELLS = 8
_GIVEN, _GATHERED, _LOOKED, _NAMED = "给出", "归并", "同标识", "缘由"
_LOOSE = frozenset({"not_null", "length", "matches", "one_of"})
"""Rules that a cell with spaces around it may keep and the trimmed one break: checks do not trim."""
_EXACT = frozenset({Type.INTEGER, Type.BOOLEAN, Type.DATE, Type.MOMENT})
"""Types that a text which the rule of its type lets through is always read as."""


@dataclass(frozen=True, slots=True)
class LeftOutRow:
    """A row: the number of its reason, the key and the cells at fault as texts, and how often it is given."""

    reason: int
    key: tuple[str | None, ...]
    cells: tuple[str | None, ...]
    copies: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What stayed out: reasons that any row has, by number, with how many rows; some rows of each."""

    reasons: Mapping[int, tuple[LeftOutReason, int]]
    rows: tuple[LeftOutRow, ...]


@dataclass(frozen=True, slots=True)
class _Fault:
    """A condition that keeps a row out, and why."""

    reason: LeftOutReason
    condition: str


class LeftOutQuestion:
    """Asks the raw table of a recipe which rows stay out, and reads the answer."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._keys = [column for column in recipe.columns if column.is_key]
        self._mark = "_" * (1 + max(len(one.code) - len(one.code.lstrip("_")) for one in recipe.columns))
        self._known = {column.code: column for column in recipe.columns}
        self._loose: dict[int, str] = {}
        faults = list(self._faults())
        self._reasons = tuple(dict.fromkeys(fault.reason for fault in faults))
        self._width = min(_SHOWN_CELLS, max(len(reason.fields) for reason in self._reasons))
        steps = self._steps([(self._reasons.index(fault.reason) + 1, fault.condition) for fault in faults])
        self.pipeline = Pipeline(f"未进入标准表 {recipe.code}", (raw_shape(recipe),), tuple(steps))

    def read(self, answer: pa.Table) -> LeftOut:
        """Give what the rows of the last step say."""
        rows = answer.sort_by([(self._name("place"), "ascending"), (self._name("reason"), "ascending")])
        counts: dict[int, tuple[LeftOutReason, int]] = {}
        totals = rows.select([self._name("reason"), self._name("total")]).to_pydict()
        for number, total in zip(*totals.values(), strict=True):
            counts[number] = (self._reasons[number - 1], total)
        return LeftOut(dict(sorted(counts.items())), tuple(islice(self._rows(rows), MOST)))

    def _rows(self, rows: pa.Table) -> Iterator[LeftOutRow]:
        for row in rows.slice(0, MOST).to_pylist():
            reason = row[self._name("reason")]
            shown = len(self._reasons[reason - 1].fields[: self._width])
            yield LeftOutRow(
                reason=reason,
                key=tuple(row[self._name(f"first{at}")] for at in range(len(self._keys))),
                cells=tuple(row[self._name(f"cell{at}")] for at in range(shown)),
                copies=row[self._name("copies")],
            )

    def _name(self, word: str) -> str:
        """Give a column of our own a name that no field has."""
        return f"{self._mark}{word}"

    def _steps(self, faults: Sequence[tuple[int, str]]) -> Iterator[Step]:
        columns, own = self._recipe.columns, self._name
        codes = ", ".join(quote(column.code) for column in columns)
        given = [f"{trim_cell(column)} AS {quote(column.code)}" for column in columns]
        given += [f"{shown_cell(key)} AS {own(f'key{at}')}" for at, key in enumerate(self._keys)]
        given += [f"CASE WHEN {kept} THEN 1 ELSE 0 END AS {own(f'kept{at}')}" for at, kept in self._loose.items()]
        yield Step(_GIVEN, f'SELECT {", ".join(given)} FROM "{RAW}"', purpose="去掉首尾空格，记下原样的标识。")  # noqa: S608
        gathered = [f"COUNT(*) AS {own('copies')}"]
        for at in range(len(self._keys)):
            gathered += [
                f"MIN({own(f'key{at}')}) AS {own(f'first{at}')}",
                f"MAX({own(f'key{at}')}) AS {own(f'last{at}')}",
            ]
        gathered += [f"MAX({own(f'kept{at}')}) AS {own(f'kept{at}')}" for at in self._loose]
        statement = f'SELECT {codes}, {", ".join(gathered)} FROM "{_GIVEN}" GROUP BY {codes}'  # noqa: S608
        yield Step(_GATHERED, statement, purpose="完全相同的行算一行。")
        yield Step(_LOOKED, self._look(codes), purpose="同一标识有几行。")
        cases = " ".join(f"WHEN NOT COALESCE({condition}, FALSE) THEN {number}" for number, condition in faults)
        kept = [codes, own("copies"), *(own(f"first{at}") for at in range(len(self._keys)))]
        statement = f'SELECT {", ".join(kept)}, CASE {cases} ELSE 0 END AS {own("reason")} FROM "{_LOOKED}"'  # noqa: S608
        yield Step(_NAMED, statement, purpose="每行的第一个缘由。")
        yield Step(LISTED, self._list(), purpose=f"各缘由的行数，和各缘由的前 {MOST_OF_REASON} 行。")

    def _look(self, codes: str) -> str:
        own = self._name
        window = f"OVER (PARTITION BY {', '.join(read_cell(key) for key in self._keys)})"
        kept = [codes, own("copies"), *(own(f"kept{at}") for at in self._loose)]
        kept += [own(f"first{at}") for at in range(len(self._keys))]
        kept.append(f"COUNT(*) {window} AS {own('same')}")
        for at in range(len(self._keys)):
            kept.append(f"MIN({own(f'first{at}')}) {window} AS {own(f'least{at}')}")
            kept.append(f"MAX({own(f'last{at}')}) {window} AS {own(f'most{at}')}")
        return f'SELECT {", ".join(kept)} FROM "{_GATHERED}"'  # noqa: S608

    def _list(self) -> str:
        own, reason = self._name, self._name("reason")
        keys = [own(f"first{at}") for at in range(len(self._keys))]
        cells = [f"{self._cell(at)} AS {own(f'cell{at}')}" for at in range(self._width)]
        place = f"ROW_NUMBER() OVER (PARTITION BY {reason} ORDER BY {', '.join([*keys, own('copies')])})"
        kept = [reason, own("copies"), *keys, *cells, f"{place} AS {own('place')}"]
        total = f"SUM({own('copies')}) OVER (PARTITION BY {reason}) AS {own('total')}"
        told = f'SELECT {", ".join([*kept, total])} FROM "{_NAMED}" WHERE {reason} > 0'  # noqa: S608
        return f"{told} QUALIFY {place} <= {MOST_OF_REASON}"

    def _cell(self, at: int) -> str:
        """Give the cell of the field at a place of each reason, as text."""
        shown = [
            (number, self._known[reason.fields[at]])
            for number, reason in enumerate(self._reasons, start=1)
            if at < len(reason.fields)
        ]
        cases = " ".join(
            f"WHEN {self._name('reason')} = {number} THEN {shown_cell(column)}" for number, column in shown
        )
        return f"CASE {cases} ELSE CAST(NULL AS TEXT) END"

    def _faults(self) -> Iterator[_Fault]:
        """Give what keeps rows out, the first that holds being a row's reason: rules that checks fault a row by first."""
        rules = [(rule, told) for rule in self._recipe.rules if (told := condition_of(rule, self._known))]
        kinds: dict[str, list[tuple[Mapping[str, Any], str]]] = {}
        for rule, told in rules:
            kinds.setdefault(str(rule["kind"]), []).append((rule, told))
        for rule, told in kinds.pop("not_null", []):
            yield from self._of_rule(rule, told)
        for key in self._keys:
            yield _Fault(_because(LeftOutWhy.NO_KEY, key), f"{quote(key.code)} IS NOT NULL")
        typed = dict(self._of_types(kinds.pop("type", [])))
        for column in self._recipe.columns:
            yield from self._of_cell(column, typed.get(column.code))
        for of_kind in kinds.values():
            for rule, told in of_kind:
                yield from self._of_rule(rule, told)
        yield from self._of_key()

    def _of_rule(self, rule: Mapping[str, Any], told: str) -> Iterator[_Fault]:
        reason = LeftOutReason(LeftOutWhy.RULE, str(rule.get("key", "")), self._fields(rule))
        if rule["kind"] in _LOOSE and not rule.get("blank"):
            at = len(self._loose)
            self._loose[at] = told
            yield _Fault(reason, f"({told} OR {self._name(f'kept{at}')} = 1)")
            reason = LeftOutReason(LeftOutWhy.SPACES, reason.rule, reason.fields)
        yield _Fault(reason, told)

    def _of_types(
        self, rules: Sequence[tuple[Mapping[str, Any], str]]
    ) -> Iterator[tuple[str, tuple[LeftOutReason, str]]]:
        """Give by field the rule of its type."""
        for rule, _told in rules:
            for code in self._fields(rule):
                alone = condition_of({**rule, "columns": [code]}, self._known)
                yield code, (LeftOutReason(LeftOutWhy.RULE, str(rule.get("key", "")), (code,)), alone or "TRUE")

    def _of_cell(self, column: RecipeColumn, rule: tuple[LeftOutReason, str] | None) -> Iterator[_Fault]:
        """Give what keeps a row out for one cell that is not of its type."""
        name, is_read = quote(column.code), read_cell(column)
        unread = _because(LeftOutWhy.UNREADABLE, column)
        if rule is not None:
            yield _Fault(rule[0], rule[1])
            unread = rule[0] if Type(column.type) in _EXACT else _because(LeftOutWhy.DIGITS, column)
        if is_read != name:
            yield _Fault(unread, f"({name} IS NULL OR {is_read} IS NOT NULL)")
        if whole := whole_cell(column):
            yield _Fault(_because(LeftOutWhy.DIGITS, column), f"({name} IS NULL OR {whole})")

    def _of_key(self) -> Iterator[_Fault]:
        """Tell rows of one key apart: where its texts differ, no rule of uniqueness sees that it is one."""
        fields = tuple(key.code for key in self._keys)
        alike = " AND ".join(f"{self._name(f'least{at}')} = {self._name(f'most{at}')}" for at in range(len(fields)))
        alone = f"{self._name('same')} = 1"
        yield _Fault(LeftOutReason(LeftOutWhy.SPELLING, "", fields), f"({alone} OR ({alike}))")
        yield _Fault(LeftOutReason(LeftOutWhy.TWICE, self._unique_rule(set(fields)), fields), alone)

    def _unique_rule(self, keys: set[str]) -> str:
        """Give the key of a rule that faults rows of one key; empty where none does."""
        for rule in self._recipe.rules:
            if rule.get("kind") == "unique" and not rule.get("threshold") and not rule.get("where"):
                fields = self._fields(rule)
                if fields and set(fields) <= keys:
                    return str(rule.get("key", ""))
        return ""

    def _fields(self, rule: Mapping[str, Any]) -> tuple[str, ...]:
        asked = rule.get("columns", rule.get("column", ()))
        return tuple(name.lower() for name in ([asked] if isinstance(asked, str) else asked))


def _because(why: LeftOutWhy, column: RecipeColumn) -> LeftOutReason:
    return LeftOutReason(why, "", (column.code,))
