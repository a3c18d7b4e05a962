"""The families of templates, each as a function from facts to a sheet with its truth."""

from dataclasses import dataclass, replace

from acceptance.facts import Amounts, Facts
from acceptance.papers import At, Record, Sheet, merged_labels, record_of

Money = tuple[tuple[str, Amounts], ...]


@dataclass(frozen=True)
class National:
    """How an office varies the national form of 2020."""

    title: str = "项目支出绩效自评表"
    title_in_table: bool = True
    year_in_title: bool = False
    money_unit: str = "万元"
    initial: str = "年初预算数"
    budget: str = "全年预算数"
    executed: str = "全年执行数"
    rate: str = "执行率"
    fiscal: str = "其中：当年财政拨款"
    dash: str = "—"
    goal: tuple[str, str, str] = ("年度总体目标", "预期目标", "实际完成情况")
    points: str = ""
    numbered: bool = False
    review: str = ""
    breaks: bool = False
    weight: str = "分值"
    money_weight: str = "分值"
    explained: str = ""
    grade_label: str = "自评等级"
    signature: bool = True
    notes: bool = True
    sub_rates: bool = False
    grade: str = ""
    wide_weight: bool = False


PLAIN = National()


def national(facts: Facts, style: National = PLAIN) -> Sheet:
    """The form annexed to 财预〔2020〕10号, nine or ten columns wide."""
    width = 9 + bool(style.review) + bool(style.wide_weight) + bool(style.explained)
    record = record_of(facts, style.money_unit)
    sheet = Sheet(width, record)
    _national_title(sheet, facts, style)
    _national_head(sheet, facts, width)
    _national_money(sheet, facts, style, record)
    _national_goal(sheet, facts, style)
    _national_rows(sheet, facts, style)
    _national_footer(sheet, facts, style, record)
    return sheet


def _national_title(sheet: Sheet, facts: Facts, style: National) -> None:
    title = f"{facts.year}年度{style.title}" if style.year_in_title else style.title
    lines = [title] if style.year_in_title else [title, f"（ {facts.year} 年度）"]
    if style.title_in_table:
        for line in lines:
            sheet.add((line, sheet.width))
    else:
        sheet.before = ["附件2", *lines]


def _national_head(sheet: Sheet, facts: Facts, width: int) -> None:
    sheet.add(("项目名称", 2), (facts.project, width - 2))
    sheet.add(("主管部门", 2), (facts.department, 3), ("实施单位", 1), (facts.unit, width - 6))


def _national_money(sheet: Sheet, facts: Facts, style: National, record: Record) -> None:
    lead = sheet.width - 9
    rows: Money = (
        ("年度资金总额", facts.total),
        (style.fiscal, facts.fiscal),
        ("上年结转资金", facts.carried_over),
        ("其他资金", facts.other),
    )
    header = (style.initial, style.budget, style.executed, style.money_weight, style.rate, "得分")
    line = "\n" if style.breaks else ""
    sheet.span(sheet.height, 0, 5, 2, f"项目资金{line}（{style.money_unit}）")
    sheet.add(("", 1), *header[:-1], (header[-1], 1 + lead), start=2)
    for index, (label, amounts) in enumerate(rows):
        first = index == 0
        rate = amounts.rate if first or style.sub_rates else style.dash
        weight, score = ("10", facts.rate_score) if first else (style.dash, style.dash)
        name = label + ("：" if first and style.fiscal.startswith("其中：本年") else "")
        sheet.add(name, amounts.initial, amounts.budget, amounts.executed, weight, rate, (score, 1 + lead), start=2)
    if not style.sub_rates:
        for name in ("fiscal", "carried_over", "other"):
            record["money"][name]["rate"] = None


def _national_goal(sheet: Sheet, facts: Facts, style: National) -> None:
    label, expected, actual = style.goal
    sheet.span(sheet.height, 0, 2, 1, "\n".join([label[:2], label[2:4], label[4:]]) if style.breaks else label)
    sheet.add((expected, 5), (actual, sheet.width - 6), start=1)
    sheet.add((facts.expected, 5), (facts.actual, sheet.width - 6), start=1)


def _national_rows(sheet: Sheet, facts: Facts, style: National) -> None:
    levels = [_broken(text, style) for text in ("一级指标", "二级指标", "三级指标", "年度指标值")]
    weight = (style.weight, 2) if style.wide_weight else style.weight
    start = sheet.height
    sheet.header_rows = (start,)
    sheet.add(
        *levels[:3],
        *_present(style.explained),
        levels[3],
        "实际完成值",
        weight,
        "得分",
        *_present(style.review),
        "偏差原因分析及改进措施",
        start=1,
    )
    number: dict[tuple[str, str], int] = {}
    for row in facts.rows:
        key = (row.level1, row.level2)
        number[key] = number.get(key, 0) + 1
        name = f"指标{number[key]}：{row.level3}" if style.numbered else row.level3
        explained = [f"反映{row.level3}情况"] if style.explained else []
        review = [row.weight] if style.review else []
        worth = (row.weight, 2) if style.wide_weight else row.weight
        sheet.add(name, *explained, row.target, row.actual, worth, row.score, *review, row.reason, start=3)
    merged_labels(sheet, start + 1, facts.rows, columns=(1, 2), points=style.points)
    sheet.span(start, 0, sheet.height - start, 1, "绩\n效\n指\n标" if style.breaks else "绩效指标")


def _broken(text: str, style: National) -> str:
    return text.replace("指标", "\n指标") if style.breaks else text


def _present(text: str) -> list[str]:
    return [text] if text else []


def _national_footer(sheet: Sheet, facts: Facts, style: National, record: Record) -> None:
    worth = ("100", 2 if style.wide_weight else 1)
    sheet.add(("总分", 6 + bool(style.explained)), worth, facts.score, ("", 1 + bool(style.review)))
    if style.numbered:
        _number_truth(record)
    if style.grade:
        sheet.add((style.grade_label, 6), (style.grade, sheet.width - 6))
        record["grade"] = style.grade
    if style.notes:
        sheet.after += [
            "注：1.各级指标分值由单位按重要程度确定，合计为100分。",
            "    2.定量指标未达标的，按完成比例计分；定性指标分三档计分。",
        ]
    if style.signature:
        sheet.after.append("填报人：赵一鸣    联系电话：0731-8260113    填报日期：2024年2月20日")


def _number_truth(record: Record) -> None:
    seen: dict[tuple[str, str], int] = {}
    for row in record["indicators"]:
        key = (row["level1"], row["level2"])
        seen[key] = seen.get(key, 0) + 1
        row["level3"] = f"指标{seen[key]}：{row['level3']}"


def sichuan(facts: Facts, *, grade: str = "") -> Sheet:
    """四川: 部门预算项目支出绩效自评表, the target in three columns, 权重 for the weight."""
    record = record_of(facts)
    sheet = Sheet(11, record)
    sheet.add((f"部门预算项目支出绩效自评表({facts.year}年度)", 11))
    sheet.add(("项目名称", 2), (f"51130000T000001-{facts.project}", 9))
    record["project"] = f"51130000T000001-{facts.project}"
    sheet.add(("主管部门", 2), (facts.department, 3), ("实施单位\n（盖章）", 2), (facts.unit, 4))
    start = sheet.height
    sheet.span(start, 0, 3, 1, "项目基本情况")
    sheet.span(start, 1, 2, 1, "1.项目年度目标完成情况")
    sheet.add(("项目年度目标", 4), ("年度目标完成情况", 5), start=2)
    sheet.add((facts.expected, 4), (facts.actual, 5), start=2)
    sheet.add("2.项目实施内容及过程概述", ("按合同分批实施，按进度支付。", 9), start=1)
    _sichuan_money(sheet, facts, record)
    _sichuan_rows(sheet, facts)
    sheet.add(("合计", 8), "100", facts.score, "")
    for label, hint in (("评价结论", "总体完成较好。"), ("存在问题", "无"), ("改进措施", "（100字以内）")):
        sheet.add(label, (hint, 10))
    sheet.add(("项目负责人：周敏", 5), ("财务负责人：何远", 6))
    for row in record["indicators"]:
        row["actual"] = _bare(row["actual"])
    if grade:
        record["grade"] = grade
    return sheet


def _sichuan_money(sheet: Sheet, facts: Facts, record: Record) -> None:
    start = sheet.height
    sheet.span(start, 0, 6, 1, "预算执行情况（10分）")
    sheet.add(
        "年度预算数（万元）",
        ("年初预算", 2),
        ("调整后预算数", 2),
        "预算执行数",
        "预算执行率",
        "权重",
        "得分",
        "原因",
        start=1,
    )
    note = (
        "1.预算执行率=预算执行数/调整后预算数，未达到90%的应说明原因（100字以内）；2.其他资金包括社会投入、银行贷款。"
    )
    sheet.span(start + 1, 10, 5, 1, note)
    rows: Money = (
        ("总额", facts.total),
        ("其中：财政资金", facts.fiscal),
        ("财政专户管理资金", Amounts("0.00", "0.00", "0.00", "0.00%")),
        ("单位资金", Amounts("0.00", "0.00", "0.00", "0.00%")),
        ("其他资金", facts.other),
    )
    for index, (label, amounts) in enumerate(rows):
        points = ("10", facts.rate_score) if index == 0 else ("/", "/")
        sheet.add(label, (amounts.initial, 2), (amounts.budget, 2), amounts.executed, amounts.rate, *points, start=1)
    record["money"]["carried_over"] = dict.fromkeys(record["money"]["carried_over"])


def _sichuan_rows(sheet: Sheet, facts: Facts) -> None:
    start = sheet.height
    sheet.header_rows = (start,)
    sheet.add(
        "一级指标",
        "二级指标",
        "三级指标",
        "指标性质",
        "指标值",
        "度量单位",
        "完成值",
        "权重",
        "得分",
        "未完成原因分析",
        start=1,
    )
    for row in facts.rows:
        sign = row.sign or "定性"
        sheet.add(
            row.level3, sign, row.figure, row.measure, _bare(row.actual), row.weight, row.score, row.reason, start=3
        )
    merged_labels(sheet, start + 1, facts.rows, columns=(1, 2), points="")
    sheet.span(start, 0, sheet.height - start, 1, "绩效指标（90分）")


def _bare(text: str) -> str:
    """The figure alone, as it stands where the unit has a column of its own; words stay."""
    figure = "".join(ch for ch in text if ch.isdigit() or ch == ".")
    return figure if text[0].isdigit() and "年" not in text else text


def zhongjiang(facts: Facts) -> Sheet:
    """A county's form with the weight before the target and two amounts only."""
    record = record_of(facts)
    sheet = Sheet(9, record, before=[f"{facts.year}年财政衔接资金项目绩效自评表", "绩效目标自评表"])
    sheet.add((f"（{facts.year}年度）", 9))
    sheet.add(("项目名称", 2), (facts.project, 3), ("项目负责人及电话", 2), ("周敏 0838-7201123", 2))
    sheet.add(("主管部门", 2), (facts.department, 3), ("实施单位", 2), (facts.unit, 2))
    start = sheet.height
    sheet.span(start, 0, 4, 2, "资金情况（万元）")
    sheet.add("", ("全年预算数（A）", 2), ("全年执行数（B）", 1), "分值", "执行率（B/A）", "得分", start=2)
    rows: Money = (("年度资金总额：", facts.total), ("其中：本年财政拨款", facts.fiscal), ("其他资金", facts.other))
    for index, (label, amounts) in enumerate(rows):
        points = ("10", amounts.rate, facts.rate_score) if index == 0 else ("", "", "")
        sheet.add(label, (amounts.budget, 2), amounts.executed, *points, start=2)
    start = sheet.height
    sheet.span(start, 0, 2, 2, "年度总体目标")
    sheet.add(("年初设定目标", 3), ("年度总体目标完成情况综述", 4), start=2)
    sheet.add((facts.expected, 3), (facts.actual, 4), start=2)
    start = sheet.height
    sheet.header_rows = (start,)
    columns = (
        "一级指标",
        "二级指标",
        "三级指标",
        "分值",
        "年度指标值",
        "全年实际值",
        "得分",
        "未完成原因及拟采取的改进措施",
    )
    sheet.add(*columns, start=1)
    for row in facts.rows:
        sheet.add(row.level3, row.weight, row.target, row.actual, row.score, row.reason, start=3)
    merged_labels(sheet, start + 1, facts.rows, columns=(1, 2), points="class")
    sheet.add(("总分", 4), "100", "", "", facts.score, "")
    sheet.span(start, 0, sheet.height - 1 - start, 1, "绩效指标")
    sheet.after.append("注：1.一级指标分值一般设置为产出50分、效益30分、满意度10分、预算执行率10分。")
    _thin_money(record)
    return sheet


def _thin_money(record: Record) -> None:
    money = record["money"]
    money["carried_over"] = dict.fromkeys(money["carried_over"])
    for row in money.values():
        row["initial"] = None
    for name in ("fiscal", "other"):
        money[name]["rate"] = None


def hubei(facts: Facts, *, weights: bool = False) -> Sheet:
    """湖北 2020: execution counts twenty points, one row of money, no column of weights."""
    record = record_of(facts)
    sheet = Sheet(8 if weights else 7, record)
    width = sheet.width
    sheet.add((f"{facts.year}年度{facts.project}项目自评表", width))
    sheet.add(("单位名称：（盖章）", 4), (f"填报日期：{facts.year + 1}年3月8日", width - 4))
    sheet.add("项目名称", (facts.project, width - 1))
    sheet.add("主管部门", (facts.department, 3), "项目实施单位", (facts.unit, width - 5))
    sheet.add("项目类别", ("1、部门预算项目☑  2、市直专项□  3、市对下转移支付项目□", width - 1))
    sheet.add("项目属性", ("1、持续性项目☑  2、新增性项目□", width - 1))
    sheet.add("项目类型", ("1、常年性项目☑  2、延续性项目□  3、一次性项目□", width - 1))
    sheet.span(sheet.height, 0, 2, 1, "预算执行情况（万元）（20分）")
    sheet.add(("", 2), "预算数（A）", "执行数（B）", "执行率（B/A）", ("得分（20分*执行率）", width - 6), start=1)
    total = facts.total
    sheet.add(("年度财政资金总额", 2), total.budget, total.executed, total.rate, (facts.rate_score, width - 6), start=1)
    start = sheet.height
    sheet.header_rows = (start,)
    worth = ["分值"] if weights else []
    sheet.add("一级指标", "二级指标", "三级指标", "年初目标值（A）", "实际完成值（B）", *worth, "得分", start=1)
    for row in facts.rows:
        sheet.add(row.level3, row.target, row.actual, *([row.weight] if weights else []), row.score, start=3)
    merged_labels(sheet, start + 1, facts.rows, columns=(1, 2), points="")
    sheet.span(start, 0, sheet.height - start, 1, "年度绩效目标1（80分）")
    sheet.add("总分", (facts.score, width - 1))
    sheet.add("偏差大或目标未完成原因分析", ("无", width - 1))
    sheet.add("改进措施及结果应用方案", ("继续加强项目管理。", width - 1))
    _hubei_truth(record, weights=weights)
    return sheet


def _hubei_truth(record: Record, *, weights: bool) -> None:
    _thin_money(record)
    for name in ("fiscal", "other"):
        record["money"][name] = dict.fromkeys(record["money"][name])
    record["money"]["total"]["weight"] = None
    record["goal"] = {"expected": None, "actual": None}
    record["total"]["weight"] = None
    for row in record["indicators"]:
        row["reason"] = None
        if not weights:
            row["weight"] = None


def yunnan(facts: Facts, *, signs: str = "≧═≦", grade: str = "优", graded: str = "自评等级：{}") -> Sheet:
    """云南: the national form with a header in two rows and the target in three columns.

    `graded` is how the grade stands behind the total: with its label, with the label in parentheses, or bare.
    """
    record = record_of(facts)
    sheet = Sheet(11, record)
    sheet.add((f"{facts.year}年度项目支出绩效自评表", 11))
    sheet.add(("项目名称", 2), (facts.project, 9))
    sheet.add(("主管部门", 2), (facts.department, 4), ("实施单位", 1), (facts.unit, 4))
    _yunnan_money(sheet, facts, record)
    start = sheet.height
    sheet.span(start, 0, 2, 1, "年度\n总体\n目标")
    sheet.add(("预期目标", 5), ("实际完成情况", 5), start=1)
    sheet.add((facts.expected, 5), (facts.actual, 5), start=1)
    start = sheet.height
    sheet.header_rows = (start, start + 1)
    sheet.add(("绩效指标", 3), ("年度指标值", 3))
    for column, text in enumerate(("实际完成值", "分值", "得分", "偏差原因分析及改进措施"), start=6):
        sheet.span(start, column, 2, 2 if column == 9 else 1, text)
    sheet.add("一级\n指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位")
    own = dict(zip("≥=≤", signs, strict=True))
    for row in facts.rows:
        sign = own.get(row.sign, row.sign) or "定性"
        cells = (row.level3, sign, row.figure, row.measure, _bare(row.actual), row.weight, row.score)
        sheet.add(*cells, (row.reason, 2), start=2)
    merged_labels(sheet, start + 2, facts.rows, columns=(0, 1), points="")
    sheet.add(("总分", 7), "100", facts.score, (graded.format(grade) if grade else "", 2))
    for row in record["indicators"]:
        row["actual"] = _bare(row["actual"])
    record["grade"] = grade or None
    return sheet


def _yunnan_money(sheet: Sheet, facts: Facts, record: Record) -> None:
    sheet.span(sheet.height, 0, 5, 2, "项目资金\n（万元）")
    sheet.add("", ("年初预算数", 2), "全年预算数", "全年执行数", "分值", "执行率", ("得分", 2), start=2)
    rows: Money = (
        ("年度资金总额", facts.total),
        ("其中：当年财政拨款", facts.fiscal),
        ("上年结转资金", facts.carried_over),
        ("其他资金", facts.other),
    )
    for index, (label, amounts) in enumerate(rows):
        weight, score = ("10", facts.rate_score) if index == 0 else ("", "")
        rate = amounts.rate
        sheet.add(label, (amounts.initial, 2), amounts.budget, amounts.executed, weight, rate, (score, 2), start=2)


ANHUI = National(
    budget="全年预算数（A）",
    executed="全年执行数（B）",
    rate="执行率（B/A）",
    fiscal="其中：本年财政拨款",
    dash="-",
    goal=("年度总体目标完成情况", "预期目标", "实际完成情况"),
    points="break",
    numbered=True,
    breaks=True,
)
JIANGXI = National(points="class", dash="－", sub_rates=True, explained="指标解释")
SHANGHAI_2021 = National(
    title="财政项目支出绩效自评表",
    money_unit="元",
    rate="执行率得分",
    goal=("年度总体目标", "预算目标", "实际完成情况"),
    notes=False,
)
SHANGHAI_2024 = National(
    title="财政项目支出绩效自评表",
    rate="执行率（%）",
    money_weight="分数",
    sub_rates=True,
    grade="优",
    grade_label="评分等级",
    signature=False,
)
REVIEWED = National(review="复核分", title_in_table=False)
FINANCE = replace(REVIEWED, review="财政审定得分", money_unit="元")


def anhui(facts: Facts) -> Sheet:
    """安徽: numbered indicators, and the unused lines of the blank form left in place."""
    sheet = national(facts, ANHUI)
    return with_fillers(sheet)


def with_fillers(sheet: Sheet) -> Sheet:
    """Put an empty "指标9：" line and a "……" line under each category, as the blank form prints them."""
    first = sheet.header_rows[0]
    labels = [cell for cell in sheet.cells if cell.column == 2 and cell.row > first and cell.columns == 1]
    for label in sorted(labels, key=lambda cell: -cell.row):
        end = label.row + label.rows
        _open_rows(sheet, end, 2)
        for row, text in ((end, "指标9："), (end + 1, "……")):
            sheet.cells += [At(row, column, 1, 1, text if column == 3 else "") for column in range(3, sheet.width)]
    return sheet


def _open_rows(sheet: Sheet, at: int, count: int) -> None:
    """Open empty rows; the label cells that end there grow over them."""
    for index, cell in enumerate(sheet.cells):
        grows = cell.column <= 2 and cell.row >= sheet.header_rows[0] and cell.row + cell.rows == at
        if cell.row >= at:
            sheet.cells[index] = replace(cell, row=cell.row + count)
        elif cell.row + cell.rows > at or grows:
            sheet.cells[index] = replace(cell, rows=cell.rows + count)
    sheet.height += count
