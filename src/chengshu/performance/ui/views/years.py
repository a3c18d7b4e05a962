"""The dashboard of the year: sentences that open their lists, charts with their tables, by year and unit."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from chengshu.performance.facade import years
from chengshu.performance.facade.years import RectificationRate, YearCounts, YearScope, YearSums
from chengshu.performance.ui.access import PersonRequest, for_people
from chengshu.performance.ui.views.dashboards import Sentence, as_csv
from chengshu.performance.ui.wording import write_wan
from chengshu.performance.ui.year_charts import YEAR_CHARTS, YearFacts

_DIGITS = 9


@dataclass(frozen=True, slots=True)
class _Lists:
    """Where the sentences lead: the lists, narrowed to year and unit."""

    scope: YearScope
    unit_code: str

    def at(self, name: str, **narrowed: str | int) -> str:
        """Give the address of a list; the list of years' money knows units by their code."""
        unit = self.unit_code if name == "project-years" else self.scope.unit_id
        known: dict[str, str | int] = {"year": self.scope.year}
        if unit:
            known["unit"] = unit
        return f"{reverse(f'performance:{name}')}?{urlencode(known | narrowed)}"


@require_GET
@for_people
def show_start(request: PersonRequest) -> HttpResponseBase:
    """Lead to the dashboard of the year who sees years of projects, everybody else to that of imported forms."""
    has_years = bool(years.list_years_in_sight(request.user, on=localdate()))
    return redirect("performance:overview" if has_years else "performance:dashboard")


@require_GET
@for_people
def show_overview(request: PersonRequest) -> HttpResponseBase:
    """Show how a year stands."""
    facts, known, units = _read(request)
    if facts is None:
        return render(request, "performance/years/overview.html", {"known": [], "units": units})
    names = {pk: name for pk, name, _code in units}
    codes = {pk: code for pk, _name, code in units}
    lists = _Lists(facts.scope, codes.get(facts.scope.unit_id or 0, ""))
    context = {
        "scope": facts.scope,
        "known": known,
        "units": units,
        "unit_name": names.get(facts.scope.unit_id or 0, ""),
        "sentences": list(_sentences(facts.total, facts.counts, lists)) if facts.total.years else [],
        "charts": [chart(facts) for chart in YEAR_CHARTS.values()],
        "chart_scope": _query(facts.scope),
        "part_name": facts.part_name,
    }
    return render(request, "performance/years/overview.html", context)


@require_GET
@for_people
def give_chart(request: PersonRequest, name: str) -> HttpResponseBase:
    """Give a chart's series as JSON, or its table as CSV (`export=csv`)."""
    facts, _known, _units = _read(request)
    if name not in YEAR_CHARTS or facts is None:
        raise Http404
    chart = YEAR_CHARTS[name](facts)
    return as_csv(chart) if request.GET.get("export") == "csv" else JsonResponse(chart.as_json())


def _read(request: PersonRequest) -> tuple[YearFacts | None, list[int], list[tuple[int, str, str]]]:
    """Read year and unit; what is not in sight is taken for not named. No facts where there is no year in sight."""
    now, viewer = timezone.now(), request.user
    today = localdate(now)
    known = years.list_years_in_sight(viewer, on=today)
    units = years.list_units_in_sight(viewer, on=today)
    if not known:
        return None, known, units
    asked, unit = (_number(request, name) for name in ("year", "unit"))
    begun = [year for year in known if year <= today.year]
    year = asked if asked in known else (begun or known[::-1])[0]
    scope = YearScope(year, unit if unit in {pk for pk, _name, _code in units} else None)
    return YearFacts(viewer, scope, now), known, units


def _number(request: PersonRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None


def _query(scope: YearScope) -> str:
    unit = {} if scope.unit_id is None else {"unit": scope.unit_id}
    return "?" + urlencode({"year": scope.year, **unit})


def _sentences(sums: YearSums, counts: YearCounts, lists: _Lists) -> Iterator[Sentence]:
    """Word the figures of a year: at most seven."""
    yield Sentence(_word_money(sums, lists.scope.year), lists.at("project-years"))
    yield _word_goals(sums, counts, lists)
    if counts.point_id is not None:
        yield _word_lamps(counts, lists)
    if counts.warnings:
        text = ngettext("%(n)s 个项目落后，系统已预警", "%(n)s 个项目落后，系统已预警", counts.warnings)
        yield Sentence(text % {"n": f"{counts.warnings:,}"}, reverse("performance:monitoring-warnings"), "error")
    yield from _word_evaluations(sums, lists)
    rate = next((rate for rate in counts.rates if rate.name == str(lists.scope.year)), None)
    if rate is not None:
        yield _word_mending(rate)
    if sums.indicators:
        text = _("%(all)s 个自评指标中 %(share)s%% 有计量依据，占分值的 %(weight)s%%") % {
            "all": f"{sums.indicators:,}",
            "share": sums.covered_pct,
            "weight": "—" if sums.covered_weight_pct is None else sums.covered_weight_pct,
        }
        yield Sentence(text, lists.at("evaluations", sort="-evidence"))


def _word_money(sums: YearSums, year: int) -> str:
    text = ngettext(
        "%(year)s 年度 %(n)s 个项目，全年预算 %(budget)s 万元，已执行 %(executed)s 万元，执行率 %(rate)s%%",
        "%(year)s 年度 %(n)s 个项目，全年预算 %(budget)s 万元，已执行 %(executed)s 万元，执行率 %(rate)s%%",
        sums.years,
    )
    return text % {
        "year": year,
        "n": f"{sums.years:,}",
        "budget": write_wan(sums.budget_yuan),
        "executed": write_wan(sums.executed_yuan),
        "rate": "—" if sums.rate_pct is None else sums.rate_pct,
    }


def _word_goals(sums: YearSums, counts: YearCounts, lists: _Lists) -> Sentence:
    done, missing = counts.goals.get("approved", 0), counts.goals.get("none", 0)
    text = _("%(all)s 个项目中 %(done)s 个目标已批复，%(missing)s 个未编报") % {
        "all": f"{sums.years:,}",
        "done": f"{done:,}",
        "missing": f"{missing:,}",
    }
    return Sentence(text, lists.at("goals", **({"state": "none"} if missing else {})), "breach" if missing else "")


def _word_lamps(counts: YearCounts, lists: _Lists) -> Sentence:
    red, yellow = counts.lamps.get("red", 0), counts.lamps.get("yellow", 0)
    text = _("%(point)s：%(all)s 份监控表中 %(red)s 份亮红灯，%(yellow)s 份亮黄灯") % {
        "point": counts.point,
        "all": f"{sum(counts.lamps.values()):,}",
        "red": f"{red:,}",
        "yellow": f"{yellow:,}",
    }
    worst = "red" if red else "yellow"
    narrowed = {"lamp": worst} if red or yellow else {}
    tone = {"red": "error", "yellow": "breach"}[worst] if narrowed else ""
    return Sentence(text, lists.at("monitoring", point=counts.point_id or 0, **narrowed), tone)


def _word_evaluations(sums: YearSums, lists: _Lists) -> Iterator[Sentence]:
    if not sums.scored:
        return
    text = _("%(n)s 个自评已打分，平均 %(score)s 分，%(done)s 个审核通过，%(faulty)s 个有错误或不合规") % {
        "n": f"{sums.scored:,}",
        "score": sums.average,
        "done": f"{sums.approved:,}",
        "faulty": f"{sums.faulty:,}",
    }
    yield Sentence(text, lists.at("evaluations", sort="-errors"), "breach" if sums.faulty else "")


def _word_mending(rate: RectificationRate) -> Sentence:
    text = _("%(raised)s 项整改中 %(mended)s 项已完成，整改率 %(rate)s%%，%(overdue)s 项逾期") % {
        "raised": f"{rate.raised:,}",
        "mended": f"{rate.mended:,}",
        "rate": rate.rate_pct,
        "overdue": f"{rate.overdue:,}",
    }
    return Sentence(text, reverse("performance:rectifications"), "error" if rate.overdue else "")
