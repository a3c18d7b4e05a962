"""Faults of the data resource platform.

ResourcesError
├── NotInSight          (what is not there, or not for this person)
│   ├── ResourceNotFound    no such resource, field, edition or import
│   ├── ElementNotFound     no such data element or value domain
│   ├── SourceNotFound      no such source or delivery
│   ├── DisputeNotFound     no such dispute
│   ├── RuleNotFound        no such rule of quality
│   ├── PipelineNotFound    no such pipeline, run or table of the lake
│   ├── LineageNotFound     no such table, teller or version of lineage
│   └── IssueNotFound       no such quality issue, check or returned sheet
├── ResourceInvalid     an entry cannot be kept as given; `details["field"]` names the place
├── ResourceStale       somebody else changed the entry since the page was opened
├── ResourceClosed      the entry is handed in or withdrawn: it is not edited now
├── StepNotOpen         the entry does not stand where this step begins
├── EntryIncomplete     the entry cannot be handed in yet; `faults` names every place and its cure
├── ReasonMissing       a step that needs words was given none
├── ElementInvalid      a data element or value domain cannot be kept as given; `details["field"]` names the place
├── ProfileUnknown      no metadata profile of that name
├── ProfileInvalid      a metadata profile whose data break its schema
├── SourceInvalid       a source, promise or delivery cannot be kept as given; `details["field"]` names the place
├── SourceStale         somebody else changed the source since the page was opened
├── SecretUnreadable    a sealed secret of a source that no key of the house opens
├── DeliveryClosed      a delivery does not stand where this step begins
├── PushRefused         pushed rows that are not received as a delivery; the message says why
│   ├── PushTooLarge        more bytes than one push may have
│   ├── PushTypeUnknown     a content type or encoding that is not read
│   └── PushKeyReused       the key of another push, with other rows
├── PushFailed          pushed rows that were kept but could not be read; `details["delivery"]` names the delivery
├── SourceUnreadable    a source database cannot be opened or read
├── TableUnreadable     a handed-in workbook has no readable table of resources
├── RuleRefused         a rule of quality that cannot be kept as given; `details["field"]` names the place
├── CheckFailed         a check that could not be made; the message says why, and the cure
├── CheckOvertaken      another check of the same table began meanwhile; this one kept nothing
├── ProcessingRefused   a pipeline that cannot be set up or run as asked; the message says why, and the cure
├── RunStopped          a run was stopped as somebody asked; what was committed stays, and it can be gone on with
├── LineageRefused      scripts or events that cannot be kept as given; `details["field"]` names the place
└── SheetRefused        a corrected sheet that cannot be taken or written at all
"""

from collections.abc import Sequence
from typing import ClassVar

from chengshu.base.errors import ChengshuError


class ResourcesError(ChengshuError):
    """A fault of the data resource platform."""

    code: ClassVar[str] = "RESOURCES"


class NotInSight(ResourcesError):
    """What is not there, or not for this person; pages answer 404."""

    code: ClassVar[str] = "RESOURCE_NOT_IN_SIGHT"


class ResourceNotFound(NotInSight):
    """Nothing of that name in sight."""

    code: ClassVar[str] = "RESOURCE_NOT_FOUND"


class ResourceInvalid(ResourcesError):
    """An entry that cannot be kept as given."""

    code: ClassVar[str] = "RESOURCE_INVALID"


class ResourceStale(ResourcesError):
    """Somebody else was quicker."""

    code: ClassVar[str] = "RESOURCE_STALE"


class ResourceClosed(ResourcesError):
    """An entry that is not edited now."""

    code: ClassVar[str] = "RESOURCE_CLOSED"


class StepNotOpen(ResourcesError):
    """A step that does not begin here."""

    code: ClassVar[str] = "RESOURCE_STEP_NOT_OPEN"


class EntryIncomplete(ResourcesError):
    """An entry that does not meet its profile yet."""

    code: ClassVar[str] = "RESOURCE_INCOMPLETE"

    def __init__(self, message: str, faults: Sequence[object] = (), **details: str | int | None) -> None:
        super().__init__(message, **details)
        self.faults = tuple(faults)


class ReasonMissing(ResourcesError):
    """No word was said where one is needed."""

    code: ClassVar[str] = "RESOURCE_REASON_MISSING"


class ElementNotFound(NotInSight):
    """No such data element or value domain."""

    code: ClassVar[str] = "ELEMENT_NOT_FOUND"


class ElementInvalid(ResourcesError):
    """A data element or value domain that cannot be kept as given."""

    code: ClassVar[str] = "ELEMENT_INVALID"


class ProfileUnknown(ResourcesError):
    """No metadata profile of that name."""

    code: ClassVar[str] = "PROFILE_UNKNOWN"


class ProfileInvalid(ResourcesError):
    """A metadata profile whose data break its schema."""

    code: ClassVar[str] = "PROFILE_INVALID"


class SourceUnreadable(ResourcesError):
    """A source database that cannot be opened or read."""

    code: ClassVar[str] = "SOURCE_UNREADABLE"


class DisputeNotFound(NotInSight):
    """No such dispute in sight."""

    code: ClassVar[str] = "DISPUTE_NOT_FOUND"


class TableUnreadable(ResourcesError):
    """A workbook without a readable table of resources."""

    code: ClassVar[str] = "RESOURCE_TABLE_UNREADABLE"


class SourceNotFound(NotInSight):
    """No such source or delivery in sight."""

    code: ClassVar[str] = "SOURCE_NOT_FOUND"


class SourceInvalid(ResourcesError):
    """A source, promise or delivery that cannot be kept as given."""

    code: ClassVar[str] = "SOURCE_INVALID"


class DeliveryClosed(ResourcesError):
    """A delivery that does not stand where this step begins."""

    code: ClassVar[str] = "DELIVERY_CLOSED"


class SourceStale(ResourcesError):
    """Somebody else changed the source meanwhile."""

    code: ClassVar[str] = "SOURCE_STALE"


class SecretUnreadable(ResourcesError):
    """A sealed secret that no key of the house opens."""

    code: ClassVar[str] = "SOURCE_SECRET_UNREADABLE"


class PushRefused(ResourcesError):
    """Pushed rows that became no delivery."""

    code: ClassVar[str] = "PUSH_REFUSED"


class PushTooLarge(PushRefused):
    """More bytes than one push may have."""

    code: ClassVar[str] = "PUSH_TOO_LARGE"


class PushTypeUnknown(PushRefused):
    """A content type or encoding that is not read."""

    code: ClassVar[str] = "PUSH_TYPE_UNKNOWN"


class PushKeyReused(PushRefused):
    """The key of another push, with other rows."""

    code: ClassVar[str] = "PUSH_KEY_REUSED"


class PushFailed(ResourcesError):
    """Pushed rows that were kept as a failed delivery."""

    code: ClassVar[str] = "PUSH_FAILED"


class RuleNotFound(NotInSight):
    """No such rule in sight."""

    code: ClassVar[str] = "QUALITY_RULE_NOT_FOUND"


class IssueNotFound(NotInSight):
    """No such quality issue, check or returned sheet in sight."""

    code: ClassVar[str] = "QUALITY_ISSUE_NOT_FOUND"


class RuleRefused(ResourcesError):
    """A rule of quality that cannot be kept as given."""

    code: ClassVar[str] = "QUALITY_RULE_REFUSED"


class CheckFailed(ResourcesError):
    """A check that could not be made."""

    code: ClassVar[str] = "QUALITY_CHECK_FAILED"


class CheckOvertaken(ResourcesError):
    """A check beside which another one began."""

    code: ClassVar[str] = "QUALITY_CHECK_OVERTAKEN"


class SheetRefused(ResourcesError):
    """A corrected sheet that cannot be taken, or not be written."""

    code: ClassVar[str] = "QUALITY_SHEET_REFUSED"


class LineageNotFound(NotInSight):
    """No such table, teller or version of lineage."""

    code: ClassVar[str] = "LINEAGE_NOT_FOUND"


class PipelineNotFound(NotInSight):
    """No such pipeline, run or table of the lake."""

    code: ClassVar[str] = "PIPELINE_NOT_FOUND"


class ProcessingRefused(ResourcesError):
    """A pipeline that cannot be set up or run as asked."""

    code: ClassVar[str] = "PROCESSING_REFUSED"


class RunStopped(ResourcesError):
    """A run was stopped as somebody asked."""

    code: ClassVar[str] = "PIPELINE_RUN_STOPPED"


class LineageRefused(ResourcesError):
    """Scripts or events that cannot be kept as given; `details["field"]` names the place."""

    code: ClassVar[str] = "LINEAGE_REFUSED"
