"""An invented catalogue: departments, data elements, resources with about fifty fields each, laid down at once."""

import random
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice

from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Kind, NewOrganisation
from chengshu.resources.models import DataElement, DataResource, Field

DEPARTMENTS, ELEMENTS = 56, 400
_PIECE = 1_000
_PEOPLE = (
    *("常住人口", "户籍人口", "流动人口", "低保家庭", "残疾人", "退役军人", "在校学生", "新生儿", "老年人", "失业人员"),
    *("企业", "个体工商户", "社会组织", "事业单位", "医疗机构", "学校", "养老机构", "药店", "食品经营者", "施工单位"),
    *("房屋", "不动产", "土地", "道路", "桥梁", "公园绿地", "河道", "停车场", "公交车", "出租车"),
    *("机动车", "船舶", "特种设备", "消防设施", "排水管网", "燃气用户", "供水用户", "电梯", "工地", "垃圾箱房"),
)
_MATTERS = (
    *("登记", "许可", "处罚", "检查", "年报", "变更", "注销", "缴费", "补贴", "救助", "体检", "接种", "就诊", "入学"),
    *("毕业", "就业", "参保", "纳税", "信用", "投诉", "巡查", "监测", "预警", "事故", "维修", "验收", "备案", "公示"),
)
_FORMS = ("信息", "明细", "台账", "统计", "名单", "记录", "结果", "档案")
_COMMON = (
    *(("xm", "姓名"), ("sfzh", "公民身份号码"), ("xb", "性别"), ("csrq", "出生日期"), ("lxdh", "联系电话")),
    *(("zz", "住址"), ("tyshxydm", "统一社会信用代码"), ("dwmc", "单位名称"), ("gxsj", "更新时间"), ("bz", "备注")),
    *(("jd", "经度"), ("wd", "纬度"), ("jdmc", "街道名称"), ("jwmc", "居村委名称"), ("zt", "状态")),
)
_PARTS = (
    *(
        "编号",
        "日期",
        "金额",
        "类型",
        "级别",
        "数量",
        "面积",
        "原因",
        "结果",
        "机关",
        "经办人",
        "有效期",
        "等级",
        "比例",
    ),
    *("开始时间", "结束时间", "审批意见", "批准文号", "来源", "说明", "地点", "频次", "名称", "代码"),
)


def lay_catalogue(resources: int, fields_each: int, *, now: datetime) -> int:
    """Let there be that many published resources, those that are there counted; return how many fields there are."""
    draw = random.Random(2026)  # noqa: S311 - invented data, not a secret
    first = DataResource.objects.count()
    if not first:
        _found_departments(now)
        _lay_elements()
    units = list(organisations.Organisation.objects.filter(kind=Kind.DEPARTMENT).values_list("pk", flat=True))
    elements = dict(DataElement.objects.values_list("name", "pk"))
    made = _make(first, resources, units, now)
    while piece := list(islice(made, _PIECE)):
        DataResource.objects.bulk_create(piece)
        rows = [field for resource in piece for field in _fields(resource, fields_each, elements, draw)]
        Field.objects.bulk_create(rows, batch_size=5_000)
    return Field.objects.count()


def _found_departments(now: datetime) -> None:
    city = NewOrganisation("C", Kind.CITY, "示范市", date(2020, 1, 1))
    root = organisations.create_organisation(city, actor=None, now=now)
    for at in range(DEPARTMENTS):
        new = NewOrganisation(f"B{at:02}", Kind.DEPARTMENT, f"示范市第{at}局", date(2020, 1, 1), root.pk)
        organisations.create_organisation(new, actor=None, now=now)


def _lay_elements() -> None:
    names = [name for _code, name in _COMMON] + [f"{who}{part}" for who in _PEOPLE for part in _PARTS]
    DataElement.objects.bulk_create(
        DataElement(code=f"DE{at:05}", name=name, type="text") for at, name in enumerate(names[:ELEMENTS])
    )


def _make(first: int, until: int, units: list[int], now: datetime) -> Iterator[DataResource]:
    for at in range(first, until):
        who, rest = _PEOPLE[at % len(_PEOPLE)], at // len(_PEOPLE)
        matter, form = _MATTERS[rest % len(_MATTERS)], _FORMS[rest // len(_MATTERS) % len(_FORMS)]
        turn = rest // len(_MATTERS) // len(_FORMS)
        name = f"{who}{matter}{form}" + (f"（{turn}期）" if turn else "")
        yield DataResource(
            code=f"3{at % 56:02}{at % 9}/{at:06}",
            name=name,
            department_id=units[at % len(units)],
            summary=f"{name}由业务系统在办理{matter}时产生，每日汇总，供各部门核验{who}的情况。",
            group="department",
            category=f"3/{at % 56:02}",
            kind="table",
            cycle=("daily", "monthly", "yearly")[at % 3],
            sharing=("free", "conditional", "refused")[at % 3],
            opening="refused",
            classification="general",
            system=f"{matter}管理系统",
            profile="national",
            state="published",
            version=1,
            published_at=now,
            created_at=now,
            edited_at=now,
            grade=2,
        )


def _fields(resource: DataResource, count: int, elements: dict[str, int], draw: random.Random) -> Iterator[Field]:
    stem = resource.name.split("（")[0]
    who, matter = next(word for word in _PEOPLE if stem.startswith(word)), stem[-4:-2]
    own = [
        (f"c{at:03}_{resource.pk % 97}", f"{draw.choice((who, matter))}{draw.choice(_PARTS)}") for at in range(count)
    ]
    chosen = draw.sample(_COMMON, k=min(8, count)) + own[8:]
    for number, (code, name) in enumerate(chosen):
        yield Field(
            resource=resource, number=number, code=code, name=name, type="text", element_id=elements.get(name), grade=1
        )
