"""The demonstration city: one city, 3 districts, 8 departments, 20 units. All of it is invented."""

from datetime import date, datetime

from chengshu.kernel.organisations.operations.importing import import_organisations

DEMONSTRATION_ROOT = "DEMO"
_FOUNDED = date(2019, 1, 1)
_HEADER = ("代码", "名称", "类别", "上级代码", "设立日期")
_DISTRICTS = (("D1", "示范区"), ("D2", "滨江区"), ("D3", "云桥区"))
# Department and its units, by what they stand under.
_DEPARTMENTS = (
    ("", "01", "市政务服务办公室", ("市大数据中心", "市政务服务中心", "市民服务热线中心")),
    ("", "02", "市财政局", ("市财政绩效评价中心", "市财政信息中心")),
    ("D1", "01", "示范区政务服务办公室", ("示范区大数据中心", "示范区政务服务中心", "示范区网格化管理中心")),
    ("D1", "02", "示范区财政局", ("示范区财政绩效评价中心", "示范区国库支付中心")),
    ("D1", "03", "示范区民政局", ("示范区社区服务中心", "示范区救助管理站", "示范区养老服务中心")),
    ("D2", "01", "滨江区政务服务办公室", ("滨江区大数据中心", "滨江区政务服务中心", "滨江区档案服务中心")),
    ("D2", "02", "滨江区财政局", ("滨江区财政事务中心",)),
    ("D3", "01", "云桥区政务服务办公室", ("云桥区大数据中心", "云桥区政务服务中心", "云桥区城市运行中心")),
)


def build_demonstration_city(*, now: datetime) -> None:
    """Found the demonstration city; what is there already stays."""
    table = [_HEADER, _line(DEMONSTRATION_ROOT, "示范市", "市", "")]
    table += [_line(f"{DEMONSTRATION_ROOT}-{code}", name, "区", DEMONSTRATION_ROOT) for code, name in _DISTRICTS]
    for district, number, name, units in _DEPARTMENTS:
        parent = "-".join(part for part in (DEMONSTRATION_ROOT, district) if part)
        code = f"{parent}-B{number}"
        table.append(_line(code, name, "部门", parent))
        table += [_line(f"{code}-U{n:02}", unit, "单位", code) for n, unit in enumerate(units, start=1)]
    import_organisations(table, on=_FOUNDED, actor=None, now=now)


def _line(code: str, name: str, kind: str, parent: str) -> tuple[str, ...]:
    return (code, name, kind, parent, _FOUNDED.isoformat())
