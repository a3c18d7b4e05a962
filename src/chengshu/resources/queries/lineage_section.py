"""What lineage tells of a resource on its page: how much is made of it directly, and where all of that stands."""

from datetime import date
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from chengshu.kernel.grants import facade as grants
from chengshu.resources.contracts.lineage import NodeKind
from chengshu.resources.contracts.sections import Fact, SectionTold
from chengshu.resources.models import SEE_LINEAGE, LineageEdge, LineageTable


def tell_lineage(resource_id: int, viewer: grants.Viewer, on: date) -> SectionTold | None:
    """Tell how many tables, reports and indicators are made of a resource; None where lineage does not know it."""
    if not grants.is_permitted_anywhere(viewer, SEE_LINEAGE, on=on):
        return None
    told = LineageTable.objects.filter(resource=resource_id).order_by("pk").first()
    if told is None:
        return None
    made = (
        LineageTable.objects.filter(~Q(node=told.node), columns__in=_made_of(resource_id))
        .exclude(kind=NodeKind.RECORD.value)
        .values("node")
        .distinct()
        .count()
    )
    asked = urlencode({"node": told.node})
    facts = (
        Fact(_("影响分析"), _("出错或迟到会影响谁"), f"{reverse('resources:lineage-impact')}?{asked}"),
        Fact(_("血缘图"), _("来源和去向"), f"{reverse('resources:lineage-graph')}?{asked}"),
    )
    return SectionTold(_("血缘里有 %(n)s 张表、报表或指标直接用到它。") % {"n": made}, facts)


def _made_of(resource_id: int) -> list[int]:
    rows = LineageEdge.objects.filter(source__table__resource=resource_id)
    return list(rows.values_list("target_id", flat=True).distinct()[:5000])
