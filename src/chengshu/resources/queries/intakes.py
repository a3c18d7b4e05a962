"""Imports of workbooks: each is its author's."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chengshu.kernel.grants import facade as grants
from chengshu.resources.errors import ResourceNotFound
from chengshu.resources.models import Intake, RejectedEntry


def list_intakes(viewer: grants.Viewer) -> QuerySet[Intake]:
    """List the workbooks that the viewer handed in, unordered."""
    return Intake.objects.filter(author=viewer.pk)


def get_intake(intake_id: int, *, viewer: grants.Viewer) -> Intake:
    """Give one of them.

    Raises:
        ResourceNotFound: there is none of the viewer's.
    """
    found = list_intakes(viewer).filter(pk=intake_id).first()
    if found is None:
        raise ResourceNotFound(_("没有这次导入，或您无权查看。"), intake=intake_id)
    return found


def list_rejections(intake: Intake) -> QuerySet[RejectedEntry]:
    """List its refused rows, unordered."""
    return RejectedEntry.objects.filter(intake=intake)
