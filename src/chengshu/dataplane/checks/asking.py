"""From a file of rules and the name of data to outcomes: what the command line and jobs call."""

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlglot import exp

from chengshu.dataplane.checks.cells import Shape, as_text, is_missing
from chengshu.dataplane.checks.opening import Wanted, needed_columns, open_data
from chengshu.dataplane.checks.outcomes import Outcome
from chengshu.dataplane.checks.rownumbers import ROW
from chengshu.dataplane.checks.rulefiles import Lookup, RuleFile
from chengshu.dataplane.checks.rules import OneOf, Rule
from chengshu.dataplane.checks.running import Keeping, run_checks
from chengshu.dataplane.checks.validity import columns_read
from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.errors import RuleInvalid

DATA = "data"


@dataclass(frozen=True, slots=True)
class _Places:
    """Where data is looked for: from this folder, copied into the other, or in the S3 store with these options."""

    beside: Path
    scratch: Path
    store: Mapping[str, str] | None

    def open(self, engine: Engine, data: str, wanted: Wanted) -> Shape:
        folder = self.scratch / wanted.relation
        folder.mkdir()
        return open_data(engine, data, wanted, scratch=folder, store=self.store)


def ask(  # noqa: PLR0913 - what is asked of what, where, and what is kept of it
    engine: Engine,
    data: str,
    file: RuleFile,
    *,
    beside: Path,
    now: datetime,
    keys: Path | None = None,
    store: Mapping[str, str] | None = None,
) -> tuple[Outcome, ...]:
    """Ask all rules of a file of some data; keep the keys of failing rows under `keys`.

    Rows are named by the file's key, or numbered where it has none. Other data that rules read is looked for from
    the folder `beside`. `store` are the options of the S3 store that addresses lie in, as the engine was opened with.

    Raises:
        DataUnreadable, LakeBusy, RuleInvalid, EngineFault: nothing was checked.
    """
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chengshu-data-", dir=engine.shared)))
        places = _Places(beside, scratch, store)
        numbered = keys is not None and not file.key
        columns = needed_columns(file.key, *(columns_read(rule) for rule in file.rules))
        wanted = Wanted(DATA, columns, numbered=numbered, read_as=file.read_as)
        shape = places.open(engine, data, wanted)
        if absent := [column for column in file.read_as if column not in shape.kinds]:
            raise RuleInvalid(f"types 里的列“{'、'.join(absent)}”不在数据中。数据有这些列：{'、'.join(shape.kinds)}。")
        for name, lookup in file.references.items():
            _open_lookup(engine, name, lookup, places)
        rules = [_with_domain(engine, rule, file, places) for rule in file.rules]
        keeping = Keeping(keys, file.key or (ROW,)) if keys is not None else None
        return run_checks(engine, shape, rules, now=now, keeping=keeping)


def _open_lookup(engine: Engine, name: str, lookup: Lookup, places: _Places) -> Shape:
    """Offer other data under a name; raises RuleInvalid when it lacks a column meant."""
    place = lookup.data if "://" in lookup.data else str(places.beside / lookup.data)
    shape = places.open(engine, place, Wanted(name, lookup.columns))
    if absent := [column for column in lookup.columns if column not in shape.kinds]:
        raise RuleInvalid(f"“{lookup.data}”里没有列“{'、'.join(absent)}”。有：{'、'.join(shape.kinds)}。")
    return shape


def _with_domain(engine: Engine, rule: Rule, file: RuleFile, places: _Places) -> Rule:
    """Give the rule with the value domain that stands in other data, or as it is."""
    lookup = file.domains.get(rule.key)
    if lookup is None:
        return rule
    name = f"__values_{list(file.domains).index(rule.key)}"
    shape = _open_lookup(engine, name, lookup, places)
    column = lookup.columns[0]
    query = exp.select(exp.alias_(as_text(column, shape), "value")).distinct().from_(exp.table_(name, quoted=True))
    there = query.where(exp.not_(is_missing(column))).sql(dialect=engine.dialect)
    values: Sequence[str] = engine.fetch(there)["value"].to_pylist()
    if not values:
        raise RuleInvalid(f"规则“{rule.key}”的值域“{lookup.data}”里一个值也没有。")
    return replace(rule, test=OneOf(tuple(values)))
