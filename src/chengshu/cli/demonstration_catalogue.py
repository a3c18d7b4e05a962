"""The catalogue of the demonstration: elements, value domains, and the resources of a district's departments.

Two people lead it as they would on the pages; all of it is invented. Run again it changes nothing.
"""

from collections.abc import Iterator
from dataclasses import replace

from django.utils import timezone

from chengshu.cli import demonstration_people as people
from chengshu.resources.facade import catalogue, elements
from chengshu.resources.facade.catalogue import (
    Access,
    Cycle,
    DataResource,
    FieldContent,
    Group,
    ListContent,
    ListKind,
    ResourceContent,
    Step,
    StepAsked,
    ValueType,
)
from chengshu.resources.facade.elements import DomainContent, ElementContent

_TEXT, _DATE, _WHOLE, _MONEY = ValueType.TEXT, ValueType.DATE, ValueType.INTEGER, ValueType.DECIMAL

_DOMAINS = (
    DomainContent(
        "VD-XB",
        "人的性别代码",
        "GB/T 2261.1",
        codes=(("0", "未知的性别"), ("1", "男性"), ("2", "女性"), ("9", "未说明的性别")),
    ),
    DomainContent(
        "VD-HY",
        "婚姻状况代码",
        "GB/T 2261.2",
        codes=(("10", "未婚"), ("20", "已婚"), ("30", "丧偶"), ("40", "离婚"), ("90", "未说明的婚姻状况")),
    ),
    DomainContent("VD-SF", "是否代码", "", codes=(("0", "否"), ("1", "是"))),
)
_ELEMENTS = (
    ElementContent("DE-XM", "姓名", _TEXT, "自然人的姓名", "a..50", 50, grade=2),
    ElementContent("DE-SFZH", "公民身份号码", _TEXT, "公民的法定号码", "an18", 18, check="id_number", grade=3),
    ElementContent("DE-XB", "性别", _TEXT, "人的性别", "n1", 1, domain="VD-XB"),
    ElementContent("DE-CSRQ", "出生日期", _DATE, "出生的年月日", "YYYYMMDD", grade=2, least="1900-01-01"),
    ElementContent("DE-LXDH", "联系电话", _TEXT, "可联系到的电话号码", "an..20", 20, check="phone", grade=3),
    ElementContent("DE-ZZ", "住址", _TEXT, "居住的详细地址", "an..200", 200, grade=3),
    ElementContent("DE-HY", "婚姻状况", _TEXT, "婚姻状况", "n2", 2, domain="VD-HY", grade=2),
    ElementContent("DE-XYDM", "统一社会信用代码", _TEXT, "法人和其他组织的代码", "an18", 18, check="credit_code"),
    ElementContent("DE-DWMC", "单位名称", _TEXT, "机构的全称", "an..100", 100),
    ElementContent("DE-JE", "金额", _MONEY, "人民币金额", "n..18,2", unit="元", least="0"),
    ElementContent("DE-SJ", "办理日期", _DATE, "事情办成的日期", "YYYYMMDD"),
    ElementContent("DE-JD", "街道名称", _TEXT, "街道、镇的名称", "a..50", 50),
    ElementContent("DE-JW", "居村委名称", _TEXT, "居民委员会、村民委员会的名称", "a..50", 50),
)
#: Columns that many tables share: code in the source, then the name, which is that of the data element.
_SHARED = {
    "xm": "姓名",
    "sfzh": "公民身份号码",
    "xb": "性别",
    "csrq": "出生日期",
    "lxdh": "联系电话",
    "zz": "住址",
    "hyzk": "婚姻状况",
    "tyshxydm": "统一社会信用代码",
    "dwmc": "单位名称",
    "je": "金额",
    "blrq": "办理日期",
    "jdmc": "街道名称",
    "jwmc": "居村委名称",
}
_CIVIL, _SERVICE, _FINANCE = (f"{people.DISTRICT}-B{number}" for number in ("03", "01", "02"))
_PERSON, _FIRM, _PLACE = "xm sfzh xb csrq lxdh", "tyshxydm dwmc", "jdmc jwmc"

#: Department, name, what it comes about in, system, cycle, sharing, shared columns, own columns.
_RESOURCES: tuple[tuple[str, str, str, str, Cycle, Access, str, str], ...] = (
    (_CIVIL, "婚姻登记信息", "办理结婚、离婚登记", "婚姻登记系统", Cycle.MONTHLY, Access.CONDITIONAL, f"{_PERSON} hyzk blrq", "登记证号=djzh 登记机关=djjg 登记类型=djlx"),
    (_CIVIL, "最低生活保障对象信息", "审核确认最低生活保障", "社会救助系统", Cycle.MONTHLY, Access.CONDITIONAL, f"{_PERSON} zz je {_PLACE}", "低保证号=dbzh 家庭人口=jtrk 保障类别=bzlb 起始月份=qsyf"),
    (_CIVIL, "特困供养人员信息", "审核确认特困人员供养", "社会救助系统", Cycle.MONTHLY, Access.CONDITIONAL, f"{_PERSON} je {_PLACE}", "供养方式 供养机构"),
    (_CIVIL, "临时救助记录", "办理临时救助", "社会救助系统", Cycle.MONTHLY, Access.CONDITIONAL, f"xm sfzh je blrq {_PLACE}", "救助原因 救助编号"),
    (_CIVIL, "残疾人两项补贴发放信息", "发放困难残疾人生活补贴和重度残疾人护理补贴", "残疾人补贴系统", Cycle.MONTHLY, Access.CONDITIONAL, f"{_PERSON} je", "残疾类别 残疾等级 发放月份"),
    (_CIVIL, "养老机构名录", "备案和年度检查养老机构", "养老服务平台", Cycle.QUARTERLY, Access.FREE, f"{_FIRM} lxdh zz {_PLACE}", "机构编号 核定床位 入住人数 服务等级"),
    (_CIVIL, "社区养老服务设施信息", "登记社区养老服务设施", "养老服务平台", Cycle.QUARTERLY, Access.FREE, f"dwmc zz {_PLACE}", "设施编号 设施类型 开放时间"),
    (_CIVIL, "老年综合津贴发放信息", "发放老年综合津贴", "养老服务平台", Cycle.MONTHLY, Access.CONDITIONAL, f"{_PERSON} je", "津贴档次 发放月份"),
    (_CIVIL, "社会组织登记信息", "办理社会组织登记", "社会组织系统", Cycle.WEEKLY, Access.FREE, f"{_FIRM} blrq", "登记证号 组织类型 法定代表人 注册资金"),
    (_CIVIL, "社会组织年检结果", "开展社会组织年度检查", "社会组织系统", Cycle.YEARLY, Access.FREE, _FIRM, "检查年度 检查结论"),
    (_CIVIL, "殡葬服务记录", "提供遗体火化服务", "殡葬管理系统", Cycle.DAILY, Access.CONDITIONAL, "xm sfzh blrq", "火化编号 死亡日期 服务单位"),
    (_CIVIL, "收养登记信息", "办理收养登记", "婚姻登记系统", Cycle.MONTHLY, Access.REFUSED, "xm sfzh blrq", "登记证号 被收养人姓名"),
    (_CIVIL, "居村委会基本信息", "维护居民委员会、村民委员会资料", "基层政权系统", Cycle.QUARTERLY, Access.FREE, f"lxdh zz {_PLACE}", "居村委编号 户数 人口数"),
    (_CIVIL, "社区工作者名册", "招录和考核社区工作者", "基层政权系统", Cycle.HALF_YEARLY, Access.CONDITIONAL, f"{_PERSON} {_PLACE}", "岗位 学历 入职日期"),
    (_CIVIL, "标准地名信息", "命名和更名地名", "地名系统", Cycle.IRREGULAR, Access.FREE, "jdmc", "地名代码 标准名称 地名类别 命名日期"),
    (_CIVIL, "流浪乞讨人员救助信息", "提供救助管理服务", "救助管理系统", Cycle.DAILY, Access.CONDITIONAL, "xm sfzh blrq", "救助编号 救助类型 去向"),
    (_SERVICE, "政务服务办件信息", "受理和办结政务服务事项", "一窗受理系统", Cycle.MONTHLY, Access.CONDITIONAL, "xm sfzh lxdh blrq", "办件编号=bjbh 事项名称=sxmc 受理时间=slsj 办结状态=bjzt"),
    (_SERVICE, "政务服务事项目录", "编制政务服务事项", "事项管理系统", Cycle.WEEKLY, Access.FREE, "", "事项编码 事项名称 实施主体 承诺时限"),
    (_SERVICE, "好差评评价信息", "收集政务服务评价", "好差评系统", Cycle.DAILY, Access.CONDITIONAL, "lxdh blrq", "评价编号 办件编号 评价等级 评价内容"),
    (_SERVICE, "电子证照目录", "归集电子证照", "电子证照库", Cycle.DAILY, Access.CONDITIONAL, "xm sfzh", "证照编号 证照名称 颁发机关 有效期至"),
    (_SERVICE, "热线诉求工单", "办理市民服务热线诉求", "热线工单系统", Cycle.REAL_TIME, Access.CONDITIONAL, f"xm lxdh zz {_PLACE}", "工单编号 诉求分类 诉求内容 办理时限 办理结果"),
    (_SERVICE, "政务大厅窗口信息", "管理政务服务大厅", "大厅管理系统", Cycle.MONTHLY, Access.FREE, "zz", "窗口编号 窗口名称 开放时间"),
    (_SERVICE, "政务大厅排队叫号记录", "提供现场取号服务", "大厅管理系统", Cycle.DAILY, Access.FREE, "blrq", "取号编号 窗口编号 等候分钟"),
    (_SERVICE, "一件事办理信息", "办理高效办成一件事", "一窗受理系统", Cycle.DAILY, Access.CONDITIONAL, "xm sfzh blrq", "办件编号 一件事名称 涉及事项数"),
    (_SERVICE, "网格巡查案件信息", "开展城市网格化巡查", "网格化平台", Cycle.REAL_TIME, Access.CONDITIONAL, f"zz {_PLACE}", "案件编号 案件类别 发现时间 处置状态"),
    (_SERVICE, "网格员名册", "管理网格队伍", "网格化平台", Cycle.QUARTERLY, Access.CONDITIONAL, f"xm lxdh {_PLACE}", "网格编号 岗位"),
    (_SERVICE, "数据接口调用记录", "共享数据接口", "共享交换平台", Cycle.DAILY, Access.CONDITIONAL, "dwmc", "接口编号 调用时间 调用结果 耗时毫秒"),
    (_FINANCE, "政府采购合同信息", "备案政府采购合同", "政府采购平台", Cycle.MONTHLY, Access.FREE, f"{_FIRM} je blrq", "合同编号=htbh 采购项目=cgxm 供应商=gysbh"),
    (_FINANCE, "政府采购供应商名录", "登记政府采购供应商", "政府采购平台", Cycle.MONTHLY, Access.FREE, f"{_FIRM} lxdh", "供应商编号=gysbh 供应商类别=gyslb"),
    (_FINANCE, "部门预算批复信息", "批复部门预算", "预算一体化系统", Cycle.YEARLY, Access.CONDITIONAL, "dwmc je", "项目编码 项目名称 预算年度"),
    (_FINANCE, "国库集中支付明细", "办理国库集中支付", "预算一体化系统", Cycle.DAILY, Access.CONDITIONAL, "dwmc je blrq", "凭证号 项目编码 收款人 支付用途"),
    (_FINANCE, "财政票据使用信息", "核销财政票据", "电子票据系统", Cycle.DAILY, Access.CONDITIONAL, f"{_FIRM} je blrq", "票据代码 票据号码"),
    (_FINANCE, "惠民惠农补贴发放信息", "通过一卡通发放补贴", "一卡通系统", Cycle.MONTHLY, Access.CONDITIONAL, "xm sfzh je blrq", "补贴项目 发放批次"),
    (_FINANCE, "国有资产登记信息", "登记行政事业单位资产", "资产管理系统", Cycle.YEARLY, Access.CONDITIONAL, "dwmc je", "资产编号 资产名称 取得日期 使用状况"),
)  # fmt: skip
_NUMBER = {_CIVIL: "307", _SERVICE: "302", _FINANCE: "305"}
_MONEY_WORDS, _COUNT_WORDS, _DATE_WORDS = (
    ("资金",),
    ("人口", "户数", "人数", "床位", "分钟", "毫秒", "事项数"),
    ("日期", "有效期"),
)
_DRAFTS, _HANDED_IN = 3, 2


def load_catalogue() -> None:
    """Let the centre keep elements, the operator register entries, the centre approve most of them."""
    if DataResource.objects.exists():
        return
    now, operator, steward = timezone.now(), people.find("shuju"), people.find("bianmu")
    for domain in _DOMAINS:
        elements.keep_domain(domain, actor=steward, now=now)
    for element in _ELEMENTS:
        elements.keep_element(element, actor=steward, now=now)
    contents = list(_contents())
    published = []
    for at, content in enumerate(contents, start=1):
        is_draft = at > len(contents) - _DRAFTS
        said = replace(content, summary="", sharing_mode="") if is_draft else content
        resource = catalogue.register_resource(said, actor=operator, now=now)
        if is_draft:
            continue
        resource = catalogue.take_step(StepAsked(resource.pk, Step.SUBMIT, resource.revision), actor=operator, now=now)
        if at <= len(contents) - _DRAFTS - _HANDED_IN:
            published.append(
                catalogue.take_step(StepAsked(resource.pk, Step.APPROVE, resource.revision), actor=steward, now=now)
            )
    first = published[0]
    changed = replace(catalogue.open_content(first), cycle=Cycle.REAL_TIME, related="307/0002")
    first = catalogue.change_resource(first.pk, changed, seen=first.revision, actor=operator, now=now)
    catalogue.take_step(StepAsked(first.pk, Step.SUBMIT, first.revision), actor=operator, now=now)


def _contents() -> Iterator[ResourceContent]:
    by_name = {element.name: element for element in _ELEMENTS}
    for at, (department, name, work, system, cycle, sharing, shared, own) in enumerate(_RESOURCES, start=1):
        duty = ListContent(ListKind.RESPONSIBILITY, "部门职责规定", "2024-01-01")
        refusal = ListContent(ListKind.NEGATIVE, "涉及未成年人隐私，依法不予共享", "2024-01-01")
        known = {code: by_name[_SHARED[code]] for code in shared.split()}
        yield ResourceContent(
            code=f"{_NUMBER[department]}/{at:04}",
            name=name,
            department=department,
            summary=f"示范区在{work}时产生的数据，由{system}记录，供各部门在履行职责时核验和统计。",
            group=Group.DEPARTMENT,
            category=f"3/{_NUMBER[department][1:]}/{name[:2]}",
            cycle=cycle,
            sharing=sharing,
            sharing_terms="" if sharing is Access.FREE else "限于履行法定职责的核验" if sharing is Access.CONDITIONAL else refusal.basis,
            sharing_mode="" if sharing is Access.REFUSED else "库表交换",
            opening=Access.CONDITIONAL if sharing is Access.FREE else Access.REFUSED,
            opening_terms="登记后下载" if sharing is Access.FREE else "",
            system=system,
            fields=(*_own_fields(own), *(_field_of(code, element) for code, element in known.items())),
            lists=(refusal, duty) if sharing is Access.REFUSED else (duty,),
        )  # fmt: skip


def _field_of(code: str, element: ElementContent) -> FieldContent:
    return FieldContent(code, element.name, element.type, element.length, element.unit, element.code, element.grade)


def _own_fields(names: str) -> Iterator[FieldContent]:
    for number, told in enumerate(names.split(), start=1):
        name, _, code = told.partition("=")
        kind = _TEXT
        if any(word in name for word in _MONEY_WORDS):
            kind = _MONEY
        elif any(word in name for word in _COUNT_WORDS):
            kind = _WHOLE
        elif any(word in name for word in _DATE_WORDS):
            kind = _DATE
        length = 60 if kind is _TEXT else None
        yield FieldContent(code or f"c{number:02}", name, kind, length, is_key=number == 1, is_nullable=number > 1)
