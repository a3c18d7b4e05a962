"""Who may have the files of deliveries: whoever may see the delivery."""

from datetime import date

from django.db.models import Q

from chengshu.kernel.grants.facade import Viewer
from chengshu.resources.models import Delivery


def holds_file(file_id: int, viewer: Viewer, on: date) -> bool | None:
    """Tell whether the viewer may see the delivery that came as this file, or whose refused rows lie in it.

    None when it hangs on no delivery.
    """
    held = Q(file=file_id) | Q(refused_file=file_id)
    if Delivery.objects.visible_to(viewer, on=on).filter(held).exists():
        return True
    return False if Delivery.objects.filter(held).exists() else None
