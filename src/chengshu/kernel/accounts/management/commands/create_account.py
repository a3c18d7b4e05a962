"""`chengshu manage create_account`: open an account from the command line, the first one above all."""

import getpass

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from chengshu.kernel.accounts.contracts import NewAccount, Role
from chengshu.kernel.accounts.errors import AccountError
from chengshu.kernel.accounts.operations.passwords import create_account


class Command(BaseCommand):
    """Opens an account; the password is asked for and not shown."""

    help = "开立账号；口令在提示后输入，不显示，也不留在命令历史里。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what is not asked for."""
        parser.add_argument("login_name", help="登录名")
        parser.add_argument("--display-name", required=True, help="姓名")
        parser.add_argument("--organisation-name", default="", help="单位")
        parser.add_argument(
            "--role", choices=[role.value for role in Role], required=True, help="显示在姓名旁的角色，不带权限"
        )

    def handle(self, *_args: str, **options: str) -> None:
        """Ask for the password and open the account."""
        account = NewAccount(
            login_name=options["login_name"],
            display_name=options["display_name"],
            organisation_name=options["organisation_name"],
            role=Role(options["role"]),
            password=getpass.getpass("口令："),
        )
        try:
            create_account(account, now=timezone.now())
        except AccountError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"已开立账号 {account.login_name}；权限另用 give_grant 授予。")
