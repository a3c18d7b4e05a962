"""The door of what `http` rooms share."""

from chengshu.kernel.http.access import Bearer, Session, person_of
from chengshu.kernel.http.contracts import (
    LARGEST_ID,
    MOST_ROWS,
    Asked,
    Fault,
    Id,
    Line,
    Page,
    PageAsked,
    Problem,
    Prose,
    Version,
)
from chengshu.kernel.http.paging import narrow_to_words, read_page
from chengshu.kernel.http.registry import register_bearer_finder, register_malformed_listener, tell_malformed

__all__ = [
    "LARGEST_ID",
    "MOST_ROWS",
    "Asked",
    "Bearer",
    "Fault",
    "Id",
    "Line",
    "Page",
    "PageAsked",
    "Problem",
    "Prose",
    "Session",
    "Version",
    "narrow_to_words",
    "person_of",
    "read_page",
    "register_bearer_finder",
    "register_malformed_listener",
    "tell_malformed",
]
