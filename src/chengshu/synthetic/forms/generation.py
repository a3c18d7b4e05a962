"""Streams synthetic forms: the same seed gives the same forms, whatever is asked for after them."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

from chengshu.synthetic.forms.composing import compose_form
from chengshu.synthetic.forms.drafts import Draft, PlantedDefect, Record, print_form
from chengshu.synthetic.forms.planting import DUPLICATE, WITHIN, plant_across, plant_within
from chengshu.synthetic.forms.styles import STYLES, TEMPLATES, Style
from chengshu.synthetic.forms.vocabulary import Vocabulary, get_vocabulary, pick

REMEMBERED = 64  # earlier forms that a later one may repeat; keeps the memory constant
TRIES = 4  # a planter that does not fit is drawn again
DUPLICATE_SHARE = 0.05  # of the defective forms
ACROSS_SHARE = 0.15
SECOND_SHARE = 0.3


def generate_forms(
    seed: int, count: int, *, defects: float = 0.3, templates: Sequence[str] = TEMPLATES
) -> Iterator[tuple[Record, list[PlantedDefect]]]:
    """Give `count` forms as published records, each with the defects planted in it.

    `defects` in [0, 1] is the share of forms to bend; the others are right in every sense that arithmetic or a rule
    can prove. A bent form carries one to three defects of different cells; a duplicate repeats an earlier form and its
    defects. Raises KeyError for an unknown template.
    """
    rng = Random(seed)  # noqa: S311 - repeatable draws, nothing secret
    vocabulary = get_vocabulary()
    styles = [STYLES[name] for name in templates]
    file = f"synthetic-{seed}.jsonl"
    earlier: deque[tuple[Draft, list[PlantedDefect]]] = deque(maxlen=REMEMBERED)
    for number in range(1, count + 1):
        drafted = _draft_form(rng, vocabulary, styles, number, defects, earlier)
        earlier.append(drafted)
        yield print_form(drafted[0], file), drafted[1]


def _draft_form(
    rng: Random,
    vocabulary: Vocabulary,
    styles: Sequence[Style],
    number: int,
    defects: float,
    earlier: Sequence[tuple[Draft, list[PlantedDefect]]],
) -> tuple[Draft, list[PlantedDefect]]:
    if rng.random() >= defects:
        return compose_form(rng, vocabulary, pick(rng, styles), number), []
    if earlier and rng.random() < DUPLICATE_SHARE:
        first, key = pick(rng, earlier)
        kept = [defect for defect in key if defect.code in WITHIN]  # between forms a duplicate is that and nothing else
        return replace(first, number=number), [*kept, PlantedDefect(DUPLICATE, "", is_certain=True)]
    draft = compose_form(rng, vocabulary, pick(rng, styles), number)
    return draft, _plant(rng, vocabulary, draft, [found for found, _ in earlier])


def _plant(rng: Random, vocabulary: Vocabulary, draft: Draft, earlier: Sequence[Draft]) -> list[PlantedDefect]:
    key: list[PlantedDefect] = []
    if earlier and rng.random() < ACROSS_SHARE:
        key += plant_across(rng, draft, pick(rng, earlier))
    wanted = 1 + (rng.random() < SECOND_SHARE) + (rng.random() < SECOND_SHARE / 2)
    for _ in range(TRIES):
        if len({defect.code for defect in key}) >= wanted:
            break
        key += plant_within(rng, vocabulary, draft)
    return key
