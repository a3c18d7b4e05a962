"""The lists of batches and of the files of a batch."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.listing.facade import Column, Kind, ListingSpec
from chengshu.performance.facade import Batch, SourceFile, Verdict
from chengshu.performance.ui.lists.filters import by_condition

_STATES = {
    "waiting": (_("有文件待读"), Q(waiting_count__gt=0)),
    "failed": (_("有文件未能读出"), Q(failed_count__gt=0)),
    "done": (_("全部读出"), Q(waiting_count=0, failed_count=0)),
}
_VERDICTS = {
    "waiting": (_("待读"), Q(verdict=Verdict.WAITING)),
    "read": (_("已读"), Q(verdict=Verdict.READ)),
    "error": (_("未能读出"), Q(verdict=Verdict.ERROR)),
    "repeated": (_("重复，未读"), Q(verdict=Verdict.REPEATED)),
}


def batches_spec() -> ListingSpec:
    """Give the list of batches."""
    return ListingSpec(
        key="batches",
        columns=(
            Column("name", _("批次"), lambda b: b.name, order_by=("name",), url=_batch_page),
            Column("state", _("进度"), state_of, template="performance/lists/batch_state.html"),
            Column("files", _("文件"), lambda b: b.file_count, Kind.NUMBER, ("file_count",)),
            Column("failed", _("未能读出"), lambda b: b.failed_count, Kind.NUMBER, ("failed_count",)),
            Column("forms", _("自评表"), lambda b: b.form_count, Kind.NUMBER, ("form_count",)),
            Column("errors", _("错误"), lambda b: b.error_count, Kind.NUMBER, ("error_count",)),
            Column("breaches", _("不合规"), lambda b: b.breach_count, Kind.NUMBER, ("breach_count",)),
            Column("owner", _("导入人"), lambda b: b.owner.display_name, order_by=("owner__display_name",)),
            Column("created", _("导入时间"), lambda b: b.created_at, Kind.MOMENT, ("created_at",)),
        ),
        default_sort="-created",
        filters=(by_condition("state", _("进度"), _STATES),),
        search=("name__icontains",),
        search_hint=_("批次名称"),
        empty=_("还没有批次。请先导入文件。"),
        file_name="批次",
    )


def files_spec() -> ListingSpec:
    """Give the list of a batch's files."""
    return ListingSpec(
        key="files",
        columns=(
            Column("name", _("文件"), str, order_by=("name", "member"), url=_original),
            Column(
                "verdict",
                _("结果"),
                lambda f: f.verdict,
                order_by=("verdict",),
                template="performance/lists/verdict.html",
            ),
            Column("forms", _("自评表"), lambda f: f.form_count, Kind.NUMBER, ("form_count",)),
            Column("reason", _("原因和处理办法"), _reason, template="performance/lists/reason.html"),
            Column("read", _("读取时间"), lambda f: f.read_at, Kind.MOMENT, ("read_at",), is_shown=False),
        ),
        default_sort="name",
        filters=(by_condition("verdict", _("结果"), _VERDICTS),),
        search=("name__icontains", "member__icontains"),
        search_hint=_("文件名"),
        empty=_("这个批次没有文件。"),
        file_name="文件",
    )


def state_of(batch: Batch) -> str:
    """Tell how far a batch is: `running`, `waiting`, `failed` or `done`, by its job and its files."""
    waiting, failed = getattr(batch, "waiting_count", 0), getattr(batch, "failed_count", 0)
    if batch.job is not None and not batch.job.is_final:
        return "running"
    if waiting:
        return "waiting"
    return "failed" if failed else "done"


def _batch_page(batch: Batch) -> str:
    return reverse("performance:batch", args=[batch.pk])


def _original(file: SourceFile) -> str | None:
    return reverse("performance:file-original", args=[file.pk]) if file.stored_id else None


def _reason(file: SourceFile) -> str:
    if file.same_as is not None:
        return gettext("与本批中的“%(file)s”内容完全相同。") % {"file": file.same_as.name}
    return file.error_message or "；".join(str(item) for item in file.warnings)
