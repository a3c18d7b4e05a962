"""Words and quiet hours."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel.notifications.conftest import PLAIN

from chengshu.kernel.notifications.facade import FieldsWrong, Template, TemplateWrong, Words, register_template
from chengshu.kernel.notifications.rules.quiet import end_of_quiet
from chengshu.kernel.notifications.rules.words import check_fields, put_in_words

ZONE = ZoneInfo("Asia/Shanghai")
TIMES = st.times().map(lambda found: found.replace(second=0, microsecond=0))
START = datetime(2024, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 2 * 365 * 86_400).map(lambda seconds: START + timedelta(seconds=seconds))


def _is_quiet(moment: datetime, start: time, end: time) -> bool:
    clock = moment.astimezone(ZONE).time()
    if start <= end:
        return start <= clock < end
    return not end <= clock < start


class TestQuietHours:
    @given(now=MOMENTS, start=TIMES, end=TIMES)
    def test_end_at_the_first_moment_that_is_not_quiet(self, now: datetime, start: time, end: time) -> None:
        """Judged minute by minute."""
        found = end_of_quiet(now, start, end, ZONE)
        if not _is_quiet(now, start, end):
            assert found == now
            return
        minute = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
        while _is_quiet(minute, start, end):
            minute += timedelta(minutes=1)
        assert found == minute

    def test_defer_the_night_to_the_next_morning(self) -> None:
        late = datetime(2024, 3, 15, 23, 30, tzinfo=ZONE)
        assert end_of_quiet(late, time(22), time(7), ZONE) == datetime(2024, 3, 16, 7, 0, tzinfo=ZONE)


class TestWords:
    def test_are_in_the_readers_language(self) -> None:
        assert put_in_words(PLAIN, {"what": "目标"}, language="zh-hans").title == "目标来了"
        assert put_in_words(PLAIN, {"what": "Goals"}, language="en").title == "Goals has come"

    def test_of_a_field_are_put_in_as_they_are(self) -> None:
        told = put_in_words(PLAIN, {"what": "{what} {0.__class__}\r\nBcc: a"}, language="zh-hans")
        assert told.title == "{what} {0.__class__} Bcc: a来了"

    @pytest.mark.parametrize(("zh", "en"), [("{a}", "x"), ("x", "{a}"), ("{b}", "{b}")])
    def test_that_speak_of_other_fields_are_refused(self, zh: str, en: str) -> None:
        words, plain = Words(zh, en), Words("x", "x")
        with pytest.raises(TemplateWrong):
            register_template(Template("tests.wrong", plain, words, plain, frozenset({"a"})))

    @pytest.mark.parametrize("fields", [{}, {"what": "x", "more": "y"}])
    def test_need_each_field_and_no_other(self, fields: dict[str, str]) -> None:
        with pytest.raises(FieldsWrong):
            check_fields(PLAIN, fields)
