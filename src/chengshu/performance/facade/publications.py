"""The door of publication."""

from chengshu.performance.contracts.publications import AnnexRow
from chengshu.performance.errors import (
    PublicationNotFound,
    PublicationRefused,
    ReasonMissing,
    SheetNotFound,
    SheetStale,
    StepNotOpen,
)
from chengshu.performance.models import Publication
from chengshu.performance.operations.publications import (
    PUBLISH_KIND,
    REASON_LENGTH,
    publish,
    start_publishing,
    withdraw,
    work_publishing,
)
from chengshu.performance.papers.forms import render_form
from chengshu.performance.queries.printing import lay_out_form
from chengshu.performance.queries.publications import (
    PUBLISH,
    annex_of,
    content_of,
    form_of_publication,
    get_public,
    get_publishable,
    is_intact,
    list_editions,
    list_hindrances,
    list_public,
    list_public_values,
    list_publications_of,
    list_publishable,
    list_publishable_units,
    list_publishable_years,
    may_publish,
    preview_form,
)

__all__ = [
    "PUBLISH",
    "PUBLISH_KIND",
    "REASON_LENGTH",
    "AnnexRow",
    "Publication",
    "PublicationNotFound",
    "PublicationRefused",
    "ReasonMissing",
    "SheetNotFound",
    "SheetStale",
    "StepNotOpen",
    "annex_of",
    "content_of",
    "form_of_publication",
    "get_public",
    "get_publishable",
    "is_intact",
    "lay_out_form",
    "list_editions",
    "list_hindrances",
    "list_public",
    "list_public_values",
    "list_publications_of",
    "list_publishable",
    "list_publishable_units",
    "list_publishable_years",
    "may_publish",
    "preview_form",
    "publish",
    "render_form",
    "start_publishing",
    "withdraw",
    "work_publishing",
]
