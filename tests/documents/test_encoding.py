"""Which bytes are text, and what they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengshu.documents.errors import EncodingUnknown, UnknownFormat
from chengshu.documents.reading import read_document

TEXT = "财政项目支出绩效自评表，年度指标值≥95%"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_known_encodings_are_told_apart(encoding: str) -> None:
    assert read_document("a.txt", TEXT.encode(encoding)).rows[0].cells[0].text == TEXT


def test_the_other_byte_order_is_known_by_its_mark() -> None:
    assert read_document("a.txt", b"\xfe\xff" + TEXT.encode("utf-16-be")).rows[0].cells[0].text == TEXT


@pytest.mark.parametrize("encoding", ["big5", "shift_jis"])
def test_other_encodings_are_refused_and_not_misread(encoding: str) -> None:
    words = {
        "big5": "財政項目績效評價總結報告",
        "shift_jis": "これはペンです。テスト",
    }
    with pytest.raises(EncodingUnknown, match=r"“旧.txt”.*UTF-8"):
        read_document("旧.txt", words[encoding].encode(encoding) * 5)


def test_binary_bytes_are_no_text() -> None:
    with pytest.raises(UnknownFormat, match=r"“a.bin”"):
        read_document("a.bin", bytes(range(256)))


@pytest.mark.parametrize("text", ["联通", "000目"])
def test_short_chinese_that_looks_like_utf8_is_still_chinese(text: str) -> None:
    assert read_document("a.txt", text.encode("gb18030")).rows[0].cells[0].text == text


def test_signs_alone_do_not_make_a_text_chinese() -> None:
    assert read_document("a.txt", "5±1 × 3".encode()).rows[0].cells[0].text == "5±1 × 3"


@given(st.text(st.sampled_from("绩效指标年度完成值得分预算执行率项目资金0123456789.%"), min_size=2))
def test_chinese_in_gb18030_is_read_back(text: str) -> None:
    text = f"绩效{text}"
    assert read_document("a.txt", text.encode("gb18030")).rows[0].cells[0].text == text
