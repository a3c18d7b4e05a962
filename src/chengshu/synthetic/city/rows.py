"""Rows of the city's tables with nothing wrong in them, from a seed and a number: equal inputs give equal rows."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random

from chengshu.synthetic.city.values import (
    draw_citizen,
    draw_credit_code,
    draw_day,
    draw_firm,
    draw_name,
    draw_phone,
    draw_place,
)

Row = dict[str, str | None]
"""Texts by column, as they stand in the source; None is an empty cell."""

_ISSUER = "3199"
_OFFICES = ("示范区民政局婚姻登记处", "滨江区民政局婚姻登记处")
_PROJECTS = ("办公设备采购", "信息系统运维", "物业服务", "会议系统改造", "档案数字化", "绿化养护")
_MATTERS = ("居住证办理", "医保关系转移", "食品经营许可", "社保卡申领", "公积金提取", "老年综合津贴申请")


def draw_marriage(draw: Random, number: int, until: date) -> Row:
    """Draw one side of a marriage or divorce."""
    sort = draw.choice(("结婚", "结婚", "离婚"))
    citizen, sex, born = draw_citizen(draw)
    return {
        "djzh": f"J{_ISSUER}{number:06}",
        "djjg": draw.choice(_OFFICES),
        "djlx": sort,
        "xm": draw_name(draw),
        "sfzh": citizen,
        "xb": sex,
        "csrq": born,
        "lxdh": draw_phone(draw),
        "hyzk": "20" if sort == "结婚" else "40",
        "blrq": draw_day(draw, until),
    }


def draw_allowance(draw: Random, number: int, until: date) -> Row:
    """Draw a household that receives the minimum subsistence allowance."""
    citizen, sex, born = draw_citizen(draw)
    address, town, committee = draw_place(draw)
    people = draw.randrange(1, 6)
    return {
        "dbzh": f"DB{number:07}",
        "jtrk": str(people),
        "bzlb": draw.choice(("低保", "低收入", "支出型贫困")),
        "qsyf": draw_day(draw, until, days=1500)[:7],
        "xm": draw_name(draw),
        "sfzh": citizen,
        "xb": sex,
        "csrq": born,
        "lxdh": draw_phone(draw),
        "zz": address,
        "je": f"{people * draw.randrange(600, 1600)}.{draw.choice(('00', '50'))}",
        "jdmc": town,
        "jwmc": committee,
    }


def draw_supplier(draw: Random, number: int, _until: date) -> Row:
    """Draw a firm that sells to the government."""
    return {
        "gysbh": f"GYS{number:05}",
        "gyslb": draw.choice(("货物", "工程", "服务")),
        "tyshxydm": draw_credit_code(draw),
        "dwmc": draw_firm(draw),
        "lxdh": draw_phone(draw),
    }


def draw_contract(draw: Random, number: int, until: date) -> Row:
    """Draw a contract; its supplier is put in afterwards."""
    return {
        "htbh": f"HT{_ISSUER}{number:06}",
        "cgxm": draw.choice(_PROJECTS),
        "gysbh": None,
        "tyshxydm": draw_credit_code(draw),
        "dwmc": draw_firm(draw),
        "je": f"{draw.randrange(1_000, 5_000_000)}.{draw.randrange(100):02}",
        "blrq": draw_day(draw, until),
    }


def draw_case(draw: Random, number: int, until: date) -> Row:
    """Draw a case of the service hall."""
    citizen, _sex, _born = draw_citizen(draw)
    came = date.fromisoformat(draw_day(draw, until))
    return {
        "bjbh": f"BJ{number:08}",
        "sxmc": draw.choice(_MATTERS),
        "slsj": came.isoformat(),
        "bjzt": "办结",
        "xm": draw_name(draw),
        "sfzh": citizen,
        "lxdh": draw_phone(draw),
        "blrq": (came + timedelta(days=draw.randrange(6))).isoformat(),
    }


DRAWN_BY: dict[str, Callable[[Random, int, date], Row]] = {
    "hydj": draw_marriage,
    "dbdx": draw_allowance,
    "gysml": draw_supplier,
    "cght": draw_contract,
    "zwbj": draw_case,
}
"""Who draws a row of a table."""


def draw_rows(table: str, count: int, *, seed: int, until: date, suppliers: Sequence[Row] = ()) -> list[Row]:
    """Draw the first rows of a table; each is drawn from the seed and its number alone.

    `until` is the day before which everything happened; `suppliers` are those that contracts are made with.
    """
    rows = []
    for number in range(1, count + 1):
        draw = Random(f"{seed}:{table}:{number}")  # noqa: S311 - invented data
        row = DRAWN_BY[table](draw, number, until)
        if table == "cght":
            supplier = draw.choice(suppliers)
            row |= {code: supplier[code] for code in ("gysbh", "tyshxydm", "dwmc")}
        rows.append(row)
    return rows
