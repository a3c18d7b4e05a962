"""What crosses the wire in every domain: pages of lists, faults as RFC 7807 writes them, and what texts may hold."""

from typing import Annotated, Any, Generic, TypeVar

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

T = TypeVar("T")

LARGEST_ID = 2**63 - 1
MOST_ROWS = 200
_MOST_PAGES = 1_000_000
_LINE_LENGTH = 200
_PROSE_LENGTH = 4000

Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
"""What a row goes by; no database holds a larger one."""

Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="您看到的版本；别人先改了就会被拒绝")]
"""The version that the caller saw: who decides on what no longer stands is told so."""

Line = Annotated[str, StringConstraints(max_length=_LINE_LENGTH, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""One line of text without control characters."""

Prose = Annotated[str, StringConstraints(max_length=_PROSE_LENGTH, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
"""Text that may have several lines."""


class Asked(Schema):
    """The root of what a caller sends as a body; what it does not name is refused."""

    model_config = ConfigDict(extra="forbid")


class PageAsked(Schema):
    """Which page of a list, and the words that its rows must have."""

    q: Line = Field("", description="搜索词，空格分开，每个词都要匹配")
    page: int = Field(1, ge=1, le=_MOST_PAGES, description="页码，从 1 起")
    size: int = Field(50, ge=1, le=MOST_ROWS, description="每页条数")


class Page(Schema, Generic[T]):
    """One page of a list; beyond the last page `items` is empty."""

    items: list[T]
    page: int
    size: int
    count: int = Field(description="搜索和筛选之后的总条数")


class Fault(Schema):
    """One field that was not taken: where it stands (JSON pointer into body, query or path), and why."""

    field: str
    message: str


class Problem(Schema):
    """Why a request was not done (RFC 7807).

    `code` is stable and for programs; `detail` is for people and never to be parsed; `facts` are what is behind it.
    """

    type: str = Field(description="urn:chengshu:problem: 加错误代码")
    title: str
    status: int
    detail: str
    instance: str = Field(description="被请求的地址")
    code: str
    request: str = Field("", description="请求编号，与日志和审计一致")
    faults: list[Fault] = Field(default_factory=list)
    facts: dict[str, Any] = Field(default_factory=dict)
