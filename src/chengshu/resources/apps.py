"""Wiring of the data resource platform."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.audit.registry import register_actions
from chengshu.kernel.grants.contracts import HouseRole, Permission, RoleSpec
from chengshu.kernel.grants.registry import register_permission, register_role
from chengshu.kernel.navigation.facade import Group, NavigationEntry, register_entry, register_home


class ResourcesConfig(AppConfig):
    """大数据资源平台: what data the city has, who owes it, how fresh and how good it is."""

    name = "chengshu.resources"
    label = "resources"
    verbose_name = "数据资源"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer the pages, rights, roles and actions of this domain."""
        from chengshu.kernel.indicators.facade import register_awaited, register_source  # noqa: PLC0415 - models are ready only now
        from chengshu.kernel.jobs import facade as jobs  # noqa: PLC0415 - the same
        from chengshu.kernel.tickets.facade import register_kind  # noqa: PLC0415 - the same
        from chengshu.resources.facade.catalogue import register_catalogue  # noqa: PLC0415 - the same
        from chengshu.resources.facade.collection import register_collection  # noqa: PLC0415 - the same
        from chengshu.resources.facade.lineage import tell_lineage  # noqa: PLC0415 - the same
        from chengshu.resources.facade.quality import register_quality  # noqa: PLC0415 - the same
        from chengshu.resources.facade.sections import SectionKey, register_section  # noqa: PLC0415 - the same
        from chengshu.resources.facade.service import SERVICE_KINDS  # noqa: PLC0415 - the same
        from chengshu.resources.indicators import list_awaited, list_indicators  # noqa: PLC0415 - the same
        from chengshu.resources.operations.actions import ACTIONS  # noqa: PLC0415 - the same
        from chengshu.resources.tasks import CHORES, KINDS, TIDYING  # noqa: PLC0415 - the same

        register_home("resources:work", permission="resources.see")
        for role in _ROLES:
            register_role(role)
        for permission, roles in _PERMISSIONS:
            register_permission(permission, roles=roles)
        register_entry(_WORK)
        for order, (key, label, icon, needed) in enumerate(_PAGES, start=60):
            page = f"resources:{key}"
            register_entry(NavigationEntry(f"resources-{key}", label, page, icon, order, needed, Group.DATA))
        register_actions(ACTIONS)
        register_catalogue()
        register_quality()
        register_section(SectionKey.USERS, tell_lineage)
        register_collection()
        for kind in SERVICE_KINDS:
            register_kind(kind)
        register_source(list_indicators)
        for awaited in list_awaited():
            register_awaited(awaited)
        for job in KINDS:
            jobs.register_kind(job)
        jobs.register_schedule(TIDYING)
        for name, chore, every in CHORES:
            jobs.register_chore(f"resources.{name}", chore, every=every)


_WORK = NavigationEntry("resources-work", _("今日待办"), "resources:work", "list-check", 2, "resources.see", Group.DESK)
_PAGES = (
    ("service", _("数据运营总览"), "layout-dashboard", "resources.see_service"),
    ("search", _("找数据"), "database-search", ""),
    ("catalogue", _("数据资源目录"), "books", ""),
    ("waiting", _("编目审核"), "clipboard-check", "resources.approve"),
    ("sources", _("数据归集"), "database-import", "resources.see"),
    ("processing", _("数据加工"), "stack-2", "resources.see_processing"),
    ("lacking", _("编目质量"), "checklist", "resources.see"),
    ("elements", _("数据元和值域"), "abc", ""),
    ("lineage", _("血缘分析"), "sitemap", "resources.see_lineage"),
    ("quality", _("数据质量整改"), "tool", "resources.see_quality"),
    ("quality-checks", _("数据质量检查"), "list-check", "resources.check_quality"),
)

OPERATOR, STEWARD, SERVICE = "data_operator", "data_steward", "data_service"
"""Roles of this domain: who keeps a department's entries, who approves them at the data centre, who runs the service."""

_MEASURING = frozenset({"indicators.see", "indicators.measure"})
_ROLES = (
    RoleSpec(OPERATOR, _("部门数据专员"), frozenset(), _("登记和维护本部门的数据资源，答复异议，办理数据质量问题")),
    RoleSpec(STEWARD, _("数据中心管理员"), _MEASURING, _("审核编目、维护数据元和值域、组织归集和质量检查")),
    RoleSpec(
        SERVICE,
        _("数据运营人员"),
        _MEASURING | {"tickets.view", "tickets.open"},
        _("掌握数据运营服务的各项指标，计量并核对"),
    ),
)
_UNIT, _DEPARTMENT = HouseRole.OFFICER, HouseRole.DEPARTMENT_REVIEWER

# What is published is everybody's; these are the rights beyond that, with the roles that have them.
_PERMISSIONS: tuple[tuple[Permission, tuple[str, ...]], ...] = (
    (
        Permission("resources.see", _("查看本单位未发布的数据资源"), is_reading=True),
        (OPERATOR, STEWARD, SERVICE, _DEPARTMENT),
    ),
    (Permission("resources.edit", _("编目：登记和修改数据资源")), (OPERATOR,)),
    (Permission("resources.approve", _("审核编目")), (STEWARD,)),
    (Permission("resources.dispute", _("对数据资源提出异议")), (OPERATOR, STEWARD, _UNIT, _DEPARTMENT)),
    (Permission("resources.collect", _("归集：登记数据源、接收和采集交付")), (OPERATOR, STEWARD)),
    (
        Permission("resources.see_processing", _("查看数据加工和数据湖的版本"), is_reading=True),
        (OPERATOR, STEWARD, SERVICE),
    ),
    (Permission("resources.process", _("加工：把原始数据加工到标准区和主题区")), (STEWARD,)),
    (
        Permission("resources.see_quality", _("查看数据质量问题"), is_reading=True),
        (OPERATOR, STEWARD, SERVICE, _DEPARTMENT),
    ),
    (Permission("resources.rectify", _("整改数据质量问题")), (OPERATOR,)),
    (Permission("resources.check_quality", _("定质量规则、组织质量检查、裁定异议")), (STEWARD,)),
    (
        Permission("resources.see_lineage", _("查看血缘和影响"), is_reading=True),
        (OPERATOR, STEWARD, _UNIT, _DEPARTMENT),
    ),
    (Permission("resources.keep_lineage", _("交来血缘：脚本、报表和血缘事件")), (OPERATOR, STEWARD)),
    (Permission("resources.see_service", _("查看数据运营总览"), is_reading=True), (STEWARD, SERVICE, _DEPARTMENT)),
    (Permission("resources.keep_elements", _("维护数据元和值域")), (STEWARD,)),
)
