"""A document under a result is given out at the house's one address, to those who see the self-evaluation."""

import pytest
from conftest import NOW
from performance.evaluations.conftest import Office

from chengshu.kernel.files.facade import FileNotFound, open_download
from chengshu.performance.facade.evaluations import Evaluation
from chengshu.performance.models import EvaluatedIndicator


def test_follows_the_sight_of_the_sheet(filled: Evaluation, office: Office) -> None:
    result = EvaluatedIndicator.objects.filter(evaluation=filled, document__isnull=False).first()
    assert result is not None
    assert result.document is not None
    found = open_download(result.document.uuid, viewer=office.auditor, on=NOW.date())
    with found.stream:
        assert found.name == result.document.name
    with pytest.raises(FileNotFound):
        open_download(result.document.uuid, viewer=office.stranger, on=NOW.date())
