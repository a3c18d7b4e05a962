"""What collection tells on the page of an entry: which source fills it, and how fresh its rows are."""

from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from chengshu.kernel.grants import facade as grants
from chengshu.resources.contracts.collection import DeliveryState, Lateness
from chengshu.resources.contracts.sections import Fact, SectionTold
from chengshu.resources.models import DataSource, Delivery, DeliveryPromise
from chengshu.resources.queries.collection import find_punctuality, find_source_of


def tell_freshness(resource_id: int, viewer: grants.Viewer, on: date) -> SectionTold | None:
    """Tell when rows were last taken and whether that was in time; the source is a link for who may see it."""
    source = find_source_of(resource_id)
    if source is None:
        return None
    taken = Delivery.objects.filter(source=source, state=DeliveryState.TAKEN.value)
    last = taken.order_by("-ended_at").only("ended_at").first()
    held = taken.filter(rows_held__isnull=False).order_by("-version").values_list("rows_held", flat=True).first()
    is_seen = DataSource.objects.visible_to(viewer, on=on).filter(pk=source.pk).exists()
    facts = [Fact(_("数据源"), source.name, reverse("resources:source", args=[source.pk]) if is_seen else "")]
    if held is not None:
        facts.append(Fact(_("现有行数"), f"{held:,}"))
    lateness = _tell_lateness(source)
    if lateness:
        facts.append(Fact(_("最近一次到期"), lateness))
    if not source.is_active:
        return SectionTold(_("归集来源已停用，数据不再更新。"), tuple(facts))
    if last is None or last.ended_at is None:
        return SectionTold(_("已有归集来源，还没有收下过数据。"), tuple(facts))
    told = _("最近一次收下数据是 %(at)s。") % {"at": f"{localtime(last.ended_at):%Y-%m-%d %H:%M}"}
    return SectionTold(told, tuple(facts))


def _tell_lateness(source: DataSource) -> str:
    promise = DeliveryPromise.objects.filter(source=source).first()
    found = find_punctuality(promise, now=timezone.now()) if promise and source.is_active else None
    if found is None:
        return ""
    words = {Lateness.ON_TIME: _("按时"), Lateness.LATE: _("逾期"), Lateness.MISSING: _("缺交")}
    return words[found.lateness]
