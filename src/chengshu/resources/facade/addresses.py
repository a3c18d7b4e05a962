"""The door of the addresses that the data centre allows."""

from chengshu.resources.operations.addresses import KEEP_ADDRESSES, allow_address, forbid_address
from chengshu.resources.queries.addresses import inbox_folder, list_addresses, require_allowed

__all__ = ["KEEP_ADDRESSES", "allow_address", "forbid_address", "inbox_folder", "list_addresses", "require_allowed"]
