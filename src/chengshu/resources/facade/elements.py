"""The door of data elements and value domains."""

from chengshu.resources.contracts.elements import CHECKS, DomainContent, ElementContent
from chengshu.resources.errors import ElementInvalid, ElementNotFound
from chengshu.resources.models import KEEP_ELEMENTS, DataElement, DomainCode, ValueDomain
from chengshu.resources.operations.elements import keep_domain, keep_element
from chengshu.resources.queries.elements import (
    get_domain,
    get_element,
    list_domains,
    list_elements,
    list_uses,
)

__all__ = [
    "CHECKS",
    "KEEP_ELEMENTS",
    "DataElement",
    "DomainCode",
    "DomainContent",
    "ElementContent",
    "ElementInvalid",
    "ElementNotFound",
    "ValueDomain",
    "get_domain",
    "get_element",
    "keep_domain",
    "keep_element",
    "list_domains",
    "list_elements",
    "list_uses",
]
