"""What is promised of sharing and opening, which the platform does not do yet: nothing is counted until it does."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from chengshu.kernel.indicators.facade import AwaitedSpec


def list_awaited() -> Iterator[AwaitedSpec]:
    """Give the indicators of this domain that wait for what they would count."""
    yield AwaitedSpec(
        key="resources.sharing_timeliness",
        name=_("数据共享及时率"),
        unit="%",
        definition=_("期内按时答复和提供的共享申请 ÷ 期内应答复和提供的共享申请"),
        reason=_("平台尚未办理共享申请，没有可计量的申请和答复记录；数据共享建成后由系统计量。"),
    )
    yield AwaitedSpec(
        key="resources.open_resources",
        name=_("年度数据开放数"),
        unit=gettext_noop("个"),
        definition=_("期末已向社会开放的数据资源"),
        reason=_("平台尚未向社会开放数据，没有可计量的开放记录；数据开放建成后由系统计量。"),
    )
