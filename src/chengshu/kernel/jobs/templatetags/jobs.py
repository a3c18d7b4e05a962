"""`{% job_status job %}` shows a job with its progress and keeps it up to date."""

from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from chengshu.kernel.jobs.models import Job
from chengshu.kernel.jobs.queries import describe_job

register = template.Library()


@register.inclusion_tag("jobs/status.html", takes_context=True)
def job_status(context: template.RequestContext, job: Job) -> dict[str, Any]:
    """Render the job's line; the page polls it until the job ends."""
    return {"status": describe_job(job, timezone.now()), "csrf_token": context.get("csrf_token")}


@register.filter
def duration(seconds: float | None) -> str:
    """Write seconds as `45 秒`, `83 分钟` or `3 小时 20 分钟`."""
    if seconds is None:
        return ""
    whole = round(seconds)
    if whole < 60:
        return ngettext("%(count)d 秒", "%(count)d 秒", whole) % {"count": whole}
    minutes = round(whole / 60)
    if minutes < 120:
        return ngettext("%(count)d 分钟", "%(count)d 分钟", minutes) % {"count": minutes}
    hours, rest = divmod(minutes, 60)
    return gettext("%(hours)d 小时 %(minutes)d 分钟") % {"hours": hours, "minutes": rest}
