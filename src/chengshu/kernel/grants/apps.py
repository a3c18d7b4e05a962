"""Wiring of `kernel.grants`: the roles of the house, the permissions of the kernel's pages, their places."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.audit.registry import register_actions
from chengshu.kernel.grants.contracts import ALL_READING, EVERYTHING, HouseRole, Permission, RoleSpec
from chengshu.kernel.grants.registry import register_permission, register_role
from chengshu.kernel.navigation.facade import NavigationEntry, register_entry


class GrantsConfig(AppConfig):
    """The app `grants`."""

    name = "chengshu.kernel.grants"
    label = "grants"
    verbose_name = "授权"

    def ready(self) -> None:
        """Register the roles of the house, the permissions of the kernel's own pages, and these pages."""
        register_actions(_ACTIONS)
        for role in _ROLES:
            register_role(role)
        for permission, roles in _PERMISSIONS:
            register_permission(permission, roles=roles)
        for order, (name, label, icon, needed) in enumerate(_PAGES, start=800):
            register_entry(NavigationEntry(name.replace(":", "-"), label, name, icon, order, needed))


# Domains add their permissions to these with `register_permission(..., roles=...)`.
_ROLES = (
    RoleSpec(HouseRole.OFFICER, _("绩效专员"), frozenset(), _("填报本单位的目标、监控和自评")),
    RoleSpec(HouseRole.DEPARTMENT_REVIEWER, _("部门审核"), frozenset(), _("审核本部门及所属单位的申报和自评")),
    RoleSpec(HouseRole.FINANCE_REVIEWER, _("财政复核"), frozenset(), _("复核、抽查和重新评分")),
    RoleSpec(HouseRole.AUDITOR, _("审计"), frozenset({ALL_READING}), _("查看全部业务和审计记录，不作任何更改")),
    RoleSpec(HouseRole.ADMIN, _("管理员"), frozenset({EVERYTHING}), _("管理组织、账号和授权")),
    RoleSpec(HouseRole.TICKET_HANDLER, _("承办人"), frozenset(), _("办理派给本单位的工单")),
)
_STAFF = (HouseRole.OFFICER, HouseRole.DEPARTMENT_REVIEWER, HouseRole.FINANCE_REVIEWER, HouseRole.TICKET_HANDLER)

# With the roles that have them; admin and auditor take theirs by EVERYTHING and ALL_READING.
_PERMISSIONS: tuple[tuple[Permission, tuple[str, ...]], ...] = (
    (Permission("organisations.view", _("查看组织"), is_reading=True), _STAFF),
    (Permission("organisations.manage", _("管理组织")), ()),
    (Permission("grants.view", _("查看账号和授权"), is_reading=True), ()),
    (Permission("grants.give", _("授权和收回")), ()),
)
_PAGES = (
    ("organisations:list", _("组织"), "sitemap", "organisations.view"),
    ("grants:accounts", _("账号"), "users", "grants.view"),
    ("grants:list", _("授权"), "key", "grants.view"),
)


# What people call the actions that the audit keeps.
_ACTIONS = {
    "grants.give": _("授权"),
    "grants.end": _("收回授权"),
    "grants.refuse": _("越权被拒"),
}
