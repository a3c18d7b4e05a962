"""What the data platform and its service measure, as indicators with evidence."""

from collections.abc import Iterator

from chengshu.kernel.indicators.facade import IndicatorSpec
from chengshu.resources.indicators.awaited import list_awaited
from chengshu.resources.indicators.catalogue import list_catalogue
from chengshu.resources.indicators.collection import list_collection
from chengshu.resources.indicators.months import list_months
from chengshu.resources.indicators.quality import list_quality
from chengshu.resources.indicators.service import list_services

__all__ = ["list_awaited", "list_indicators"]


def list_indicators() -> Iterator[IndicatorSpec]:
    """Give the indicators of this domain."""
    yield from list_catalogue()
    yield from list_collection()
    yield from list_quality()
    yield from list_services()
    yield from list_months()
