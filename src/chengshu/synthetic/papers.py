"""What an invented office writes over the years: goals, values on the way, results and their reasons. No Django."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class WrittenIndicator:
    """One indicator as an office writes it.

    Classes and name as on the form, target and weight (points, the whole paper 90), the registered indicator that
    measures it or "", the value by the end of July, the result of the year, and the words where it falls short.
    """

    level1: str
    level2: str
    name: str
    target: str
    weight: Decimal
    measured_by: str = ""
    halfway: str = ""
    actual: str = ""
    deviation: str = ""


@dataclass(frozen=True, slots=True)
class WrittenYear:
    """The papers of one project and year: goal and result in words, and the indicators in the order of the form."""

    expected: str
    actual: str
    indicators: tuple[WrittenIndicator, ...]


def write_year(number: int, *, falls_short: bool) -> WrittenYear:
    """Write the papers of a year of operating services, with one indicator short of its target where asked.

    Args:
        number: the budget year; figures differ from year to year, as nobody should promise the same twice.
        falls_short: whether the training of users stays behind.
    """
    rounds, trained = 4 + number % 3, 90 + number % 5
    reached = trained - 8 if falls_short else trained + 1
    late = "下半年两期培训因场地检修推迟，已改为线上补训，并把下一年的场地提前一季度定下。" if falls_short else ""
    expected = (
        f"{number}年完成{rounds}轮全面巡检，故障报修按时办结，使用人员培训覆盖{trained}%以上，"
        "保障各单位业务系统稳定运行，服务对象满意。"
    )
    actual = (
        f"全年巡检{rounds}轮，发现的隐患都已处理；报修均有回访，超时的已逐件说明；"
        f"培训覆盖{reached}%，各单位业务系统没有发生较大故障。"
    )
    return WrittenYear(expected, actual, (*_outputs(number, rounds), *_effects(trained, reached, late)))


def _outputs(number: int, rounds: int) -> tuple[WrittenIndicator, ...]:
    served = 30 + number % 7
    written = WrittenIndicator
    return (
        written(
            "产出指标", "数量指标", "全面巡检轮次", f"≥{rounds}轮", Decimal(10), "", f"{rounds // 2}轮", f"{rounds}轮"
        ),
        written(
            "产出指标", "数量指标", "运行保障单位数", f"≥{served}家", Decimal(10), "", f"{served}家", f"{served + 1}家"
        ),
        written("产出指标", "质量指标", "报修回访率", "≥90%", Decimal(15), "tickets.repair.follow_up_rate"),
        written("产出指标", "时效指标", "报修按时办结率", "≥80%", Decimal(15), "tickets.repair.on_time_rate"),
    )


def _effects(trained: int, reached: int, late: str) -> tuple[WrittenIndicator, ...]:
    written = WrittenIndicator
    return (
        written("效益指标", "社会效益指标", "重大运行事故次数", "=0次", Decimal(15), "", "0次", "0次"),
        written(
            "效益指标", "可持续影响指标", "使用人员培训覆盖率", f"≥{trained}%", Decimal(15), "", f"{trained // 2}%",
            f"{reached}%", late,
        ),
        written("满意度指标", "服务对象满意度指标", "报修满意率", "≥60%", Decimal(10), "tickets.repair.satisfaction_rate"),
    )  # fmt: skip
