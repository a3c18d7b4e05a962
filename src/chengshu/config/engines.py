"""What checks compute on: read here for the product and for the command line alike."""

from pathlib import Path

from chengshu.config import env
from chengshu.dataplane.engines.choosing import EngineChoice


def read_engine() -> EngineChoice:
    """Return the engine that the environment chooses.

    Raises:
        SettingUnreadable: a setting is no such value.
    """
    settings, shared = env.read(env.SPARK_SETTINGS), env.read(env.SPARK_SHARED)
    return EngineChoice(
        env.read(env.ENGINE),
        env.read(env.SPARK_MASTER),
        dict(settings),
        Path(shared) if shared else None,
        reads_s3=env.read(env.SPARK_READS_S3),
    )
