"""Chooses the profile of a form by the words printed on it and by its year."""

from collections.abc import Iterable, Sequence

from chengshu.base.texts import label_key
from chengshu.performance.reading.lines import Line
from chengshu.performance.reading.profile import Profile
from chengshu.performance.reading.sections import CUT_TITLE

_LOST_WORD = 0.6  # a word of the template that is not found weighs less than one found: words get lost
_OTHER_YEAR = 0.5


def choose_profile(profiles: Iterable[Profile], lines: Sequence[Line], title: str, year: int | None) -> Profile:
    """Choose the profile with the most of its signature printed; among equals the one whose years fit."""
    labels = [piece for line in lines for piece in line.pieces if len(piece.key) <= 24]
    printed = {piece.key for piece in labels}
    printed.update(label_key(word) for piece in labels if " " in piece.text for word in piece.text.split())
    return max(profiles, key=lambda profile: _evidence(profile, printed, title, year))


def _evidence(profile: Profile, printed: set[str], title: str, year: int | None) -> float:
    score = 0.0
    for word in profile.signature:
        key = label_key(word)
        found = _own_title(key, title) if word in profile.titles else key in printed
        score += 1.0 if found else -_LOST_WORD
    if year is not None and not profile.years[0] <= year <= profile.years[1]:
        score -= _OTHER_YEAR
    return score


def _own_title(key: str, title: str) -> bool:
    """The title ends with the words of the template and begins with no other kind of table."""
    at = title.find(key)
    if at < 0:  # a frame may have cut the end off
        return title.startswith(key[:CUT_TITLE])
    return not title[:at].endswith(("财政", "部门预算", "部门", "支出"))
