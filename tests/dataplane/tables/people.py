"""Tables that the tests declare."""

from datetime import UTC, date, datetime
from decimal import Decimal

from chengshu.dataplane.tables.constraints import (
    Between,
    CheckDigits,
    Length,
    Matches,
    NotBefore,
    NotNull,
    OneOf,
    References,
    Scheme,
    Unique,
)
from chengshu.dataplane.tables.shapes import Column, Type
from chengshu.dataplane.tables.table import Table


class District(Table, key=("code",)):
    """区。"""

    code = Column(Type.TEXT, "区划代码", constraints=(NotNull(), Matches(r"3101\d{2}")))
    name = Column(Type.TEXT, "区名", constraints=(Length(2, 4),))


class Person(Table, key=("id_number",)):
    """实有人口，一人一行。"""

    id_number = Column(
        Type.TEXT, "公民身份号码", element="DE00001", grade=4, constraints=(NotNull(), CheckDigits(Scheme.CITIZEN_ID))
    )
    sex = Column(Type.TEXT, "性别", element="GB/T 2261.1", grade=2, constraints=(OneOf(("1", "2"), ("男", "女")),))
    district = Column(Type.TEXT, "居住区", grade=2, constraints=(References("district", "code"),))
    born = Column(Type.DATE, "出生日期", constraints=(Between(date(1920, 1, 1), date(2024, 12, 31)),))
    died = Column(Type.DATE, "死亡日期", constraints=(NotBefore("born"),))
    registered = Column(Type.MOMENT, "登记时刻", constraints=(Between(least=datetime(2020, 1, 1, tzinfo=UTC)),))
    employer = Column(Type.TEXT, "单位信用代码", constraints=(CheckDigits(Scheme.CREDIT_CODE), Unique()))
    members = Column(Type.INTEGER, "户内人数", unit="人", constraints=(Between(1, 20), NotNull()))
    income = Column(Type.DECIMAL, "月收入", unit="元", precision=12, scale=2, constraints=(Between(Decimal(0)),))
    height = Column(Type.DOUBLE, "身高", unit="cm")
    alive = Column(Type.BOOLEAN, "在世")
