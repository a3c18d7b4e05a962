"""The door of the performance domain."""

from chengshu.performance.contracts.wire import checked_record, form_from_record, form_record
from chengshu.performance.errors import (
    BatchNotFound,
    CorrectionInvalid,
    CorrectionStale,
    FormNotFound,
    PerformanceError,
    ProfileInvalid,
    RecordInvalid,
    RuleSetUnknown,
)
from chengshu.performance.models import Batch, Correction, FindingRecord, FormRecord, SourceFile, Verdict
from chengshu.performance.operations.batches import delete_batch, rename_batch, restore_batch
from chengshu.performance.operations.checks import check_batch
from chengshu.performance.operations.corrections import correct_value, undo_correction
from chengshu.performance.operations.editing import GRADES, MONEY_UNITS, Kind, kind_of, value_at
from chengshu.performance.operations.examples import load_examples
from chengshu.performance.operations.imports import ImportProgress, create_batch, run_import
from chengshu.performance.operations.jobs import (
    CHECK_KIND,
    IMPORT_KIND,
    resume_import,
    start_import,
    start_recheck,
    work_check,
    work_import,
)
from chengshu.performance.papers.forms import FORM_KINDS, FormKind, render_form, render_forms
from chengshu.performance.papers.layouts import layout_names
from chengshu.performance.papers.reporting import REPORT_KINDS, ReportKind, render_report
from chengshu.performance.papers.reports.contents import FindingsReport, InputFault
from chengshu.performance.papers.reports.naming import name_cell
from chengshu.performance.papers.reports.words import Language, Words, get_words
from chengshu.performance.papers.sheets import Sheet, SheetCell
from chengshu.performance.queries import intake
from chengshu.performance.queries.comparison import (
    ComparedIndicator,
    ComparedLine,
    Comparison,
    compare_forms,
    list_related_forms,
)
from chengshu.performance.queries.corrections import list_corrections
from chengshu.performance.queries.dashboards import (
    CodeCount,
    Figures,
    MoneySum,
    ScorePair,
    count_by_code,
    count_figures,
    list_score_pairs,
    sum_money_by_unit,
    sum_money_by_year,
)
from chengshu.performance.queries.intake import Reading, check_forms, mark_duplicates, read_bytes, read_paths
from chengshu.performance.queries.printing import (
    current_form,
    lay_out_form,
    list_batch_papers,
    print_form,
    print_report,
)
from chengshu.performance.queries.records import (
    get_batch,
    get_form,
    list_batches,
    list_codes,
    list_deleted_batches,
    list_files,
    list_findings,
    list_form_findings,
    list_forms,
    list_neighbours,
    list_values,
    narrow_to_codes,
)
from chengshu.performance.queries.rule_sets import RuleSetting, list_rule_sets, list_settings, rule_set_record
from chengshu.performance.rules.rulesets import RuleSet, get_rule_set

__all__ = [
    "CHECK_KIND",
    "FORM_KINDS",
    "GRADES",
    "IMPORT_KIND",
    "MONEY_UNITS",
    "REPORT_KINDS",
    "Batch",
    "BatchNotFound",
    "CodeCount",
    "ComparedIndicator",
    "ComparedLine",
    "Comparison",
    "Correction",
    "CorrectionInvalid",
    "CorrectionStale",
    "Figures",
    "FindingRecord",
    "FindingsReport",
    "FormKind",
    "FormNotFound",
    "FormRecord",
    "ImportProgress",
    "InputFault",
    "Kind",
    "Language",
    "MoneySum",
    "PerformanceError",
    "ProfileInvalid",
    "Reading",
    "RecordInvalid",
    "ReportKind",
    "RuleSet",
    "RuleSetUnknown",
    "RuleSetting",
    "ScorePair",
    "Sheet",
    "SheetCell",
    "SourceFile",
    "Verdict",
    "Words",
    "check_batch",
    "check_forms",
    "checked_record",
    "compare_forms",
    "correct_value",
    "count_by_code",
    "count_figures",
    "create_batch",
    "current_form",
    "delete_batch",
    "form_from_record",
    "form_record",
    "get_batch",
    "get_form",
    "get_rule_set",
    "get_words",
    "intake",
    "kind_of",
    "lay_out_form",
    "layout_names",
    "list_batch_papers",
    "list_batches",
    "list_codes",
    "list_corrections",
    "list_deleted_batches",
    "list_files",
    "list_findings",
    "list_form_findings",
    "list_forms",
    "list_neighbours",
    "list_related_forms",
    "list_rule_sets",
    "list_score_pairs",
    "list_settings",
    "list_values",
    "load_examples",
    "mark_duplicates",
    "name_cell",
    "narrow_to_codes",
    "print_form",
    "print_report",
    "read_bytes",
    "read_paths",
    "rename_batch",
    "render_form",
    "render_forms",
    "render_report",
    "restore_batch",
    "resume_import",
    "rule_set_record",
    "run_import",
    "start_import",
    "start_recheck",
    "sum_money_by_unit",
    "sum_money_by_year",
    "undo_correction",
    "value_at",
    "work_check",
    "work_import",
]
