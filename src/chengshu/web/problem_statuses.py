"""Which status a fault of the house leaves with. What is not named here is the caller's to mend: 422."""

from http import HTTPStatus

from chengshu.base.errors import ChengshuError
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.files import facade as files
from chengshu.kernel.indicators import facade as indicators
from chengshu.kernel.jobs import facade as jobs
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.tickets import facade as tickets
from chengshu.performance import facade as performance
from chengshu.performance.facade import evaluations, goals, monitoring, projects, publications, reviews
from chengshu.resources.facade import catalogue as resources
from chengshu.resources.facade import collection

_STATUSES: dict[type[ChengshuError], HTTPStatus] = {
    # There is none, or not for this person.
    **dict.fromkeys(
        (
            audit.EntryNotFound,
            indicators.IndicatorUnknown,
            indicators.MeasurementNotFound,
            jobs.JobNotFound,
            organisations.OrganisationNotFound,
            performance.BatchNotFound,
            performance.FormNotFound,
            goals.LibraryNotFound,
            goals.SheetNotFound,
            projects.ProjectNotFound,
            publications.PublicationNotFound,
            reviews.ReviewNotFound,
            tickets.TicketNotFound,
            resources.NotInSight,
        ),
        HTTPStatus.NOT_FOUND,
    ),
    # It stands otherwise than the caller saw or thought.
    **dict.fromkeys(
        (
            evaluations.GoalsNotApproved,
            indicators.EvidenceMissing,
            monitoring.SheetClosed,
            goals.SheetStale,
            goals.StepNotOpen,
            performance.CorrectionStale,
            projects.ProjectStale,
            reviews.ReviewStale,
            tickets.ActionNotOffered,
            tickets.NothingToUndo,
            tickets.TicketChanged,
            resources.ResourceClosed,
            resources.ResourceStale,
            resources.StepNotOpen,
        ),
        HTTPStatus.CONFLICT,
    ),
    collection.PushTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    files.FileTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    collection.PushTypeUnknown: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    # Faults of the program or of the machine.
    **dict.fromkeys(
        (files.FileContentMissing, indicators.FactInvalid, indicators.IndicatorInvalid, tickets.KindInvalid),
        HTTPStatus.INTERNAL_SERVER_ERROR,
    ),
}


def status_of(fault: ChengshuError) -> HTTPStatus:
    """Return the status of the nearest class that is named, else 422."""
    named = (_STATUSES[kind] for kind in type(fault).__mro__ if kind in _STATUSES)
    return next(named, HTTPStatus.UNPROCESSABLE_ENTITY)
