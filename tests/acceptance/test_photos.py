"""Photos of forms taken from one side and turned, and two forms on one copy, are read to the promised share."""

import cv2
import numpy as np
import pytest
from acceptance import facts as known
from acceptance.measure import Accuracy, measure
from acceptance.pages import as_jpeg, make_pdf, render
from acceptance.papers import Sheet
from acceptance.templates import hubei, national, yunnan
from PIL import Image

from chengshu.documents.reading import read_document
from chengshu.performance.contracts.wire import form_record
from chengshu.performance.reading.reader import read_forms

pytestmark = pytest.mark.scan

_DESK = (96, 84, 70)


def _photograph(page: Image.Image, *, turn: float) -> Image.Image:
    """A page on a desk, turned, seen from one side, a curved shadow over a part of it."""
    turned = page.rotate(turn, expand=True, fillcolor=_DESK, resample=Image.Resampling.BICUBIC)
    height, width = turned.height, turned.width
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    seen = corners + width * np.array([(0.04, 0.01), (-0.03, 0), (-0.01, -0.01), (0, 0)], dtype=np.float32)
    change = cv2.getPerspectiveTransform(corners, seen)
    photo = cv2.warpPerspective(np.asarray(turned), change, (width, height), flags=cv2.INTER_AREA, borderValue=_DESK)
    down, across = np.mgrid[0:height, 0:width] / np.array([height, width])[:, None, None]
    shade = 1 - 0.4 / (1 + np.exp(-(across - 0.6 - 0.1 * np.sin(4 * down)) / 0.03))
    return Image.fromarray((photo * shade[:, :, None]).astype(np.uint8))


def _read(name: str, picture: Image.Image, *sheets: Sheet) -> Accuracy:
    forms = read_forms(read_document(name, as_jpeg(picture)))
    return measure([sheet.record for sheet in sheets], [form_record(form) for form in forms])


def _demand(accuracy: Accuracy) -> None:
    assert not accuracy.invented
    assert accuracy.share >= 0.80, accuracy.wrong


def test_a_turned_photo_from_one_side_is_read() -> None:
    sheet = yunnan(known.SEWAGE)
    (page,) = render(make_pdf([sheet]), dpi=200)
    _demand(_read("拍照.jpg", _photograph(page, turn=78), sheet))


def test_two_forms_on_one_copy_are_read() -> None:
    sheets = national(known.TRAINING), hubei(known.LAMPS)
    left, right = (render(make_pdf([sheet]), dpi=200)[0] for sheet in sheets)
    both = Image.new("RGB", (left.width + right.width, max(left.height, right.height)), "white")
    both.paste(left, (0, 0))
    both.paste(right, (left.width, 0))
    _demand(_read("双页.jpg", both, *sheets))
