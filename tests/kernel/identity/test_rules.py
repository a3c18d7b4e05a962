"""One-time codes work in their time and once; browsers go by names that people know."""

from datetime import UTC, datetime, timedelta

import pytest
from conftest import NOW
from hypothesis import given
from hypothesis import strategies as st
from kernel.identity.codes import code_of

from chengshu.kernel.identity.rules.agents import name_agent
from chengshu.kernel.identity.rules.codes import find_step

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - of accounts that live for one test
STEP_NOW = int(NOW.timestamp()) // 30


class TestFindStep:
    @given(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - made aware by the strategy
    def test_takes_the_code_that_an_app_shows(self, moment: datetime) -> None:
        assert find_step(SECRET, code_of(SECRET, moment), now=moment) == int(moment.timestamp()) // 30

    @pytest.mark.parametrize(("late", "taken"), [(-60, False), (-30, True), (30, True), (60, False)])
    def test_forgives_clocks_half_a_minute(self, late: int, taken: bool) -> None:  # noqa: FBT001 - an expected answer
        shown = code_of(SECRET, NOW + timedelta(seconds=late))
        assert (find_step(SECRET, shown, now=NOW) is not None) is taken

    def test_takes_no_code_twice(self) -> None:
        assert find_step(SECRET, code_of(SECRET, NOW), now=NOW, after=STEP_NOW) is None

    def test_agrees_with_the_standard(self) -> None:
        # RFC 6238, appendix B: seconds 59 and 1111111109 of the SHA-1 secret, the last six of eight digits.
        secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # noqa: S105 - the standard's
        for second, code in ((59, "287082"), (1111111109, "081804")):
            assert find_step(secret, code, now=datetime.fromtimestamp(second, tz=NOW.tzinfo)) == second // 30

    @pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "12 34", "000000\n000000"])
    def test_refuses_what_is_no_code(self, typed: str) -> None:
        assert find_step(SECRET, typed, now=NOW) is None


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge · Windows",
        ),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1", "Safari · iPhone"),
        ("curl/8.5.0", "curl"),
        ("", ""),
    ],
)
def test_browsers_go_by_their_names(agent: str, name: str) -> None:
    assert name_agent(agent) == name
