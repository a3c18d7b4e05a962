"""What collection offers to the rest of the house while Django starts."""

from chengshu.kernel.files.facade import register_owner
from chengshu.kernel.notifications.facade import register_template
from chengshu.resources.contracts.sections import SectionKey
from chengshu.resources.operations.watching import FILE_REFUSED
from chengshu.resources.queries.arrivals import holds_arrival
from chengshu.resources.queries.freshness import tell_freshness
from chengshu.resources.queries.holding import holds_file
from chengshu.resources.queries.sections import register_section


def register_collection() -> None:
    """Tell on the pages of entries how fresh they are, answer for the files of deliveries, tell of refused files; called once."""
    register_section(SectionKey.FRESHNESS, tell_freshness)
    register_owner("resources", holds_file)
    register_owner("arrivals", holds_arrival)
    register_template(FILE_REFUSED)
