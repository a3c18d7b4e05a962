"""What people call the actions of this domain that the audit keeps."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "resources.register": _("登记数据资源"),
    "resources.change": _("修改数据资源"),
    "resources.submit": _("提交编目审核"),
    "resources.take_back": _("收回编目"),
    "resources.approve": _("编目审核通过"),
    "resources.return": _("退回编目"),
    "resources.withdraw": _("下架数据资源"),
    "resources.restore": _("恢复数据资源"),
    "resources.discard": _("放弃未发布的修改"),
    "resources.import": _("导入编目表"),
    "resources.scan": _("扫描来源库"),
    "resources.load": _("批量载入编目"),
    "resources.reindex": _("重建检索索引"),
    "resources.dispute": _("对数据资源提异议"),
    "resources.keep_element": _("维护数据元"),
    "resources.keep_domain": _("维护值域"),
}
