"""Draws the sample of a spot check: stratified, risk-weighted, without replacement; the same for everybody.

Nothing but the seed, the size and the candidates decides, not their order, nor the machine:

1. Each stratum gets its share of the sample, size × papers ÷ all papers. Where shares are not whole, systematic
   rounding with one random start decides which strata get one more; so every stratum has its share in expectation.
2. Within a stratum every paper gets a random number u in (0, 1) and the rank −ln(u) ÷ weight; the lowest are drawn.
   That is drawing one after the other with chances as the weights (Efraimidis and Spirakis, 2006).
3. Random numbers are the first 16 bytes of SHA-256 over "seed|purpose|name", as a fraction of 2^128.
"""

import hashlib
import json
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Context, Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from math import floor
from typing import Any

from chengshu.performance.contracts.reviews import Candidate, Drawing, Paper, Stratum, StratumBy
from chengshu.performance.rules.rulesets import RuleSet

_BYTES = 16
_EXACT = Context(prec=40)  # logarithms are rounded right in it, so that ranks are alike on every machine
_SHOWN = Decimal("0.01")
_WHOLE_YEAR = "全部"


@cache
def _settings() -> Mapping[str, Any]:
    text = files("chengshu.performance.rules.year").joinpath("sampling.toml").read_text("utf-8")
    return tomllib.loads(text)


def band_of(budget_yuan: Decimal) -> str:
    """Return the name of the money band of an amount in 元; each band's upper bound belongs to the next one."""
    bands = _settings()["money_bands"]
    return str(next(band["label"] for band in bands if budget_yuan < Decimal(band.get("up_to_yuan", "Infinity"))))


def edge_of(total: Decimal | None, rules: RuleSet) -> Decimal | None:
    """Return how many points a total lies above the lowest of its grade; None without a total."""
    if total is None:
        return None
    return next((total - lowest for _, lowest in rules.grade_bands if total >= lowest), None)


def weigh(paper: Paper, by: Sequence[StratumBy]) -> Candidate:
    """Return a paper with its stratum and its risk weight; the reasons are the points that count, heaviest first."""
    points = sorted(_points(paper), reverse=True)
    stratum = " · ".join(_name(paper, one) for one in StratumBy if one in by) or _WHOLE_YEAR
    weight = int(_settings()["base"]) + sum(amount for amount, _ in points)
    return Candidate(paper.key, stratum, weight, tuple(reason for _, reason in points))


def _name(paper: Paper, by: StratumBy) -> str:
    if by is StratumBy.MONEY:
        return band_of(paper.budget_yuan)
    return (paper.department if by is StratumBy.DEPARTMENT else paper.grade) or "—"


def _points(paper: Paper) -> Iterator[tuple[int, str]]:
    settings = _settings()
    for count, name in ((paper.errors, "errors"), (paper.breaches, "breaches")):
        if count > 0:
            points = min(count * settings[name]["points"], settings[name]["most"])
            yield points, f"{settings[name]['source']}（{count} 处）"
    yield from _first(settings["edges"], lambda it: paper.edge is not None and paper.edge < it["within"])
    yield from _first(settings["evidence"], lambda it: paper.evidence_pct < it["below_pct"])
    moved = paper.difference
    yield from _first(settings["differences"], lambda it: moved is not None and abs(moved) >= it["at_least"])


def _first(entries: Iterable[Mapping[str, Any]], holds: Any) -> Iterator[tuple[int, str]]:
    """Give the first entry that holds: they are ordered from the heaviest."""
    found = next((entry for entry in entries if holds(entry)), None)
    if found is not None:
        yield found["points"], found["source"]


def draw(candidates: Iterable[Candidate], *, size: int, seed: int) -> Drawing:
    """Draw `size` of the candidates, all of them where there are fewer.

    Raises:
        ValueError: the size is negative, a weight is below 1, or a key comes twice.
    """
    strata: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        strata[candidate.stratum].append(candidate)
    papers = {name: len(strata[name]) for name in sorted(strata)}
    _refuse_nonsense(strata.values(), size)
    shares = list_shares(papers, size)
    sizes = round_shares(shares, seed)
    drawn: list[int] = []
    for name in papers:
        ranked = sorted(strata[name], key=lambda one: (_rank(seed, one), one.key))
        drawn += [one.key for one in ranked[: sizes[name]]]
    listed = (Stratum(name, papers[name], _decimal(shares[name]), sizes[name]) for name in papers)
    return Drawing(tuple(listed), tuple(drawn))


def _refuse_nonsense(strata: Iterable[Sequence[Candidate]], size: int) -> None:
    listed = [candidate for stratum in strata for candidate in stratum]
    if size < 0 or any(candidate.weight < 1 for candidate in listed):
        raise ValueError("sizes are not negative, and weights at least 1")
    if len({candidate.key for candidate in listed}) != len(listed):
        raise ValueError("a key comes twice")


def list_shares(papers: Mapping[str, int], size: int) -> dict[str, Fraction]:
    """Return each stratum's part of the sample, exact; no stratum gets more than it has."""
    total = sum(papers.values())
    wanted = min(size, total)
    return {name: Fraction(count * wanted, total) for name, count in papers.items()}


def round_shares(shares: Mapping[str, Fraction], seed: int) -> dict[str, int]:
    """Round the shares to whole numbers of the same sum, each up or down, up with the chance that its fraction is."""
    order = sorted(shares, key=lambda name: (_random(seed, "order", name), name))
    start = Fraction(_random(seed, "start", ""), 2 ** (8 * _BYTES))
    sizes, passed = {}, start
    for name in order:
        before, passed = floor(passed), passed + shares[name]
        sizes[name] = floor(passed) - before
    return sizes


def _rank(seed: int, candidate: Candidate) -> Decimal:
    u = _EXACT.divide(Decimal(_random(seed, "paper", str(candidate.key)) * 2 + 1), Decimal(2 ** (8 * _BYTES + 1)))
    return _EXACT.divide(_EXACT.minus(_EXACT.ln(u)), Decimal(candidate.weight))


def _random(seed: int, purpose: str, name: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}|{purpose}|{name}".encode()).digest()[:_BYTES])


def _decimal(share: Fraction) -> Decimal:
    return (Decimal(share.numerator) / Decimal(share.denominator)).quantize(_SHOWN)


def digest_frame(candidates: Iterable[Candidate]) -> str:
    """Return the SHA-256 of what is drawn from: [key, stratum, weight] of each by key, as JSON without blanks."""
    rows = [[one.key, one.stratum, one.weight] for one in sorted(candidates, key=lambda one: one.key)]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
