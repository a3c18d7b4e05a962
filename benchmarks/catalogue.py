"""Search over the catalogue: how long the index takes to build, and each search, as the catalogue grows tenfold.

SQLite stands in a file of its own; on PostgreSQL:
`python scripts/run_on_postgresql.py python -m benchmarks catalogue`.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from typing import Any, TypeVar

from benchmarks.houses import open_empty_house
from benchmarks.measuring import print_line

T = TypeVar("T")
RESOURCES, FULL_RESOURCES, FIELDS_EACH = 2_000, 20_000, 50
_ROUNDS = 5
#: What people type: two signs, words of several signs, synonyms, codes, several words, one sign, nothing there.
QUERIES = (
    *(
        "人口",
        "企业",
        "姓名",
        "处罚",
        "低保",
        "身份证号",
        "公民身份号码",
        "统一社会信用代码",
        "常住人口登记",
        "残疾人补贴",
    ),
    *(
        "手机号",
        "户籍人口 变更",
        "学校 检查 名单",
        "医保",
        "停车场收费",
        "sfzh",
        "tyshxydm",
        "3170/000017",
        "300",
        "水",
    ),
    *(
        "特种设备事故记录",
        "燃气用户缴费明细",
        "监测预警",
        "单位名称 经度",
        "新生儿接种信息",
        "垃圾箱房巡查",
        "并不存在的词",
    ),
)


def run() -> None:
    """Target: p95 of a search within 100 ms, the index built within 60 s, at 20,000 resources with 1,000,000 fields."""
    _measure((RESOURCES,))


def run_full() -> None:
    """The same with ten times as many."""
    _measure((RESOURCES, FULL_RESOURCES))


def _measure(sizes: tuple[int, ...]) -> None:
    """Measure in an empty house in a folder that vanishes."""
    with open_empty_house():
        for resources in sizes:
            _measure_house(resources)


def _measure_house(resources: int) -> None:
    from django.core.management import call_command  # noqa: PLC0415 - settings are read only now
    from django.db import connection  # noqa: PLC0415 - the same

    rows: Any = import_module("benchmarks.catalogue_rows")
    now = datetime.now(tz=UTC)
    call_command("migrate", verbosity=0, interactive=False)
    fields, laid = _timed(lambda: rows.lay_catalogue(resources, FIELDS_EACH, now=now))
    print_line(f"{connection.vendor}: {resources:,} resources, {fields:,} fields", f"{laid:,.1f} s", "laid down")
    indexing = import_module("chengshu.resources.operations.indexing")
    (_entries, postings), built = _timed(lambda: indexing.rebuild_index(actor=None, now=now))
    print_line("index built", f"{built:,.1f} s", f"{postings:,} words in entries; goal 60 s at 20,000 resources")
    _measure_searches(f"reader{resources}", now)
    _measure_write(now)


def _measure_searches(reader: str, now: datetime) -> None:
    search = import_module("chengshu.resources.queries.search")
    catalogue = import_module("chengshu.resources.queries.catalogue")
    accounts = import_module("chengshu.kernel.accounts.facade")
    viewer = accounts.create_account(
        accounts.NewAccount(reader, "测试", "示范市", accounts.Role.OFFICER, "correct-horse-battery"), now=now
    )
    taken: list[float] = []
    slowest: dict[str, tuple[float, int]] = {}
    for _round in range(_ROUNDS):
        for query in QUERIES:
            seen = catalogue.list_resources(viewer, on=now.date())
            found, seconds = _timed(partial(search.find_resources, query, seen))
            taken.append(seconds)
            slowest[query] = (seconds, len(found.ids))
    taken.sort()
    for label, share in (("median", 0.5), ("p95", 0.95), ("slowest", 1.0)):
        value = taken[min(len(taken) - 1, int(len(taken) * share))]
        print_line(
            f"search, {label} of {len(taken)}", f"{value * 1000:,.1f} ms", "goal p95 100 ms" if share == 0.95 else ""
        )
    for query, (seconds, count) in sorted(slowest.items(), key=lambda item: -item[1][0])[:6]:
        print_line(f"  {query}", f"{seconds * 1000:,.1f} ms", f"{count:,} found")


def _measure_write(now: datetime) -> None:
    indexing = import_module("chengshu.resources.operations.indexing")
    models = import_module("chengshu.resources.models")
    atomic = import_module("django.db.transaction").atomic
    some = list(models.DataResource.objects.order_by("pk")[:20])
    with atomic():
        _done, seconds = _timed(lambda: [indexing.index_resources([entry], now=now) for entry in some])
    print_line("one entry indexed again", f"{seconds / len(some) * 1000:,.1f} ms")


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    """Give what the work gives, and its seconds."""
    start = time.perf_counter()
    told = work()
    return told, time.perf_counter() - start
