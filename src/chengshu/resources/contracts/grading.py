"""What crosses the boundary of grades along lineage: of which fields a field is made, and how."""

from dataclasses import dataclass
from enum import StrEnum


class Derivation(StrEnum):
    """How a field is made of another one."""

    IDENTITY = "identity"
    EXPRESSION = "expression"
    AGGREGATE = "aggregate"
    CONSTANT = "constant"


@dataclass(frozen=True, slots=True)
class DeclaredOrigin:
    """A field that a department says another one is made of: the code of its entry, its own code, and how."""

    code: str
    field: str
    way: Derivation = Derivation.IDENTITY


@dataclass(frozen=True, slots=True)
class ColumnOrigin:
    """A field that lineage knows another one to be made of; columns outside the catalogue are passed through."""

    resource_id: int
    field: str
    source_resource_id: int
    source_field: str
    way: Derivation


@dataclass(frozen=True, slots=True)
class Lowering:
    """What the owner of a field decided: values gathered up to the grade `origin` count as `grade` there."""

    origin: int
    grade: int


@dataclass(frozen=True, slots=True)
class OriginTold:
    """A field that another one is made of, as pages show it. `grade` is None where it is in no entry."""

    code: str
    name: str
    field: str
    way: Derivation
    grade: int | None
    resource_id: int | None
    is_traced: bool


@dataclass(frozen=True, slots=True)
class GradeTold:
    """Why a field has its grade: what its department says, what its origins ask for, and what was lowered with what reason."""

    own: int
    asked: int
    holds: int
    origins: tuple[OriginTold, ...]
    lowered: int | None = None
    reason: str = ""
    may_be_lowered: bool = False
