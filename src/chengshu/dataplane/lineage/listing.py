"""What a query gives, put together column by column, and renamed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from sqlglot import exp

from chengshu.dataplane.lineage.columns import Column, Output, Relation, merge_origins, unknown
from chengshu.dataplane.lineage.naming import Naming


@dataclass(slots=True)
class Listing:
    """Collects outputs in order, and remembers where the first gap is."""

    outputs: list[Output] = field(default_factory=list)
    unlisted: dict[str, None] = field(default_factory=dict)
    gap_at: int = 0

    def add(self, outputs: Iterable[Output]) -> None:
        """Take outputs at the end."""
        self.outputs.extend(outputs)

    def add_all_of(self, relation: Relation, hidden: frozenset[str] = frozenset()) -> None:
        """Take everything that a relation gives, save outputs of some names."""
        if relation.unlisted and not self.unlisted:
            before = [output for output in relation.outputs[: relation.unlisted_at] if output.key not in hidden]
            self.gap_at = len(self.outputs) + len(before)
        self.unlisted.update(dict.fromkeys(relation.unlisted))
        self.outputs.extend(output for output in relation.outputs if output.key not in hidden)

    def as_relation(self, rows: frozenset[Column]) -> Relation:
        """Give what was collected."""
        return Relation(tuple(self.outputs), tuple(self.unlisted), self.gap_at, rows=rows)


def rename_outputs(relation: Relation, names: Sequence[exp.Expr], naming: Naming) -> Relation:
    """Name outputs anew by position; names that no certain position answers to carry a fault."""
    if not names:
        return relation
    certain = relation.listed_before_gap()
    renamed = []
    for place, name in enumerate(names):
        key = naming.key_of(name)
        spelled = naming.spell(key, name.alias_or_name)
        if place < len(certain):
            renamed.append(Output(key, spelled, certain[place].origin))
        elif relation.anything is not None:
            renamed.append(Output(key, spelled, relation.anything))
        else:
            renamed.append(Output(key, spelled, unknown(_missing_reason(relation, place, spelled))))
    if relation.unlisted:
        return Relation(tuple(renamed), rows=relation.rows)
    return replace(relation, outputs=(*renamed, *relation.outputs[len(names) :]))


def _missing_reason(relation: Relation, place: int, name: str) -> str:
    if relation.unlisted:
        return f"第 {place + 1} 列 {name} 来自 {'、'.join(relation.unlisted)} 的 *，没有表结构，不知道是哪一列"
    return f"第 {place + 1} 列 {name} 没有对应的列：查询只有 {len(relation.outputs)} 列"


def unite(left: Relation, right: Relation) -> Relation:
    """Put two queries of a union together by position, under the names of the first."""
    rows = left.rows | right.rows
    pairs = zip(left.listed_before_gap(), right.listed_before_gap(), strict=False)
    outputs = [replace(first, origin=merge_origins((first.origin, second.origin))) for first, second in pairs]
    if not (left.unlisted or right.unlisted) and len(left.outputs) == len(right.outputs):
        return Relation(tuple(outputs), rows=rows)
    reason = _union_reason(left, right)
    rest = left.outputs[len(outputs) :]
    outputs.extend(replace(output, origin=unknown(reason)) for output in rest)
    if left.unlisted:
        return Relation(tuple(outputs), (*left.unlisted, *right.unlisted), len(outputs) - len(rest), rows=rows)
    return Relation(tuple(outputs), rows=rows)


def unite_by_name(left: Relation, right: Relation) -> Relation:
    """Put two queries of a union together by name, as DuckDB's UNION BY NAME does."""
    others = {output.key: output for output in right.outputs}
    outputs = [
        replace(output, origin=merge_origins((output.origin, others.pop(output.key).origin)))
        if output.key in others
        else output
        for output in left.outputs
    ]
    unlisted = (*left.unlisted, *right.unlisted)
    return Relation((*outputs, *others.values()), unlisted, 0, rows=left.rows | right.rows)


def _union_reason(left: Relation, right: Relation) -> str:
    unlisted = [*left.unlisted, *right.unlisted]
    if unlisted:
        return f"UNION 按位置对应，{'、'.join(dict.fromkeys(unlisted))} 的 * 没有表结构，对不上"
    return f"UNION 两边的列数不同：{len(left.outputs)} 和 {len(right.outputs)}"
