"""What lies over the print of a scan, and signs that stand alone in a cell."""

import cv2
import numpy as np
import pytest

from chengshu.documents.scans.recogniser import Picture
from chengshu.documents.scans.signs import may_be_sign, read_sign
from chengshu.documents.scans.stamps import lift_stamps

_STAMP = np.array([222, 30, 40])


def _page() -> Picture:
    """White paper with a black rule and a word set in red."""
    page = np.full((1200, 900, 3), 255, dtype=np.uint8)
    cv2.line(page, (50, 400), (850, 400), color=(0, 0, 0), thickness=3)
    cv2.rectangle(page, (60, 1000), (90, 1030), color=(200, 0, 0), thickness=-1)
    return page


def _stamped(page: Picture, opacity: float) -> Picture:
    """A round stamp over the rule; opacity 0 stands for ink that darkens, as it does on paper."""
    shape = np.zeros(page.shape[:2], dtype=np.uint8)
    cv2.circle(shape, (450, 400), 90, color=1, thickness=9)
    cv2.line(shape, (390, 420), (510, 420), color=1, thickness=8)
    under = page[shape > 0].astype(float)
    inked = under * (1 - opacity) + _STAMP * opacity if opacity else under * _STAMP / 255
    stamped = page.copy()
    stamped[shape > 0] = inked.astype(np.uint8)
    return stamped


@pytest.mark.parametrize("opacity", [0, 0.6, 0.8])
def test_a_stamp_is_lifted_and_the_rule_below_it_stays(opacity: float) -> None:
    page = _page()
    lifted = lift_stamps(_stamped(page, opacity))
    assert lifted[300:396, 340:560].min() > 200
    assert lifted[400, 50:850].max() < 100


def test_words_set_in_red_and_pages_without_a_stamp_stay_as_they_are() -> None:
    page = _page()
    assert np.array_equal(lift_stamps(page), page)
    assert np.array_equal(lift_stamps(_stamped(page, 0))[990:], page[990:])


def _draw(*strokes: tuple[tuple[int, int], tuple[int, int]]) -> Picture:
    cell = np.full((60, 80, 3), 255, dtype=np.uint8)
    for start, end in strokes:
        cv2.line(cell, start, end, color=(0, 0, 0), thickness=2)
    return cell


_UPPER, _LOWER = ((25, 40), (45, 40)), ((25, 45), (45, 45))


@pytest.mark.parametrize(
    ("strokes", "sign"),
    [
        ([((25, 15), (45, 24)), ((45, 24), (25, 33)), _UPPER, _LOWER], "≥"),
        ([((45, 15), (25, 24)), ((25, 24), (45, 33)), _UPPER], "≤"),
        ([_UPPER, ((25, 30), (45, 30))], "="),
        ([_UPPER, ((30, 25), (40, 25))], None),
        ([_UPPER], None),
        ([((25, 15), (25, 40)), ((25, 15), (35, 30)), ((35, 30), (45, 15)), ((45, 15), (45, 40))], None),
        ([], None),
    ],
    ids=["at least", "at most", "equal", "two", "dash", "m", "nothing"],
)
def test_a_sign_is_told_by_its_shape(strokes: list[tuple[tuple[int, int], tuple[int, int]]], sign: str | None) -> None:
    assert read_sign(_draw(*strokes)) == sign


def test_only_letters_and_strokes_may_be_signs() -> None:
    assert all(may_be_sign(text) for text in ("M", "NI", "一", "—"))
    assert not any(may_be_sign(text) for text in ("12", "≥", "元", "无", "定性", "M1", "=", "100%"))
