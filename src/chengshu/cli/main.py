"""The command `chengshu`."""

import click

from chengshu import __version__
from chengshu.cli.lazy import LazyCommand, LazyGroup

_COMMANDS = (
    LazyCommand("demo", "chengshu.cli.demo", "demo", "准备示例数据和演示账号，然后启动服务"),
    LazyCommand("serve", "chengshu.cli.serve", "serve", "启动网页服务和后台任务进程"),
    LazyCommand("performance", "chengshu.cli.performance", "performance", "读取、核对、输出绩效自评表，不需要数据库"),
    LazyCommand(
        "resources",
        "chengshu.cli.resources",
        "resources",
        "归集数据，检查质量，读出血缘；只查数据、只读 SQL 不需要数据库",
    ),
    LazyCommand("backup", "chengshu.cli.backup", "backup", "把数据库、文件和密钥备份成一个文件"),
    LazyCommand("indicators", "chengshu.cli.indicators", "indicators", "列出、计量、复核已登记的指标"),
    LazyCommand("restore", "chengshu.cli.backup", "restore", "核对备份，再恢复数据库、文件和密钥"),
    LazyCommand("audit", "chengshu.cli.audit", "audit", "核对审计链，导出审计记录，核对导出的文件"),
    LazyCommand("health", "chengshu.cli.health", "health", "检查正在运行的服务是否正常"),
    LazyCommand(
        "manage", "chengshu.cli.manage", "manage", "Django 的管理命令，如 migrate、collectstatic、create_account"
    ),
)


@click.group(cls=LazyGroup, lazy_commands=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="chengshu")
def main() -> None:
    """城枢：财政项目支出绩效自评的读取、核对、重新计分与输出。

    \b
    第一次使用：  chengshu demo
    读取自评表：  chengshu performance read 文件或目录 --json
    核对自评表：  chengshu performance check 文件或目录
    正式运行：    chengshu manage migrate && chengshu manage collectstatic --noinput && chengshu serve

    设置由环境变量给出，见 docs/settings.md。

    \b
    退出码：0 正常；1 没有做成；2 命令用法不对。
    performance 的退出码另有约定，见 chengshu performance --help。
    """  # noqa: D301 - \b is click's mark for lines that are not to be joined
