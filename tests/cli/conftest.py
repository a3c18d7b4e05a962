"""A house of its own for each test that starts the program: data folder, port, environment."""

import os
import socket
from pathlib import Path

import pytest


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture
def house(tmp_path: Path, unused_port: int) -> dict[str, str]:
    """The environment of a fresh house: an empty data folder, no examples, a free port."""
    examples = tmp_path / "examples"
    examples.mkdir()
    return {
        "PATH": os.defpath,
        "CHENGSHU_VAR_DIR": str(tmp_path / "var"),
        "CHENGSHU_EXAMPLES_DIR": str(examples),
        "CHENGSHU_PORT": str(unused_port),
    }
