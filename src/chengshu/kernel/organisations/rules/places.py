"""Which kind may stand below which."""

from chengshu.kernel.organisations.contracts import Kind

_ABOVE: dict[Kind, frozenset[Kind]] = {
    Kind.CITY: frozenset(),
    Kind.DISTRICT: frozenset({Kind.CITY}),
    # A department may lead another one (部门管理机构), a unit may have branches.
    Kind.DEPARTMENT: frozenset({Kind.CITY, Kind.DISTRICT, Kind.DEPARTMENT}),
    Kind.UNIT: frozenset(Kind),
}


def fits_below(child: Kind, parent: Kind) -> bool:
    """Tell whether an organisation of one kind may belong to one of the other kind. Any kind may be a root."""
    return parent in _ABOVE[child]
