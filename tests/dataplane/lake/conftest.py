"""A lake in a folder, and the same in an S3 store."""

from pathlib import Path

import pytest

from chengshu.dataplane.lake.places import Lake, TableName, Zone


@pytest.fixture(params=["folder", "s3"])
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Lake:
    if request.param == "s3":
        found: Lake = request.getfixturevalue("s3_lake")
        return found
    return Lake(str(tmp_path / "湖"))


@pytest.fixture
def folder_lake(tmp_path: Path) -> Lake:
    return Lake(str(tmp_path / "湖"))


@pytest.fixture
def persons() -> TableName:
    return TableName(Zone.RAW, "人口 基本信息")
