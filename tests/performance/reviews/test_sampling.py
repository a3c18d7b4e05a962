"""A spot check that anybody can draw again: sizes, chances, and nothing but seed and candidates deciding."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengshu.performance.contracts.reviews import Candidate, Paper, StratumBy
from chengshu.performance.rules.rulesets import get_rule_set
from chengshu.performance.rules.year.sampling import (
    band_of,
    digest_frame,
    draw,
    edge_of,
    list_shares,
    round_shares,
    weigh,
)

_CANDIDATES = st.lists(
    st.builds(
        Candidate,
        key=st.integers(1, 10**9),
        stratum=st.sampled_from(["甲局 · 优", "甲局 · 良", "乙局 · 优", "丙局 · 差"]),
        weight=st.integers(1, 60),
    ),
    max_size=40,
    unique_by=lambda one: one.key,
)
_SEEDS = st.integers(-(2**63), 2**63 - 1)


def _paper(**changed: object) -> Paper:
    facts: dict[str, object] = {
        "key": 1,
        "department": "甲局",
        "grade": "优",
        "budget_yuan": Decimal(800_000),
        "errors": 0,
        "breaches": 0,
        "evidence_pct": Decimal(100),
        "edge": Decimal(5),
        "difference": None,
    }
    return Paper(**facts | changed)  # type: ignore[arg-type]  # the fields of Paper


@given(_CANDIDATES, st.integers(0, 60), _SEEDS)
def test_every_stratum_gets_its_share_up_to_one_paper(candidates: list[Candidate], size: int, seed: int) -> None:
    drawing = draw(candidates, size=size, seed=seed)
    wanted = min(size, len(candidates))
    drawn = Counter(one.stratum for one in candidates if one.key in set(drawing.drawn))
    assert len(drawing.drawn) == len(set(drawing.drawn)) == wanted
    for stratum in drawing.strata:
        exact = Fraction(stratum.papers * wanted, len(candidates))
        assert drawn[stratum.name] == stratum.drawn
        assert abs(stratum.drawn - exact) < 1
        assert 0 <= stratum.drawn <= stratum.papers


@given(_CANDIDATES, st.integers(0, 60), _SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_the_candidates_is_irrelevant(
    candidates: list[Candidate], size: int, seed: int, random: Random
) -> None:
    shuffled = list(candidates)
    random.shuffle(shuffled)
    assert draw(shuffled, size=size, seed=seed) == draw(candidates, size=size, seed=seed)
    assert digest_frame(shuffled) == digest_frame(candidates)


def test_a_drawing_once_published_comes_out_again() -> None:
    candidates = [Candidate(key, f"第{key % 3}组", 10 + key % 7) for key in range(1, 31)]
    assert draw(candidates, size=6, seed=20250301).drawn == (6, 3, 22, 4, 23, 26)


def test_another_seed_draws_others() -> None:
    candidates = [Candidate(key, "全部", 10) for key in range(200)]
    samples = {draw(candidates, size=20, seed=seed).drawn for seed in range(20)}
    assert len(samples) == 20


def test_chances_are_those_of_drawing_one_after_the_other_by_weight() -> None:
    """Against numpy, which draws without replacement with chances as the weights. Both are counted 4000 times."""
    weights = [1, 2, 3, 5, 8, 10, 20, 40]
    rounds, size = 4000, 3
    candidates = [Candidate(key, "全部", weight) for key, weight in enumerate(weights)]
    ours = np.zeros(len(weights))
    for seed in range(rounds):
        ours[list(draw(candidates, size=size, seed=seed).drawn)] += 1
    generator = np.random.default_rng(7)
    chances = np.array(weights) / sum(weights)
    theirs = np.zeros(len(weights))
    for _ in range(rounds):
        theirs[generator.choice(len(weights), size=size, replace=False, p=chances)] += 1
    # The difference of two shares has a deviation of at most sqrt(2 · 1/4 / 4000) = 0.011; four of them.
    assert np.abs(ours - theirs).max() / rounds < 0.045


def test_small_strata_are_drawn_as_often_as_their_share_says() -> None:
    shares = list_shares({f"{n}组": 1 for n in range(10)} | {"大组": 90}, 10)
    rounds = 3000
    ups = Counter(name for seed in range(rounds) for name, size in round_shares(shares, seed).items() if size > 0)
    for number in range(10):
        assert abs(ups[f"{number}组"] / rounds - 0.1) < 0.025


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.integers(1, 50), max_size=8), st.integers(0, 200), _SEEDS)
@settings(max_examples=60)
def test_rounding_keeps_the_sum(papers: dict[str, int], size: int, seed: int) -> None:
    shares = list_shares(papers, size)
    assert sum(round_shares(shares, seed).values()) == min(size, sum(papers.values()))


@pytest.mark.parametrize(
    ("amount", "band"),
    [
        ("0", "100万元以下"),
        ("1000000", "100万—500万元"),
        ("19999999.99", "500万—2000万元"),
        ("20000000", "2000万元及以上"),
    ],
)
def test_a_bound_belongs_to_the_band_above_it(amount: str, band: str) -> None:
    assert band_of(Decimal(amount)) == band


class TestWeigh:
    def test_a_paper_without_risk_weighs_the_base(self) -> None:
        assert weigh(_paper(), (StratumBy.DEPARTMENT, StratumBy.GRADE)) == Candidate(1, "甲局 · 优", 10)

    def test_without_a_division_all_are_one_stratum(self) -> None:
        assert weigh(_paper(), ()).stratum == "全部"

    @pytest.mark.parametrize(
        ("changed", "weight"),
        [
            ({"errors": 1}, 16),
            ({"errors": 50}, 28),
            ({"breaches": 2}, 14),
            ({"edge": Decimal("0.5")}, 18),
            ({"edge": Decimal(1)}, 14),
            ({"edge": None}, 10),
            ({"evidence_pct": Decimal("79.99")}, 14),
            ({"evidence_pct": Decimal(0)}, 18),
            ({"difference": Decimal(-5)}, 26),
            ({"difference": Decimal("0.5")}, 10),
        ],
    )
    def test_each_risk_counts(self, changed: dict[str, object], weight: int) -> None:
        weighed = weigh(_paper(**changed), ())
        assert weighed.weight == weight
        assert bool(weighed.reasons) is (weight > 10)


def test_the_edge_is_counted_from_the_lowest_of_the_grade() -> None:
    rules = get_rule_set("national-2020")
    assert edge_of(Decimal("90.5"), rules) == Decimal("0.5")
    assert edge_of(Decimal("89.99"), rules) == Decimal("9.99")
    assert edge_of(None, rules) is None


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        draw([Candidate(1, "甲", 1), Candidate(1, "乙", 1)], size=1, seed=1)
    with pytest.raises(ValueError, match="weights"):
        draw([Candidate(1, "甲", 0)], size=1, seed=1)
