"""How each template prints figures, targets and answers."""

from dataclasses import dataclass

from chengshu.synthetic.forms.vocabulary import Kind

MET_ANSWER = "达成指标"
PARTIAL_ANSWER = "部分达成"


@dataclass(frozen=True, slots=True)
class Style:
    """One template's habits: unit of money, fixed places or bare figures, unit in brackets, a grade row or none."""

    template: str
    year: int
    money_unit: str
    has_fixed_scores: bool = False
    has_bracketed_units: bool = False
    has_sub_rates: bool = False
    has_grade: bool = False
    has_cost_class: bool = True
    exact_sign: str = "="

    def score(self, hundredths: int) -> str:
        """Print a weight or a score."""
        return fixed(hundredths) if self.has_fixed_scores else bare(hundredths)

    def figure(self, hundredths: int, unit: str) -> str:
        """Print a figure with its unit."""
        return f"{fixed(hundredths)}({unit})" if self.has_bracketed_units else f"{bare(hundredths)}{unit}"

    def target(self, kind: Kind, hundredths: int, unit: str) -> str:
        """Print a target with its sign."""
        sign = self.exact_sign if kind is Kind.EXACTLY else kind.value
        return sign + self.figure(hundredths, unit)


def fixed(hundredths: int) -> str:
    """Print with two places."""
    if hundredths < 0:
        return f"-{fixed(-hundredths)}"
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def bare(hundredths: int) -> str:
    """Print without trailing zeros."""
    if hundredths % 100 == 0:
        return str(hundredths // 100)
    return fixed(hundredths).rstrip("0")


STYLES = {
    style.template: style
    for style in (
        Style("shanghai-2020", 2020, "元", has_fixed_scores=True, exact_sign=""),
        Style("shanghai-2021", 2021, "元"),
        Style("shanghai-2023", 2023, "元"),
        Style(
            "shanghai-2024",
            2024,
            "万元",
            has_fixed_scores=True,
            has_bracketed_units=True,
            has_sub_rates=True,
            has_grade=True,
            has_cost_class=False,
        ),
    )
}
TEMPLATES = tuple(STYLES)
