"""What the invented forms of the acceptance files say, independent of how a template prints it."""

from dataclasses import dataclass, replace
from decimal import Decimal


@dataclass(frozen=True)
class Row:
    """An indicator. The target is sign + figure + measure; a qualitative one has no sign and its words as figure."""

    level1: str
    level2: str
    level3: str
    sign: str
    figure: str
    measure: str
    actual: str
    weight: str
    score: str
    reason: str = ""

    @property
    def target(self) -> str:
        return f"{self.sign}{self.figure}{self.measure}"


@dataclass(frozen=True)
class Amounts:
    """A row of the money block as printed; empty where nothing is printed."""

    initial: str = ""
    budget: str = ""
    executed: str = ""
    rate: str = ""


@dataclass(frozen=True)
class Facts:
    """One form's facts."""

    year: int
    project: str
    department: str
    unit: str
    total: Amounts
    fiscal: Amounts
    carried_over: Amounts
    other: Amounts
    rate_score: str
    expected: str
    actual: str
    rows: tuple[Row, ...]

    @property
    def score(self) -> str:
        points = sum((Decimal(row.score) for row in self.rows), Decimal(self.rate_score))
        return format(points.normalize(), "f")


def _rows(text: str) -> tuple[Row, ...]:
    level1 = level2 = ""
    rows = []
    for line in text.strip().splitlines():
        first, second, *rest = line.split("|")
        level1, level2 = first or level1, second or (level2 if not first else "")
        rows.append(Row(level1, level2, *rest))
    return tuple(rows)


LAMPS = Facts(
    year=2022,
    project="老城区智慧路灯改造",
    department="临澧县城市管理局",
    unit="临澧县照明管理所",
    total=Amounts("320", "356.8", "349.21", "97.87%"),
    fiscal=Amounts("320", "320", "312.41", "97.63%"),
    carried_over=Amounts("0", "36.8", "36.8", "100%"),
    other=Amounts("0", "0", "0", ""),
    rate_score="9.79",
    expected="完成三条主干道路灯更换，统一接入控制平台，夜间照明达标。",
    actual="三条主干道共换灯1260盏，全部接入平台，照度抽测合格。",
    rows=_rows("""
产出指标|数量指标|更换灯具数量|≥|1200|盏|1260盏|10|10
||接入控制器套数|=|86|套|86套|5|5
|质量指标|灯具抽检合格率|≥|98|%|99.2%|10|10
|时效指标|完工时间||2022年10月底前||2022年11月12日|10|8|雨季停工十天，今后提前备料
|成本指标|单盏改造费用|≤|2800|元|2771元|15|15
效益指标|经济效益指标|年节约电量|≥|45|万度|41.5万度|10|9.2|部分路段十一月才通电
|社会效益指标|夜间出行便利程度||明显提升||明显提升|10|10
|可持续影响指标|运维制度健全性||健全||基本健全|10|8|备件制度尚在修订
满意度指标|服务对象满意度指标|沿线居民满意度|≥|90|%|93.5%|10|10
"""),
)

CLINIC = Facts(
    year=2023,
    project="村卫生室标准化建设补助",
    department="云丰市卫生健康委员会",
    unit="云丰市基层卫生服务中心",
    total=Amounts("1,250.00", "1,180.50", "1,062.45", "90.00%"),
    fiscal=Amounts("1,250.00", "1,100.50", "990.45", "90.00%"),
    carried_over=Amounts("", "", "", ""),
    other=Amounts("", "80.00", "72.00", "90.00%"),
    rate_score="9",
    expected="新建和改造村卫生室四十二所，配齐常用设备，方便群众就近看病。",
    actual="建成四十所，另有两所主体完工，设备到位率百分之九十五。",
    rows=_rows("""
产出指标|数量指标|建设村卫生室数|=|42|所|40所|15|14.29|两所用地手续办理迟缓
||配备诊疗设备|≥|300|台（套）|318台（套）|10|10
|质量指标|设备验收合格率|=|100|%|100%|10|10
|时效指标|资金拨付及时率|≥|95|%|95.6%|15|15
效益指标|社会效益指标|覆盖村民人数|≥|6.5|万人|7.1万人|15|15
|可持续影响指标|乡村医生留任情况||稳定||稳定|15|14|三名村医转岗
满意度指标|服务对象满意度指标|就诊群众满意度|≥|92|%|90.4%|10|9.8|候诊时间偏长，已增设座位
"""),
)

ARCHIVE = Facts(
    year=2021,
    project="馆藏文献数字化（二期）",
    department="宁湖区档案局",
    unit="宁湖区档案馆",
    total=Amounts("680000", "680000", "671300", "98.72%"),
    fiscal=Amounts("680000", "680000", "671300", ""),
    carried_over=Amounts("0", "0", "0", ""),
    other=Amounts("0", "0", "0", ""),
    rate_score="9.87",
    expected="扫描馆藏文献五十万页，建立目录数据库。",
    actual="扫描五十二万页，目录数据库上线运行。",
    rows=_rows("""
产出指标|数量指标|扫描页数|≥|500000|页|520000页|15|15
||著录条目数|≥|80000|条|81350条|10|10
|质量指标|图像合格率|≥|99.5|%|99.7%|15|15
|时效指标|项目按期完成率|=|100|%|100%|10|10
效益指标|社会效益指标|查档利用人次|≥|3000|人次|2860人次|15|14.3|闭馆整修一个月
|生态效益指标|减少纸张消耗||有所减少||有所减少|15|15
满意度指标|服务对象满意度指标|查档人员满意度|≥|95|%|97%|10|10
"""),
)

SEWAGE = Facts(
    year=2023,
    project="工业园区污水管网巡检维护",
    department="青柏市生态环境局",
    unit="青柏市水务运营中心",
    total=Amounts("96.00", "88.40", "84.86", "96.00%"),
    fiscal=Amounts("96.00", "88.40", "84.86", "96.00%"),
    carried_over=Amounts("0.00", "0.00", "0.00", "0.00%"),
    other=Amounts("0.00", "0.00", "0.00", "0.00%"),
    rate_score="9.6",
    expected="全年巡检管网一百二十公里，清淤四次，保证园区排水畅通，不发生外溢。",
    actual="巡检管网一百二十六公里，清淤四次，汛期一处外溢两小时内处置。",
    rows=_rows("""
产出指标|数量指标|巡检管网长度|≥|120|公里|126公里|15|15
||清淤次数|=|4|次|4次|10|10
|质量指标|管网完好率|≥|97|%|98.3%|10|10
|时效指标|故障响应时间|≤|2|小时|1.5小时|15|15
效益指标|社会效益指标|外溢事件数|=|0|起|1起|15|10|暴雨超过设计标准，已加装水位计
|生态效益指标|出水水质达标率|≥|99|%|99.4%|15|15
满意度指标|服务对象满意度指标|园区企业满意度|≥|90|%|91%|10|10
"""),
)

TRAINING = Facts(
    year=2020,
    project="农村实用人才培训",
    department="219-平川县农业农村局",
    unit="219003-平川县农广校",
    total=Amounts("45.6", "45.6", "45.6", "100%"),
    fiscal=Amounts("45.6", "45.6", "45.6", "100%"),
    carried_over=Amounts("", "", "", ""),
    other=Amounts("", "", "", ""),
    rate_score="10",
    expected="举办培训班十期，培训八百人。",
    actual="举办培训班十期，培训八百一十二人。",
    rows=_rows("""
产出指标|数量指标|举办培训班期数|≥|10|期|10期|20|20
||培训人数|≥|800|人|812人|10|10
|质量指标|结业考核合格率|≥|95|%|96.1%|10|10
|成本指标|人均培训费用|≤|570|元/人|561.6元/人|10|10
效益指标|经济效益指标|学员带动增收户数|≥|1200|户|1254户|30|30
满意度指标|服务对象满意度指标|学员满意度|≥|90|%|98%|10|10
"""),
)

BRIDGE = replace(
    LAMPS,
    year=2023,
    project="农村公路危桥改造工程（含2座）",
    department="鹿鸣县交通运输局",
    unit="鹿鸣县公路事务中心",
    total=Amounts("1,560.00", "1,498.33", "1,210.07", "80.76%"),
    fiscal=Amounts("900.00", "838.33", "600.07", "71.58%"),
    carried_over=Amounts("", "160.00", "160.00", "100.00%"),
    other=Amounts("660.00", "500.00", "450.00", "90.00%"),
    rate_score="8.08",
    expected="改造危桥两座，加固引道，保障沿线学生和农产品运输安全通行。",
    actual="一座建成通车，一座完成主体，引道全部加固。",
    rows=_rows("""
产出指标|数量指标|改造危桥座数|=|2|座|1座|20|10|汛期基坑进水，次年五月完工
|质量指标|工程验收合格率|=|100|%|100%|10|10
|时效指标|工程按期完成率|≥|90|%|50%|10|5.56|同上，工期顺延
|成本指标|每延米造价|≤|1.35|万元|1.28万元|10|10
效益指标|经济效益指标|运输时间缩短|≥|25|分钟|18分钟|10|7.2|一座尚未通车
|社会效益指标|惠及行政村数|≥|9|个|9个|10|10
|可持续影响指标|桥梁设计使用年限|≥|50|年|50年|10|10
满意度指标|服务对象满意度指标|沿线群众满意度|≥|85|%|88.6%|10|10
"""),
)

WATER = Facts(
    year=2022,
    project="山洪灾害监测预警设施维护及2022年度汛前检查",
    department="苍岭县水务局（本级）",
    unit="苍岭县水旱灾害防御中心",
    total=Amounts("88.00", "92.35", "85.11", "92.16%"),
    fiscal=Amounts("88.00", "92.35", "85.11", "92.16%"),
    carried_over=Amounts("0.00", "0.00", "0.00", "0.00%"),
    other=Amounts("0.00", "0.00", "0.00", "0.00%"),
    rate_score="9.22",
    expected="1.维护雨量站、水位站共六十七处；\n2.汛前检查不少于两轮，问题整改到位；\n3.预警短信及时发出，群众知晓率不低于90%。",
    actual="1.维护站点六十七处，更换蓄电池31组；\n2.汛前检查两轮，查出问题14个，整改13个；\n3.发出预警短信2.6万条。",
    rows=_rows("""
产出指标|数量指标|维护雨量（水位）站点|=|67|处|67处|6.67|6.67
||汛前检查轮次（含夜查）|≥|2|轮|2轮|6.67|6.67
||更换蓄电池组数|≥|30|组|31组|6.66|6.66
|质量指标|设备在线率|≥|95.5|%|96.02%|10|10|无
|时效指标|汛前检查完成时间||2022年4月30日前||2022年4月28日|10|10
||预警短信发出时限|≤|15|分钟|12分钟|10|10
效益指标|社会效益指标|群众知晓率|≥|90|%|88%|10|9.78|外出务工人员未全部登记，下年补录
|生态效益指标|对河道生态的影响||无不良影响||无不良影响|10|10
|可持续影响指标|群测群防队伍||持续健全||持续健全|10|10
满意度指标|服务对象满意度指标|受益群众满意度|≥|90|%|91.3%|10|10
"""),
)

ALL = (LAMPS, CLINIC, ARCHIVE, SEWAGE, TRAINING, BRIDGE, WATER)
