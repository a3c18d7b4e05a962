"""A list's state is its address, and back."""

from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from chengshu.kernel.listing.contracts import Choice, Column, Filter, Kind, ListingSpec
from chengshu.kernel.listing.state import GONE, read_state

SPEC = ListingSpec(
    key="things",
    columns=(
        Column("name", "名称", lambda row: row, order_by=("name",)),
        Column("year", "年度", lambda row: row, Kind.NUMBER, ("year",)),
        Column("budget", "预算", lambda row: row, Kind.MONEY, ("budget",)),
        Column("note", "说明", lambda row: row, is_shown=False),
    ),
    default_sort="-year",
    filters=(
        Filter("year", "年度", lambda: [Choice("2023", "2023"), Choice("2024", "2024")], lambda rows, _: rows),
        Filter("level", "级别", lambda: [Choice("error", "差错"), Choice("hint", "提示")], lambda rows, _: rows),
    ),
    search=("name__icontains",),
)


def _address(text: str) -> str:
    return read_state(SPEC, QueryDict(text)).address(SPEC)


class TestReadState:
    def test_takes_the_defaults_from_an_empty_address(self) -> None:
        state = read_state(SPEC, QueryDict(""))
        assert (state.query, state.sort, state.page, state.size) == ("", "-year", 1, 50)
        assert state.columns == ("name", "year", "budget")
        assert state.filters == {}

    def test_ignores_what_it_does_not_know(self) -> None:
        assert _address("sort=note&page=-3&size=7&columns=nothing&year=&unit=yen&q=%20") == "?"

    def test_a_choice_that_is_gone_is_not_taken_for_no_choice(self) -> None:
        assert read_state(SPEC, QueryDict("year=1066")).filters == {"year": (GONE,)}
        assert read_state(SPEC, QueryDict("year=1066&year=2024")).filters == {"year": ("2024",)}

    def test_never_hides_the_first_column(self) -> None:
        assert read_state(SPEC, QueryDict("columns=note")).columns == ("name", "note")

    def test_keeps_several_values_of_a_filter(self) -> None:
        assert read_state(SPEC, QueryDict("year=2024&year=2023")).filters == {"year": ("2023", "2024")}


class TestAddress:
    def test_leaves_out_what_is_the_default(self) -> None:
        assert _address("sort=-year&page=1&size=50&unit=yuan&q=") == "?"

    def test_goes_back_to_the_first_page_when_the_list_changes(self) -> None:
        state = read_state(SPEC, QueryDict("page=7"))
        assert state.address(SPEC, sort="name") == "?sort=name"
        assert state.address(SPEC, page=8) == "?page=8"

    @given(
        st.fixed_dictionaries(
            {},
            optional={
                "q": st.text(max_size=20),
                "sort": st.sampled_from(["name", "-name", "year", "-year", "note", "x"]),
                "page": st.integers(-2, 10**12).map(str),
                "size": st.sampled_from(["50", "100", "7"]),
                "columns": st.lists(st.sampled_from(["name", "year", "note", "x"])).map(",".join),
                "unit": st.sampled_from(["wan", "yuan", "x"]),
                "year": st.sampled_from(["2023", "2024", "x"]),
            },
        )
    )
    def test_reading_an_address_that_was_written_gives_the_same_state(self, params: dict[str, str]) -> None:
        query = QueryDict(mutable=True)
        query.update(params)
        state = read_state(SPEC, query)
        assert read_state(SPEC, QueryDict(state.address(SPEC)[1:])) == state
