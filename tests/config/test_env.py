"""Settings from the environment: typed, complete, documented."""

import re
from pathlib import Path

import pytest

from chengshu.config import env
from chengshu.config.setting import SettingUnreadable

ROOT = Path(__file__).resolve().parents[2]


class TestRead:
    def test_gives_the_default_without_the_variable(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("CHENGSHU_PORT", raising=False)
        assert env.read(env.PORT) == 8000

    def test_reads_the_variable_as_the_settings_type(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CHENGSHU_PORT", " 9001 ")
        monkeypatch.setenv("CHENGSHU_ALLOWED_HOSTS", "a.example, b.example,")
        monkeypatch.setenv("CHENGSHU_HTTPS", "Yes")
        assert env.read(env.PORT) == 9001
        assert env.read(env.ALLOWED_HOSTS) == ("a.example", "b.example")
        assert env.read(env.HTTPS) is True

    def test_settings_of_spark_may_hold_commas_spaces_and_equals_signs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(
            "CHENGSHU_SPARK_SETTINGS", "spark.jars=a.jar,b.jar; spark.executor.extraJavaOptions=-Da=1 -Db;"
        )
        assert env.read(env.SPARK_SETTINGS) == (
            ("spark.jars", "a.jar,b.jar"),
            ("spark.executor.extraJavaOptions", "-Da=1 -Db"),
        )

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("CHENGSHU_PORT", "eighty"),
            ("CHENGSHU_PORT", "0"),
            ("CHENGSHU_HTTPS", "perhaps"),
            ("CHENGSHU_LANGUAGE", "fr"),
            ("CHENGSHU_LOG_LEVEL", "loud"),
            ("CHENGSHU_ENGINE", "abacus"),
            ("CHENGSHU_SPARK_SETTINGS", "spark.cores.max"),
            ("CHENGSHU_SPARK_SETTINGS", "=8"),
            ("CHENGSHU_LAKE_S3", "s3://bucket/city"),
            ("CHENGSHU_LAKE_S3", "https://s3.city/bucket"),
            ("CHENGSHU_LAKE_S3", "https://key:secret@s3.city"),
        ],
    )
    def test_names_the_variable_that_cannot_be_read(
        self, monkeypatch: pytest.MonkeyPatch, name: str, text: str
    ) -> None:
        monkeypatch.setenv(name, text)
        setting = next(setting for setting in env.ALL if setting.name == name)
        with pytest.raises(SettingUnreadable, match=name):
            env.read(setting)

    def test_repeats_no_secret_of_an_address_that_cannot_be_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CHENGSHU_LAKE_S3", "https://key:sec/ret@s3.city/bucket")
        with pytest.raises(SettingUnreadable, match="%XX") as fault:
            env.read(env.LAKE_S3)
        assert "sec" not in fault.value.message
        monkeypatch.setenv("CHENGSHU_LAKE_S3", "https://key:sec%2Fret@s3.city:9000/bucket/city?region=cn-east-1")
        assert env.read(env.LAKE_S3).endswith("region=cn-east-1")


class TestDocumentation:
    def test_every_setting_is_documented_with_its_purpose(self) -> None:
        page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
        lacking = [s.name for s in env.ALL if f"| `{s.name}` |" not in page or s.zh not in page or s.en not in page]
        assert lacking == []

    def test_nothing_is_documented_that_does_not_exist(self) -> None:
        page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
        assert set(re.findall(r"^\| `([A-Z0-9_]+)` \|", page, re.MULTILINE)) == {setting.name for setting in env.ALL}

    def test_documented_defaults_are_the_real_ones(self) -> None:
        page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
        documented = dict(re.findall(r"^\| `([A-Z0-9_]+)` \| (\S+) \|", page, re.MULTILINE))
        assert documented == {setting.name: _as_written(setting.default) for setting in env.ALL}


def _as_written(default: object) -> str:
    match default:
        case "" | ():
            return "—"
        case bool():
            return f"`{str(default).lower()}`"
        case tuple():
            return f"`{','.join(default)}`"
        case Path():
            return f"`{default.relative_to(env.ROOT)}`"
        case _:
            return f"`{default}`"
