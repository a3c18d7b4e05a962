"""`chengshu manage give_grant`: give a grant as the operator of the machine, the first administrator's above all."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from chengshu.base.errors import ChengshuError
from chengshu.kernel.accounts.facade import find_account
from chengshu.kernel.grants.facade import NewGrant, give_grant, list_roles
from chengshu.kernel.organisations.facade import find_organisation


class Command(BaseCommand):
    """Gives a grant from today on."""

    help = (
        "从今天起给账号授权，例如给第一位管理员：give_grant 登录名 --role admin --organisation 市的代码 --reason 启用"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare whom, what, where and why."""
        parser.add_argument("login_name", help="登录名")
        parser.add_argument("--role", choices=[role.key for role in list_roles()], required=True, help="角色")
        parser.add_argument("--organisation", required=True, help="组织代码；对其全部下级有效")
        parser.add_argument("--reason", required=True, help="事由")

    def handle(self, *_args: str, **options: Any) -> None:
        """Give the grant."""
        now = timezone.now()
        account, organisation = find_account(options["login_name"]), find_organisation(options["organisation"])
        if account is None:
            raise CommandError(f"没有登录名为 {options['login_name']} 的账号")
        if organisation is None:
            raise CommandError(f"没有代码为 {options['organisation']} 的组织")
        new = NewGrant(account.pk, options["role"], organisation.pk, timezone.localdate(now), options["reason"])
        try:
            give_grant(new, actor=None, now=now)
        except ChengshuError as fault:
            raise CommandError(fault.message) from fault
        self.stdout.write(f"已授权 {options['login_name']}")
