"""The door of budgets, payments and the import of tables."""

from chengshu.performance.contracts.money import Adjustment, MoneyRow, MonthPoint, RowFault
from chengshu.performance.contracts.year import FundSource, TableKind
from chengshu.performance.errors import MoneyInvalid, ReceiptNotFound
from chengshu.performance.models import BudgetAdjustment, Payment, Receipt, RejectedRow
from chengshu.performance.operations.money import adjust_budget, set_budget, undo_adjustment
from chengshu.performance.operations.table_imports import (
    TABLE_KIND,
    resume_table_import,
    start_table_import,
    work_table_import,
)
from chengshu.performance.queries.money import (
    budget_of,
    count_rejections_by_fault,
    executed_of,
    get_adjustment,
    get_execution,
    get_money_block,
    get_receipt,
    initial_of,
    list_adjustments,
    list_payments,
    list_receipts,
    list_rejections,
    open_document,
    open_table_file,
)
from chengshu.performance.rules.year.money import PAYMENT_COLUMNS, execution_rate
from chengshu.performance.rules.year.projects import PROJECT_COLUMNS

__all__ = [
    "PAYMENT_COLUMNS",
    "PROJECT_COLUMNS",
    "TABLE_KIND",
    "Adjustment",
    "BudgetAdjustment",
    "FundSource",
    "MoneyInvalid",
    "MoneyRow",
    "MonthPoint",
    "Payment",
    "Receipt",
    "ReceiptNotFound",
    "RejectedRow",
    "RowFault",
    "TableKind",
    "adjust_budget",
    "budget_of",
    "count_rejections_by_fault",
    "executed_of",
    "execution_rate",
    "get_adjustment",
    "get_execution",
    "get_money_block",
    "get_receipt",
    "initial_of",
    "list_adjustments",
    "list_payments",
    "list_receipts",
    "list_rejections",
    "open_document",
    "open_table_file",
    "resume_table_import",
    "set_budget",
    "start_table_import",
    "undo_adjustment",
    "work_table_import",
]
