"""Tables of the catalogue. Collection and quality add their own beside them."""

from chengshu.resources.models.editions import Change, Decision, Dispute, Edition, Intake, RejectedEntry
from chengshu.resources.models.elements import DataElement, DomainCode, ValueDomain
from chengshu.resources.models.postings import IndexedResource, IndexSegment, Posting
from chengshu.resources.models.resources import DataResource, Field, ListItem
from chengshu.resources.models.rights import APPROVE, DISPUTE, EDIT, KEEP_ELEMENTS, SEE

__all__ = [
    "APPROVE",
    "DISPUTE",
    "EDIT",
    "KEEP_ELEMENTS",
    "SEE",
    "Change",
    "DataElement",
    "DataResource",
    "Decision",
    "Dispute",
    "DomainCode",
    "Edition",
    "Field",
    "IndexSegment",
    "IndexedResource",
    "Intake",
    "ListItem",
    "Posting",
    "RejectedEntry",
    "ValueDomain",
]
