"""The door of disputes about entries."""

from chengshu.resources.models import DISPUTE, Dispute
from chengshu.resources.operations.disputes import DISPUTE_KIND, PROBLEM_LENGTH, raise_dispute
from chengshu.resources.queries.disputes import list_disputes

__all__ = ["DISPUTE", "DISPUTE_KIND", "PROBLEM_LENGTH", "Dispute", "list_disputes", "raise_dispute"]
