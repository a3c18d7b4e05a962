"""What planters share: their signature, and the choice of a row that no other defect uses."""

from collections.abc import Callable
from random import Random

from chengshu.synthetic.forms.drafts import Draft, PlantedDefect, Row
from chengshu.synthetic.forms.vocabulary import Vocabulary, pick

Planter = Callable[[Random, Vocabulary, Draft], list[PlantedDefect]]


def take_row(rng: Random, draft: Draft, fits: Callable[[Row], bool]) -> int | None:
    """Draw an untouched row that fits and mark it; give its number, or None where there is none.

    The first two rows are quoted in the goal, so that only planters of scores may bend them; they are left alone.
    """
    free = [number for number, row in enumerate(draft.rows) if number > 1 and number not in draft.touched and fits(row)]
    if not free:
        return None
    number = pick(rng, free)
    draft.touched.add(number)
    return number


def take(draft: Draft, part: str) -> bool:
    """Mark a part of the form as used; False where it already is."""
    if part in draft.touched:
        return False
    draft.touched.add(part)
    return True


def pointer(number: int, column: str) -> str:
    """Point at a cell of a row."""
    return f"/indicators/{number}/{column}"
