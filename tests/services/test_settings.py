"""Settings come from the environment, and a wrong one is named with its remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.errors import SettingsError
from services.settings import Settings, load_settings, variable_of


def test_every_setting_has_a_default_and_a_description() -> None:
    for name, field in Settings.model_fields.items():
        assert not field.is_required(), name
        assert field.description, name


def test_a_setting_is_read_from_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLGREEN_HOME", "/somewhere")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318/")
    settings = load_settings()
    assert settings.home == Path("/somewhere")
    assert settings.otel_exporter_otlp_endpoint == "http://collector:4318"


def test_a_wrong_value_names_its_variable_and_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLGREEN_GATEWAY_PORT", "eighty")
    with pytest.raises(SettingsError, match=r"STILLGREEN_GATEWAY_PORT='eighty'.*\n.*default 8080"):
        load_settings()


def test_a_url_without_its_scheme_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLGREEN_LLM_BASE_URL", "localhost:8082/v1")
    with pytest.raises(SettingsError, match=r"STILLGREEN_LLM_BASE_URL=.*http://"):
        load_settings()


def test_a_misspelt_variable_is_refused_with_the_nearest_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("STILLGREEN_LLM_MODLE", "sim-mini")
    with pytest.raises(SettingsError, match="did you mean STILLGREEN_LLM_MODEL"):
        load_settings()


def test_several_wrong_values_are_named_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLGREEN_THREADS", "0")
    monkeypatch.setenv("STILLGREEN_LOG_LEVEL", "loud")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "STILLGREEN_THREADS" in str(caught.value)
    assert "STILLGREEN_LOG_LEVEL" in str(caught.value)


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLGREEN_GATEWAY_PORT", "")
    assert load_settings().gateway_port == 8080


@pytest.mark.parametrize(
    ("value", "expected"),
    [("true", True), ("false", False), ("SPAN_ONLY", True), ("NO_CONTENT", False)],
)
def test_content_capture_takes_both_forms_of_its_variable(
    monkeypatch: pytest.MonkeyPatch, value: str, expected: bool
) -> None:
    monkeypatch.setenv(variable_of("capture_content"), value)
    assert load_settings().capture_content is expected


def test_a_key_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLGREEN_LLM_API_KEY", "sk-very-secret")
    assert "very-secret" not in repr(load_settings())
