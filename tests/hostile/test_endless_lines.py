"""Lines without end are refused before their cells fill the memory."""

import tracemalloc

import pytest

from chengshu.documents.errors import DocumentTooLarge
from chengshu.documents.reading import Limits, read_document

_FIELDS = 400_000
_LIMITS = Limits(cells=1_000)
_ENOUGH = 80 * 1024 * 1024  # would hold the bare fields, but not so many cells


@pytest.mark.parametrize(("name", "separator"), [("a.txt", "\t"), ("a.csv", ",")])
def test_a_line_without_end_is_refused_unread(name: str, separator: str) -> None:
    data = f"项目名称{separator}".encode() * _FIELDS
    tracemalloc.start()
    try:
        with pytest.raises(DocumentTooLarge, match="单元格"):
            read_document(name, data, limits=_LIMITS)
        assert tracemalloc.get_traced_memory()[1] < _ENOUGH
    finally:
        tracemalloc.stop()
