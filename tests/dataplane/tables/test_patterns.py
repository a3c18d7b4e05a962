import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengshu.dataplane.errors import TableFault
from chengshu.dataplane.tables.patterns import draw_text, parse_pattern

PATTERNS = (
    r"\d{17}[\dX]",
    r"[一-龥·]{2,12}",
    r"(?:沪|京)[A-Z]\w{5}",
    r"310\d{3}(?:19|20)\d{2}",
    r"a\.b|c?",
    r"[^\d,]+x{2,}",
    r"\S+@\S+\.[a-z]{2,6}",
    r"[一-龥]+(路|街)\d{1,4}(弄\d{1,3})?号",
    "",
)

REFUSED = (
    *("^a", "a$", "(?=a)", "(?<n>a)", r"(a)\1", "a*?", "a++", "[[a]]", "[a&&b]", "[a--b]", "[a", "(a", "a)", "a{2,1}"),
    *("a{1001}", "a{x}", "[]a]", r"\p{L}", r"\bword", "*a", "[z-a]", r"[\d-z]", "a\\", r"[^\d\D]"),
)


@given(st.sampled_from(PATTERNS), st.integers(0, 10_000))
def test_what_is_drawn_matches(pattern: str, seed: int) -> None:
    text = draw_text(parse_pattern(pattern), Random(seed))  # noqa: S311 - drawn from a seed
    assert re.compile(pattern, re.ASCII).fullmatch(text)


@pytest.mark.parametrize("pattern", REFUSED)
def test_what_engines_read_differently_is_refused_with_its_place(pattern: str) -> None:
    with pytest.raises(TableFault, match=r"第 \d+ 个字符处") as fault:
        parse_pattern(pattern)
    assert fault.value.details["pattern"] == pattern


@given(st.text(alphabet="ab19[](){}|*+?^$.-,\\dwp一", max_size=12))
def test_any_text_is_read_or_refused(pattern: str) -> None:
    try:
        node = parse_pattern(pattern)
    except TableFault:
        return
    assert re.compile(pattern, re.ASCII).fullmatch(draw_text(node, Random(1)))  # noqa: S311 - drawn from a seed
