"""Plants defects into right drafts, one planter per class of the reference's section (e)."""

from collections.abc import Mapping
from random import Random
from types import MappingProxyType

from chengshu.synthetic.forms.drafts import Draft, PlantedDefect
from chengshu.synthetic.forms.planting import across, answers, money, names, scores
from chengshu.synthetic.forms.planting.across import AcrossPlanter
from chengshu.synthetic.forms.planting.rows import Planter
from chengshu.synthetic.forms.vocabulary import Vocabulary, pick

WITHIN: Mapping[str, Planter] = MappingProxyType(
    {**money.PLANTERS, **scores.PLANTERS, **answers.PLANTERS, **names.PLANTERS}
)
ACROSS: Mapping[str, AcrossPlanter] = across.PLANTERS
DUPLICATE = "DUPLICATE"
PLANTED_CODES = frozenset({*WITHIN, *ACROSS, DUPLICATE})

_WITHIN = tuple(WITHIN.values())
_ACROSS = tuple(ACROSS.values())


def plant_within(rng: Random, vocabulary: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    """Bend a draft in one way that it still allows; give the key (empty where the way drawn did not fit)."""
    return pick(rng, _WITHIN)(rng, vocabulary, draft)


def plant_across(rng: Random, draft: Draft, earlier: Draft) -> list[PlantedDefect]:
    """Bend a draft against an earlier one; give the key (empty where the two do not fit)."""
    return pick(rng, _ACROSS)(rng, draft, earlier)
