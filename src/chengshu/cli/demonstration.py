"""What a demonstration needs: tables, static files, a city with its people, their work, and the example forms.

Imported when Django is set up. Everything may be run again: what is there stays.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from chengshu.cli import demonstration_catalogue as entries
from chengshu.cli import demonstration_city as city
from chengshu.cli import demonstration_lineage as lineage
from chengshu.cli import demonstration_operations as operations
from chengshu.cli import demonstration_people as people
from chengshu.cli import demonstration_processing as processing
from chengshu.cli import demonstration_year as papers
from chengshu.config import env
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.tickets import facade as tickets
from chengshu.performance import facade as performance
from chengshu.performance.facade import projects
from chengshu.synthetic.tickets import generate_tickets

Say = Callable[[str], object]

_TICKET_SEED, _TICKETS, _TICKET_DAYS = 20240315, 120, 60
#: Calls of the three years before, so that those years can be measured as well.
_EARLIER_TICKETS = 130


def prepare(say: Say) -> None:
    """Bring tables and static files up to date, load what is missing, and print the accounts."""
    say("更新数据表 …")
    call_command("migrate", verbosity=0, interactive=False)
    say("收集静态文件 …")
    call_command("collectstatic", verbosity=0, interactive=False)
    say("建示范市 …")
    organisations.build_demonstration_city(now=timezone.now())
    passwords = people.open_accounts(env.read(env.VAR_DIR) / "demo_accounts.json")
    people.give_grants()
    say("载入项目和工单 …")
    projects.load_demonstration_projects(actor=people.find("zhuanyuan"), now=timezone.now())
    _replay_tickets()
    say("写各年的目标、监控和自评 …")
    papers.load_papers()
    say("编制数据资源目录 …")
    entries.load_catalogue()
    say("归集和检查各部门的数据 …")
    city.load_city()
    say("加工标准表和主题表 …")
    processing.load_processing()
    say("办理数据运营服务，写运营服务自评 …")
    operations.load_operations()
    say("读出加工脚本和报表的血缘 …")
    lineage.load_lineage()
    _load_examples(settings.EXAMPLES_DIR, say)
    say("\n演示账号：")
    for person in people.PEOPLE:
        say(f"  {person.login_name:<10} 口令 {passwords[person.login_name]}   {person.display_name}（{person.duty}）")


def _replay_tickets() -> None:
    """Let the calls of the last weeks come in and be handled, once."""
    unit = organisations.find_organisation(people.UNIT)
    if unit is None or tickets.Ticket.objects.exists():
        return
    now = timezone.now()
    crew = tickets.Crew(unit.pk, people.find("chengban"), people.find("huifang"))
    recent = now - timedelta(days=_TICKET_DAYS)
    earlier = datetime(now.year - 3, 1, 2, tzinfo=UTC)
    spans = ((earlier, (recent - earlier).days, _EARLIER_TICKETS), (recent, _TICKET_DAYS, _TICKETS))
    for since, days, count in spans:
        calls = generate_tickets(count, seed=_TICKET_SEED + days, since=since, days=days, units=1)
        tickets.replay_tickets(calls, [crew])


def _load_examples(directory: Path, say: Say) -> None:
    if not directory.is_dir():
        say(f"没有示例可载入（{directory}）")
        return
    say("载入示例 …")
    owner = people.find("zhuanyuan")
    performance.load_examples(directory, owner=owner, clock=timezone.now, reader=performance.intake)
