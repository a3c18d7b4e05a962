"""The form of a rule: a kind with its parts in fields of their own, or the definition as JSON for what they cannot say."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengshu.resources.facade.catalogue import ValueType
from chengshu.resources.facade.quality import (
    PARTS_KINDS,
    UNITS,
    QualityRule,
    RuleDraft,
    RuleRefused,
    RuleSeverity,
    definition_of,
    parts_of,
    title_of,
)
from chengshu.resources.ui.forms.rule_contents import (
    BEGUN,
    COLUMN_PARTS,
    JSON,
    begun_of,
    columns_named,
    contents_of,
    parts_shown,
    place_of,
    refuse_constant,
    written,
)
from chengshu.resources.ui.lists.quality import SEVERITIES
from chengshu.resources.ui.rule_words import (
    COMPARISON_WORDS,
    KIND_CHOICES,
    MEASURE_WORDS,
    SCHEME_WORDS,
    UNIT_WORDS,
    VALUE_TYPE_WORDS,
)

_FIRST = "between"
_LIKE = {ValueType.DECIMAL: ValueType.INTEGER, ValueType.MOMENT: ValueType.DATE}
_FAULTY_PART = {
    "matches": "pattern",
    "expression": "expression",
    "compare": "right",
    "between": "least",
    "length": "shortest",
    "one_of": "values",
    "completeness": "minimum",
    "timeliness": "within",
    "delivery_timeliness": "within",
    "history_drift": "tolerance",
}


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column that a rule may be asked of."""

    code: str
    name: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class OtherTables:
    """What a rule may look into: codes and names of entries to offer, and the columns of the one that is named."""

    offered: Sequence[tuple[str, str]] = ()
    columns: Sequence[tuple[str, str]] | None = None


def _choice(label: Any, choices: Iterable[tuple[Any, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=list(choices))


class RuleForm(forms.Form):
    """A rule. Only the parts of its kind are asked for; of a definition none is."""

    key = forms.CharField(label=gettext_lazy("编号"), max_length=60, required=False)
    kind = _choice(gettext_lazy("要求"), KIND_CHOICES)
    column = forms.ChoiceField(label=gettext_lazy("哪个栏目"))
    more = forms.MultipleChoiceField(
        label=gettext_lazy("还有哪些栏目"), required=False, widget=forms.CheckboxSelectMultiple
    )
    later = forms.ChoiceField(label=gettext_lazy("较晚的日期"))
    earlier = forms.ChoiceField(label=gettext_lazy("不应早于"))
    left = forms.ChoiceField(label=gettext_lazy("哪个栏目"))
    comparison = _choice(gettext_lazy("应当"), COMPARISON_WORDS.items())
    right = forms.ChoiceField(label=gettext_lazy("另一栏目"))
    measure = _choice(gettext_lazy("比什么"), MEASURE_WORDS.items())
    least = forms.CharField(label=gettext_lazy("最小值"), max_length=40, required=False)
    most = forms.CharField(label=gettext_lazy("最大值"), max_length=40, required=False)
    shortest = forms.IntegerField(label=gettext_lazy("最少字数"), min_value=0, max_value=10**6, required=False)
    longest = forms.IntegerField(label=gettext_lazy("最多字数"), min_value=0, max_value=10**6, required=False)
    values = forms.CharField(label=gettext_lazy("允许的值"), max_length=100_000, widget=forms.Textarea)
    pattern = forms.CharField(label=gettext_lazy("格式（正则式）"), max_length=1000, strip=False)
    value_type = _choice(gettext_lazy("应是"), VALUE_TYPE_WORDS.items())
    scheme = _choice(gettext_lazy("哪一种号码"), SCHEME_WORDS.items())
    table = forms.CharField(label=gettext_lazy("被引用资源的目录编码"), max_length=64)
    their_column = forms.CharField(label=gettext_lazy("被引用的信息项代码"), max_length=120)
    expression = forms.CharField(label=gettext_lazy("条件"), max_length=4000, widget=forms.Textarea)
    minimum = forms.DecimalField(
        label=gettext_lazy("有值的占比至少（0 至 1）"), min_value=0, max_value=1, decimal_places=6
    )
    tolerance = forms.DecimalField(label=gettext_lazy("最多相差"), max_value=100, max_digits=7, decimal_places=4)
    last = forms.IntegerField(label=gettext_lazy("与最近几次比"), min_value=3, max_value=24, initial=6)
    within = forms.IntegerField(label=gettext_lazy("距今不超过"), min_value=1, max_value=999_999)
    unit = _choice(gettext_lazy("单位"), UNIT_WORDS.items())
    strict = forms.BooleanField(label=gettext_lazy("同一天也不行"), required=False)
    blank = forms.BooleanField(label=gettext_lazy("只有空格也算空"), required=False)
    where = forms.CharField(label=gettext_lazy("只查符合这个条件的行"), max_length=4000, required=False)
    definition = forms.CharField(label=gettext_lazy("定义（JSON）"), max_length=20_000)
    name = forms.CharField(label=gettext_lazy("规则（写给人看）"), max_length=300, required=False)
    severity = _choice(gettext_lazy("程度"), SEVERITIES.items())
    threshold = forms.DecimalField(
        label=gettext_lazy("允许不合格的占比（0 至 1）"), min_value=0, max_value=1, max_digits=7, decimal_places=6
    )
    is_active = forms.BooleanField(label=gettext_lazy("启用"), required=False)
    reason = forms.CharField(label=gettext_lazy("事由"), max_length=400)

    def __init__(
        self,
        data: Any,
        *,
        columns: Sequence[TableColumn],
        tables: OtherTables,
        rule: QualityRule | None = None,
        typed: Mapping[str, Any] | None = None,
    ) -> None:
        names = {one.code: one.name for one in columns}
        initial = (
            dict(BEGUN) | (contents_of(rule, names, is_typed=typed is not None) if rule else {}) | dict(typed or {})
        )
        super().__init__(data, initial=initial, auto_id="rule-%s")
        told = data if data is not None else initial
        kind = str(told.get("kind") or (JSON if told.get("definition") else _FIRST))
        self.kind_now = kind if kind in PARTS_KINDS else JSON
        self.tables, self._columns, self._rule = tables, {one.code: one for one in columns}, rule
        self._definition: dict[str, Any] = {}
        self._names = names
        self._ask_for_kind()
        self._offer_columns(told)
        if rule is not None:
            self.fields["key"].disabled = True

    @property
    def is_json(self) -> bool:
        """Tell whether the definition itself is written."""
        return self.kind_now == JSON

    def part_fields(self) -> list[forms.BoundField]:
        """Give the fields of the kind in their order, without those that stand apart."""
        parts = () if self.is_json else PARTS_KINDS[self.kind_now].parts
        return [self[name] for name in parts if name not in {"where", "more"}]

    def is_narrowed(self) -> bool:
        """Tell whether anything is said, or wrong, of which rows are looked at and how many may fail."""
        told = [self[name] for name in ("where", "threshold") if name in self.fields]
        return any(field.errors or field.value() not in (None, "", "0", Decimal(0)) for field in told)

    def shown_definition(self) -> str:
        """Give the definition that the fields say now; empty while they cannot be read."""
        told = self._definition if self.is_bound else self._rule.definition if self._rule else {}
        return written(told) if told else ""

    def as_definition(self) -> dict[str, Any] | None:
        """Give what is typed with the fields written as a definition; None, with the faults kept, where it cannot be."""
        self.is_valid()
        if faults := self._unreadable():
            for name in set(self.errors) - faults:
                del self.errors[name]
            return None
        told = self._definition or begun_of(self.kind_now, self.cleaned_data)
        name = self.cleaned_data.get("name") or (self._title() if self._definition else "")
        return {"kind": JSON, "definition": written(told), "name": name}

    def as_parts(self) -> dict[str, Any] | None:
        """Give a definition that is typed as fields; None where they cannot say all of it."""
        self.is_valid()
        found = parts_shown(self._definition, self.cleaned_data.get("threshold"))
        if found is None:
            return None
        name = self.cleaned_data.get("name", "")
        return {"kind": found[0], **found[1], "name": "" if name == title_of(*found, self._names) else name}

    def clean_definition(self) -> Any:
        """Read the JSON."""
        try:
            told = json.loads(self.cleaned_data["definition"], parse_constant=refuse_constant)
            written(told).encode()
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(_("定义不是 JSON：%(why)s") % {"why": place_of(error)}) from error
        if not isinstance(told, dict):
            raise forms.ValidationError(_("定义请写成一个 JSON 对象，如 {“kind”: “not_null”, “columns”: [“xm”]}。"))
        return told

    def clean(self) -> dict[str, Any]:
        """Put the parts together; what they contradict each other in is told at its field."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in {"where", "expression"} & cleaned.keys():
            cleaned[name] = cleaned[name].replace("\r\n", "\n")
        if self.is_json:
            self._definition = cleaned.get("definition", {})
        elif not any(name in self.errors for name in PARTS_KINDS[self.kind_now].parts):
            self._put_together(cleaned)
        if self.is_json and "name" in cleaned and not cleaned["name"]:
            self.add_error("name", _("这一项必须填写。"))
        return cleaned

    def draft(self) -> RuleDraft:
        """Give what was typed; the form is valid."""
        typed = self.cleaned_data
        name = typed["name"] or self._title()
        severity, threshold = RuleSeverity(typed["severity"]), typed.get("threshold", Decimal(0))
        return RuleDraft(typed["key"], name, self._definition, severity, threshold)

    def probe(self) -> RuleDraft | None:
        """Give what is typed of the rule itself, whatever else is missing; None when that cannot be read."""
        self.is_valid()
        typed = self.cleaned_data
        if not self._definition or ("threshold" in self.fields and "threshold" not in typed):
            return None
        severity = RuleSeverity(typed.get("severity", RuleSeverity.MAJOR))
        return RuleDraft("preview", _("试查"), self._definition, severity, typed.get("threshold", Decimal(0)))

    def faults_of_rule(self) -> str:
        """Say what of the rule itself cannot be read; nothing while something is only not filled in yet."""
        faults = [fault for name in self._asked() for fault in self.errors.as_data().get(name, ())]
        if any(fault.code == "required" for fault in faults):
            return ""
        return " ".join(str(message) for fault in faults for message in fault.messages)

    def tell(self, fault: RuleRefused) -> None:
        """Show a refusal at the field that it is about, else above the form."""
        place = str(fault.details.get("field") or "")
        if place in self.fields and place != "definition":
            self.add_error(place, fault.message)
        elif self.is_json:
            self.add_error(None, self.tell_place(fault.message))
        else:
            where = self.cleaned_data.get("where")
            is_where = where and f"“{where}”" in fault.message
            self.add_error("where" if is_where else _FAULTY_PART.get(self.kind_now), fault.message)

    def tell_place(self, message: str) -> str:
        """Add to what is wrong with a definition the line where it stands."""
        if not self.is_json:
            return message
        text, definition = self.data.get("definition", ""), self.cleaned_data.get("definition", {})
        for name, value in definition.items():
            said = isinstance(value, str) and len(value) > 2 and f"“{value}”" in message
            if said or re.search(rf"(?<![A-Za-z_]){re.escape(name)}(?![A-Za-z_])", message):
                line = text.count("\n", 0, max(text.find(f'"{name}"'), 0)) + 1
                return _("定义第 %(line)s 行的 %(name)s：%(why)s") % {"line": line, "name": name, "why": message}
        return message

    def _asked(self) -> tuple[str, ...]:
        return ("definition", "threshold") if self.is_json else (*PARTS_KINDS[self.kind_now].parts, "threshold")

    def _unreadable(self) -> set[str]:
        """Give the fields whose text cannot be read; those that are only not filled in yet are none of them."""
        faults = self.errors.as_data()
        return {name for name in self._asked() if any(one.code != "required" for one in faults.get(name, ()))}

    def _title(self) -> str:
        """Say in words what is typed, the same for parts and for the definition that they come back from."""
        return title_of(*(parts_of(self._definition) or (self.kind_now, self.cleaned_data)), self._names)

    def _ask_for_kind(self) -> None:
        wanted = {"definition"} if self.is_json else set(PARTS_KINDS[self.kind_now].parts)
        for name in {"definition", *(part for kind in PARTS_KINDS.values() for part in kind.parts)} - wanted:
            self.fields.pop(name, None)
        if self.is_json:
            del self.fields["kind"]
        elif not PARTS_KINDS[self.kind_now].has_threshold:
            del self.fields["threshold"]
        if self.kind_now == "history_drift":
            self.fields["column"].required = False
        if self.kind_now == "delivery_timeliness":
            self.fields["unit"].choices = [one for one in UNIT_WORDS.items() if one[0] != UNITS[0]]  # type: ignore[attr-defined]  # a ChoiceField

    def _offer_columns(self, told: Any) -> None:
        """Offer the fields of the entry, and what a rule already names though it is none of them."""
        named = [str(told.get(part) or "") for part in COLUMN_PARTS]
        listed = told.getlist("more") if hasattr(told, "getlist") else told.get("more") or []
        others = [code for code in (*named, *listed) if code and code not in self._columns]
        known = columns_named(self._rule)
        others = [code for code in dict.fromkeys(others) if code in known]
        choices = [(one.code, f"{one.name}（{one.code}）") for one in self._columns.values()]
        choices += [(code, code) for code in others]
        for name in (*COLUMN_PARTS, "more"):
            if name in self.fields:
                empty = [] if name == "more" else [("", "—")]
                self.fields[name].choices = [*empty, *choices]  # type: ignore[attr-defined]  # a ChoiceField

    def _put_together(self, cleaned: dict[str, Any]) -> None:
        standing = parts_of(self._rule.definition) if self._rule else None
        if standing and cleaned.get("more"):  # boxes come in the order of the catalogue
            order = {code: place for place, code in enumerate(standing[1].get("more") or ())}
            cleaned["more"].sort(key=lambda code: order.get(code, len(order)))
        try:
            definition = definition_of(self.kind_now, cleaned)
        except RuleRefused as fault:
            place = str(fault.details["field"])
            code = "invalid" if cleaned.get(place) else "required"
            self.add_error(place, forms.ValidationError(fault.message, code=code))
            return
        if self._rule and standing and definition == definition_of(*standing):
            definition = self._rule.definition
        else:
            self._require_sense(cleaned)
        if not self.errors.keys() & set(PARTS_KINDS[self.kind_now].parts):
            self._definition = definition

    def _require_sense(self, cleaned: dict[str, Any]) -> None:
        """Refuse what cannot be compared, and tables that are not there, at their field."""
        if self.kind_now == "compare":
            left, right = (self._columns.get(cleaned[name]) for name in ("left", "right"))
            if (
                left
                and right
                and _LIKE.get(ValueType(left.type), left.type) != _LIKE.get(ValueType(right.type), right.type)
            ):
                self.add_error("right", _("两个栏目的数据类型不同，比不出大小。"))
        if self.kind_now == "references":
            if self.tables.columns is None:
                self.add_error("table", _("目录里没有这个编码的资源，或您无权查看。"))
            elif cleaned["their_column"] not in dict(self.tables.columns):
                self.add_error("their_column", _("那项资源里没有这个信息项。"))
