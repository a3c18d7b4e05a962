"""Faults of forms, rule sets and batches.

PerformanceError
├── FormUnreadable      (input that is not a filled form; `details["file"]` names it)
│   ├── NotAForm        no self-evaluation form in the document
│   ├── FormBlank       a form that nobody filled in
│   └── FormDigitsLost  a form whose figures did not survive extraction
├── RuleSetUnknown      no rule set of that name
├── RuleSetInvalid      a rule set whose data break its schema
├── ProfileInvalid      a template profile whose data break its schema
├── RecordInvalid       a JSON record outside the published contract
├── CorrectionInvalid   a value that the corrected cell cannot hold; `details["field"]` names the cell
├── CorrectionStale     the cell has changed since the page was opened, or the undo comes too late
├── BatchNotFound       no such batch, or not for this person
├── FormNotFound        no such form, or not for this person
├── ArchiveUnreadable   an archive that is not Parquet or lacks a column; `details["file"]` names it
├── ArchiveMismatch     a target folder that holds another archive run
├── ArchiveBusy         a target folder that another process is writing
├── ProjectNotFound     no such project or year of it, or not for this person
├── ProjectInvalid      a project cannot be kept as given; `details["field"]` names the field
├── ProjectStale        somebody else changed the project since the page was opened
├── MoneyInvalid        an amount or day cannot be kept as given; `details["field"]` names the field
├── ReceiptNotFound     no such import of a table, or somebody else's
├── SheetNotFound       no such goals, monitoring or self-evaluation, or not for this person
├── SheetStale          somebody else saved the sheet meanwhile; `details` say who and which version
├── SheetClosed         the sheet was handed in or approved: it is not edited now
├── SheetIncomplete     the sheet cannot be handed in yet; `gaps` names every place and its cure
├── GoalInvalid         a text or row of goals cannot be kept; `details` name row and field
├── GoalInUse           an indicator that is to be removed has results already
├── NothingToCopy       no earlier year of the project has goals
├── LibraryInvalid      an entry of the indicator library lacks what it needs, or stands there already
├── LibraryNotFound     no such entry of the indicator library
├── GoalsNotApproved    a self-evaluation is opened only on goals that finance approved
├── ResultInvalid       a result, score or document cannot be kept; `details` name row and field
├── ReasonMissing       a step or a change that needs words was given none
├── ReviewNotFound      no such review or spot check, or not for this person
├── ReviewStale         somebody else saved the review meanwhile; `details` say who and which version
├── ReviewInvalid       scores of a review cannot be kept; `lines` names each line's fault
├── SpotCheckInvalid    a spot check cannot be drawn as asked; `details["field"]` names the field
├── PublicationNotFound nothing of this address is or was public
├── PublicationRefused  a self-evaluation may not be made public; `faults` says why
└── StepNotOpen         the sheet does not stand where this step begins
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from chengshu.base.errors import ChengshuError


class PerformanceError(ChengshuError):
    """A fault of the performance domain."""

    code: ClassVar[str] = "PERFORMANCE"


class FormUnreadable(PerformanceError):
    """Input that does not hold a readable form."""

    code: ClassVar[str] = "FORM_UNREADABLE"


class NotAForm(FormUnreadable):
    """The document holds no self-evaluation form."""

    code: ClassVar[str] = "NOT_A_FORM"


class FormBlank(FormUnreadable):
    """The form was printed but never filled in."""

    code: ClassVar[str] = "FORM_BLANK"


class FormDigitsLost(FormUnreadable):
    """The form's figures did not survive (an extraction that dropped every digit)."""

    code: ClassVar[str] = "DIGITS_LOST"


class RuleSetUnknown(PerformanceError):
    """No rule set has this name."""

    code: ClassVar[str] = "RULE_SET_UNKNOWN"


class RuleSetInvalid(PerformanceError):
    """A rule set's data are not what its schema asks."""

    code: ClassVar[str] = "RULE_SET_INVALID"


class ProfileInvalid(PerformanceError):
    """A template profile's data are not what its schema asks."""

    code: ClassVar[str] = "PROFILE_INVALID"


class RecordInvalid(PerformanceError):
    """A JSON record does not follow the published contract."""

    code: ClassVar[str] = "RECORD_INVALID"


class CorrectionInvalid(PerformanceError):
    """The corrected cell cannot hold this value."""

    code: ClassVar[str] = "CORRECTION_INVALID"


class CorrectionStale(PerformanceError):
    """The cell holds another value than the one that was to be corrected."""

    code: ClassVar[str] = "CORRECTION_STALE"


class BatchNotFound(PerformanceError):
    """There is no such batch for this person."""

    code: ClassVar[str] = "BATCH_NOT_FOUND"


class FormNotFound(PerformanceError):
    """There is no such form for this person."""

    code: ClassVar[str] = "FORM_NOT_FOUND"


class ArchiveUnreadable(PerformanceError):
    """The archive is not Parquet, or a column that every form needs is missing."""

    code: ClassVar[str] = "ARCHIVE_UNREADABLE"


class ArchiveMismatch(PerformanceError):
    """The target folder holds the results of another archive or of other rules."""

    code: ClassVar[str] = "ARCHIVE_MISMATCH"


class ArchiveBusy(PerformanceError):
    """Another process is writing to the target folder."""

    code: ClassVar[str] = "ARCHIVE_BUSY"


class ProjectNotFound(PerformanceError):
    """No such project or year of it, or not for this person."""

    code: ClassVar[str] = "PROJECT_NOT_FOUND"


class ProjectInvalid(PerformanceError):
    """A project cannot be kept as given; `details["field"]` names the field."""

    code: ClassVar[str] = "PROJECT_INVALID"


class ProjectStale(PerformanceError):
    """Somebody else changed the project since the page was opened."""

    code: ClassVar[str] = "PROJECT_STALE"


class MoneyInvalid(PerformanceError):
    """An amount or a day cannot be kept as given; `details["field"]` names the field."""

    code: ClassVar[str] = "MONEY_INVALID"


class ReceiptNotFound(PerformanceError):
    """There is no such import of a table for this person."""

    code: ClassVar[str] = "RECEIPT_NOT_FOUND"


class SheetNotFound(PerformanceError):
    """No such goals, monitoring or self-evaluation, or not for this person."""

    code: ClassVar[str] = "SHEET_NOT_FOUND"


class SheetStale(PerformanceError):
    """Somebody else saved the sheet since the page was opened."""

    code: ClassVar[str] = "SHEET_STALE"


class SheetClosed(PerformanceError):
    """The sheet was handed in or approved and is not edited now."""

    code: ClassVar[str] = "SHEET_CLOSED"


class StepNotOpen(PerformanceError):
    """The sheet does not stand where this step begins; somebody else may have led it on."""

    code: ClassVar[str] = "STEP_NOT_OPEN"


class GoalInvalid(PerformanceError):
    """A text or a row of goals cannot be kept as it was typed; `details` name row and field."""

    code: ClassVar[str] = "GOAL_INVALID"


class GoalInUse(PerformanceError):
    """An indicator that is to be removed has results of monitoring or self-evaluation."""

    code: ClassVar[str] = "GOAL_IN_USE"


class NothingToCopy(PerformanceError):
    """No earlier year of the project has goals."""

    code: ClassVar[str] = "NOTHING_TO_COPY"


class LibraryInvalid(PerformanceError):
    """An entry of the indicator library lacks what it needs, or stands there already; `details["field"]` names it."""

    code: ClassVar[str] = "LIBRARY_INVALID"


class LibraryNotFound(PerformanceError):
    """There is no such entry of the indicator library."""

    code: ClassVar[str] = "LIBRARY_NOT_FOUND"


class GoalsNotApproved(PerformanceError):
    """A self-evaluation is opened only on goals that finance approved."""

    code: ClassVar[str] = "GOALS_NOT_APPROVED"


class ResultInvalid(PerformanceError):
    """A result, a score or a document cannot be kept as given; `details` name row and field."""

    code: ClassVar[str] = "RESULT_INVALID"


class ReasonMissing(PerformanceError):
    """A step or a change that needs words was given none."""

    code: ClassVar[str] = "REASON_MISSING"


class SheetIncomplete(PerformanceError):
    """The sheet cannot be handed in yet. `gaps` are places (JSON pointers) with what is missing there."""

    code: ClassVar[str] = "SHEET_INCOMPLETE"

    def __init__(self, message: str, gaps: Sequence[tuple[str, str]]) -> None:
        super().__init__(message, gaps=len(gaps))
        self.gaps = tuple(gaps)


class ReviewNotFound(PerformanceError):
    """There is no such review or spot check for this person."""

    code: ClassVar[str] = "REVIEW_NOT_FOUND"


class ReviewStale(PerformanceError):
    """The review was saved by somebody else since the page was opened."""

    code: ClassVar[str] = "REVIEW_STALE"


class ReviewInvalid(PerformanceError):
    """Scores of a review cannot be kept. `lines` says what is wrong with each line, by its key."""

    code: ClassVar[str] = "REVIEW_INVALID"

    def __init__(self, message: str, lines: Mapping[str, str]) -> None:
        super().__init__(message, lines=len(lines))
        self.lines = dict(lines)


class SpotCheckInvalid(PerformanceError):
    """A spot check cannot be drawn as asked."""

    code: ClassVar[str] = "SPOT_CHECK_INVALID"


class PublicationNotFound(PerformanceError):
    """Nothing of this address is or was public."""

    code: ClassVar[str] = "PUBLICATION_NOT_FOUND"


class PublicationRefused(PerformanceError):
    """A self-evaluation may not be made public. `faults` are the reasons, one each."""

    code: ClassVar[str] = "PUBLICATION_REFUSED"

    def __init__(self, message: str, faults: Sequence[str]) -> None:
        super().__init__(message, faults=len(faults))
        self.faults = tuple(faults)
