"""The door of lists."""

from chengshu.kernel.listing.contracts import BatchAction, Choice, Column, ExportFormat, Filter, Kind, ListingSpec
from chengshu.kernel.listing.errors import ListTooLong
from chengshu.kernel.listing.export import guard_formula
from chengshu.kernel.listing.formats import format_value
from chengshu.kernel.listing.page import Listing
from chengshu.kernel.listing.views import open_listing, respond_with_listing

__all__ = [
    "BatchAction",
    "Choice",
    "Column",
    "ExportFormat",
    "Filter",
    "Kind",
    "ListTooLong",
    "Listing",
    "ListingSpec",
    "format_value",
    "guard_formula",
    "open_listing",
    "respond_with_listing",
]
