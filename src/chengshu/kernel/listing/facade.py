"""The door of lists."""

from chengshu.kernel.listing.contracts import BatchAction, Choice, Column, ExportFormat, Filter, Kind, ListingSpec
from chengshu.kernel.listing.errors import (
    ListTooLong,
    SavedViewError,
    TooManyViews,
    ViewNameInvalid,
    ViewNameTaken,
    ViewNotFound,
    ViewTooLong,
)
from chengshu.kernel.listing.export import guard_formula
from chengshu.kernel.listing.formats import format_value
from chengshu.kernel.listing.operations import MAX_VIEWS, delete_view, save_view
from chengshu.kernel.listing.page import Listing
from chengshu.kernel.listing.queries import list_saved_views
from chengshu.kernel.listing.views import open_listing, respond_with_listing

__all__ = [
    "MAX_VIEWS",
    "BatchAction",
    "Choice",
    "Column",
    "ExportFormat",
    "Filter",
    "Kind",
    "ListTooLong",
    "Listing",
    "ListingSpec",
    "SavedViewError",
    "TooManyViews",
    "ViewNameInvalid",
    "ViewNameTaken",
    "ViewNotFound",
    "ViewTooLong",
    "delete_view",
    "format_value",
    "guard_formula",
    "list_saved_views",
    "open_listing",
    "respond_with_listing",
    "save_view",
]
