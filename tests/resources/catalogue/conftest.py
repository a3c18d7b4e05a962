"""What the tests of the catalogue share."""

import pytest
from resources.catalogue.town import Town, found_town


@pytest.fixture
def town(db: None) -> Town:
    return found_town()
