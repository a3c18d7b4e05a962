"""Rows that stay out of a standard table, with the reason of each and who owes it."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from chengshu.kernel.listing.facade import open_listing, respond_with_listing
from chengshu.resources.facade import processing
from chengshu.resources.ui.access import PersonRequest, for_people, note_look
from chengshu.resources.ui.lists.left_out import left_out_spec, say_reason


@require_http_methods(["GET", "POST"])
@for_people
def list_left_out(request: PersonRequest, pipeline_id: int) -> HttpResponseBase:
    """Show the rows that stay out of the table as it stands, as the viewer may see them."""
    today = localdate()
    pipeline = processing.get_pipeline(pipeline_id, viewer=request.user, on=today)
    run = pipeline.standing_run
    told = processing.tell_left_out(run, viewer=request.user, on=today) if run else None
    note_look(request, processing.subject_of(pipeline), "left_out_rows")
    sight = processing.sight_of_left_out(pipeline, request.user, on=today)
    keys = processing.key_fields(run) if run else ()
    listing = open_listing(left_out_spec(told, keys, sight), processing.list_left_out(pipeline), request)
    context = {"pipeline": pipeline, "run": run, "is_whole": sight.is_whole, "left_out": describe_left_out(told)}
    context["is_standing"] = True
    return respond_with_listing(request, listing, "resources/processing/left_out.html", context)


def describe_left_out(told: processing.LeftOutTold | None) -> dict[str, Any] | None:
    """Give what is told of rows that stayed out, in words."""
    if told is None:
        return None
    reasons = [(say_reason(one), one) for one in told.reasons]
    return {"reasons": reasons, "rows": told.rows, "same": told.same, "is_cut": told.is_cut}
