"""民政的主题表: marriages by month, and people on minimum living allowance by street with the services they asked for."""

from chengshu.dataplane.lake.places import TableName, Zone
from chengshu.dataplane.pipelines.pipeline import Pipeline, Step
from chengshu.dataplane.runs.contracts import Input, Output, Plan
from chengshu.dataplane.tables.constraints import Between, CheckDigits, NotNull, Scheme
from chengshu.dataplane.tables.shapes import Column, Type
from chengshu.dataplane.tables.table import Table, shape_of


class Marriages(Table, name="婚姻登记", key=("djzh",)):
    """婚姻登记信息的标准表"""

    djzh = Column(Type.TEXT, "登记证号", constraints=(NotNull(),))
    djlx = Column(Type.TEXT, "登记类型")
    blrq = Column(Type.DATE, "办理日期")


class Allowances(Table, name="低保对象", key=("dbzh",)):
    """最低生活保障对象信息的标准表"""

    dbzh = Column(Type.TEXT, "低保证号", constraints=(NotNull(),))
    sfzh = Column(Type.TEXT, "公民身份号码", grade=3, constraints=(CheckDigits(Scheme.CITIZEN_ID),))
    je = Column(Type.DECIMAL, "金额", unit="元", precision=38, scale=10)
    jdmc = Column(Type.TEXT, "街道名称")


class Cases(Table, name="办件", key=("bjbh",)):
    """政务服务办件信息的标准表"""

    bjbh = Column(Type.TEXT, "办件编号", constraints=(NotNull(),))
    sfzh = Column(Type.TEXT, "公民身份号码", grade=3, constraints=(CheckDigits(Scheme.CITIZEN_ID),))


class MarriagesByMonth(Table, name="婚姻登记月报", key=("月份", "登记类型"), owner="DEMO-D1-B03"):
    """每月办理的婚姻登记，按登记类型"""

    月份 = Column(Type.DATE, "办理日期所在月的第一天", grade=1)
    登记类型 = Column(Type.TEXT, "登记类型", grade=1)
    件数 = Column(Type.INTEGER, "办理的登记", unit="件", grade=1, constraints=(Between(0, None),))


class AllowancesByStreet(Table, name="街道救助统计", key=("街道名称",), owner="DEMO-D1-B03"):
    """各街道的最低生活保障对象，和他们办过的政务服务事项"""

    街道名称 = Column(Type.TEXT, "街道名称", grade=1)
    对象数 = Column(Type.INTEGER, "最低生活保障对象", unit="人", grade=2, constraints=(Between(0, None),))
    月保障金额 = Column(Type.DECIMAL, "每月保障金额合计", unit="元", grade=2, precision=28, scale=2)
    办件数 = Column(Type.INTEGER, "这些对象办过的政务服务事项", unit="件", grade=2)


PLANS = (
    Plan(
        Pipeline(
            "婚姻登记月报",
            (shape_of(Marriages),),
            (
                Step(
                    "每件的月份",
                    "SELECT DATE_TRUNC('month', blrq) AS 月份, COALESCE(djlx, '未填') AS 登记类型 FROM 婚姻登记 WHERE blrq IS NOT NULL",
                    purpose="没有办理日期的登记不知道算在哪个月，不统计。",
                ),
                Step("月报", "SELECT 月份, 登记类型, COUNT(*) AS 件数 FROM 每件的月份 GROUP BY 月份, 登记类型"),
            ),
            output=shape_of(MarriagesByMonth),
        ),
        {"婚姻登记": Input(TableName(Zone.STANDARD, "307~2f0001"))},
        (Output("月报", TableName(Zone.TOPIC, "婚姻登记月报")),),
        purpose="每月办理的婚姻登记，按登记类型。",
    ),
    Plan(
        Pipeline(
            "街道救助统计",
            (shape_of(Allowances), shape_of(Cases)),
            (
                Step("每人办件数", "SELECT sfzh, COUNT(*) AS 件数 FROM 办件 WHERE sfzh IS NOT NULL GROUP BY sfzh"),
                Step(
                    "对象和办件",
                    "SELECT a.jdmc, a.je, COALESCE(b.件数, 0) AS 件数 FROM 低保对象 AS a LEFT JOIN 每人办件数 AS b ON a.sfzh = b.sfzh",
                    purpose="没有办过件的对象也算一个。",
                ),
                Step(
                    "街道",
                    "SELECT COALESCE(jdmc, '未填') AS 街道名称, COUNT(*) AS 对象数, CAST(SUM(je) AS DECIMAL(28, 2)) AS 月保障金额, "
                    "CAST(SUM(件数) AS BIGINT) AS 办件数 FROM 对象和办件 GROUP BY COALESCE(jdmc, '未填')",
                ),
            ),
            output=shape_of(AllowancesByStreet),
        ),
        {
            "低保对象": Input(TableName(Zone.STANDARD, "307~2f0002")),
            "办件": Input(TableName(Zone.STANDARD, "302~2f0017")),
        },
        (Output("街道", TableName(Zone.TOPIC, "街道救助统计")),),
        purpose="各街道的最低生活保障对象、每月保障金额，和他们办过的政务服务事项。",
    ),
)
