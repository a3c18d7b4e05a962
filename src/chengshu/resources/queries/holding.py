"""Who may have the files of deliveries: their rows stand in them as they are."""

from datetime import date

from django.db.models import Q

from chengshu.kernel.grants.facade import Viewer
from chengshu.resources.models import Delivery
from chengshu.resources.queries.row_sight import sees_whole_rows


def holds_file(file_id: int, viewer: Viewer, on: date) -> bool | None:
    """Tell whether the viewer sees the rows as they are of the delivery that came as this file, or refused rows of which lie in it.

    None when it hangs on no delivery.
    """
    held = Delivery.objects.visible_to(viewer, on=on).filter(Q(file=file_id) | Q(refused_file=file_id))
    if any(sees_whole_rows(viewer, one, on=on) for one in held.values_list("department_id", flat=True).distinct()):
        return True
    return False if Delivery.objects.filter(Q(file=file_id) | Q(refused_file=file_id)).exists() else None
