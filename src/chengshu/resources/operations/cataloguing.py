"""What the catalogue offers to the rest of the house, registered while Django starts."""

from datetime import timedelta

from chengshu.kernel.files.facade import register_owner
from chengshu.kernel.jobs.facade import register_chore
from chengshu.kernel.notifications.facade import register_template
from chengshu.kernel.tickets.facade import register_action_listener, register_kind
from chengshu.resources.contracts.sections import SectionKey
from chengshu.resources.operations.disputes import DISPUTE_KIND
from chengshu.resources.operations.exports import holds_export
from chengshu.resources.operations.grading import regrade_all
from chengshu.resources.operations.keeping import keep_index, recheck_all
from chengshu.resources.operations.telling import TEMPLATES, tell_answer
from chengshu.resources.queries.grading import register_origins
from chengshu.resources.queries.lineage_origins import trace_saved_origins
from chengshu.resources.queries.sections import register_section
from chengshu.resources.queries.usage import tell_sample, tell_users


def register_catalogue() -> None:
    """Offer the kind of disputes, notifications and chores, and let lineage count for grades."""
    register_kind(DISPUTE_KIND)
    register_action_listener(tell_answer)
    register_owner("catalogue", holds_export)
    for template in TEMPLATES:
        register_template(template)
    register_origins(trace_saved_origins)
    register_section(SectionKey.USERS, tell_users)
    register_section(SectionKey.SAMPLE, tell_sample)
    register_chore("resources.keep_index", keep_index, every=timedelta(minutes=1))
    register_chore("resources.recheck_entries", recheck_all, every=timedelta(days=1))
    register_chore("resources.regrade_entries", regrade_all, every=timedelta(days=1))
