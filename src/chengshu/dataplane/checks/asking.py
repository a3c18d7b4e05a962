"""From a file of rules and the name of data to outcomes: what the command line and jobs call."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlglot import exp

from chengshu.dataplane.checks.cells import Shape, as_code, is_missing
from chengshu.dataplane.checks.opening import Wanted, needed_columns, open_data
from chengshu.dataplane.checks.outcomes import Outcome
from chengshu.dataplane.checks.rownumbers import ROW
from chengshu.dataplane.checks.rulefiles import Lookup, RuleFile
from chengshu.dataplane.checks.rules import OneOf, Rule
from chengshu.dataplane.checks.running import Keeping, run_checks
from chengshu.dataplane.checks.validity import columns_read
from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.errors import DataUnreadable, EngineFault, RuleInvalid

DATA = "data"
_DISK = "磁盘写不下。请腾出空间，或换一个目录（--keys；临时文件用环境变量 TMPDIR）。"
_STORAGE = {
    "No space left on device": _DISK,
    "File too large": _DISK,
    "Failed to read file": "文件有损坏。请重新导出，或换一份完整的文件。",
}
_CURES = _STORAGE | {
    "invalid repetition size": "正则式的重复次数太多。请把嵌套的重复改小。",
    "Binder Error": "请检查规则里的表达式：比较的两边要是同一类值，必要时用 cast 转换。",
    "Conversion Error": "请检查规则里的表达式：直接写出的值要能读成它的类型。",
    "Out of Memory Error": "内存不够。请用 --memory 加大，并保证临时目录有空间。",
}
"""What people can do, by what an engine says."""


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
        stack.enter_context(_cured())
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chengshu-data-", dir=engine.work)))
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


@contextmanager
def _cured() -> Iterator[None]:
    """Say with a fault of the engine what people can do."""
    try:
        yield
    except (EngineFault, DataUnreadable) as fault:
        cures = _CURES if isinstance(fault, EngineFault) else _STORAGE
        cure = next((cure for said, cure in cures.items() if said in fault.message), None)
        if cure is None:
            raise
        first = fault.message.partition("\n")[0].rstrip("。. ")
        raise type(fault)(f"{cure}（{first}）", **fault.details) from fault


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
    query = exp.select(exp.alias_(as_code(column, shape), "value")).distinct().from_(exp.table_(name, quoted=True))
    there = query.where(exp.not_(is_missing(column))).sql(dialect=engine.dialect)
    values: Sequence[str] = engine.fetch(there)["value"].to_pylist()
    if not values:
        raise RuleInvalid(f"规则“{rule.key}”的值域“{lookup.data}”里一个值也没有。")
    return replace(rule, test=OneOf(tuple(values)))
