"""The settings of every service: the only module that reads the environment."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.errors import SettingsError

PREFIX = "STILLGREEN_"

Port = Annotated[int, Field(ge=1, le=65535)]
Seconds = Annotated[float, Field(gt=0, le=3600)]
StageSeconds = Annotated[float, Field(ge=0, le=60)]


class Settings(BaseSettings):
    """All settings with their defaults; each is read from ``STILLGREEN_`` and its name.

    The ``otel_…`` fields are the standard OpenTelemetry variables under their
    own names. Durations are seconds.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="ignore", frozen=True, env_ignore_empty=True
    )

    home: Path = Field(
        Path(".stillgreen"), description="Folder for the ledger, indexes, recordings and reviews."
    )
    world_seed: int = Field(7, ge=0, description="Seed of the generated company.")
    vendors: int = Field(40, ge=1, le=400, description="Vendors in the generated company.")
    invoices: int = Field(400, ge=1, le=9000, description="Invoices in the generated company.")

    encoder: str = Field("", description="Sentence encoder, a name or folder; empty: bundled one.")
    cross_encoder: str = Field("", description="Cross-encoder for reranking; empty: the encoder.")
    threads: int = Field(1, ge=1, le=64, description="Threads of the encoder's arithmetic.")
    chroma_url: str = Field("", description="URL of a Chroma server; empty: embedded Chroma.")

    llm_base_url: str = Field(
        "", description="OpenAI-compatible endpoint with its /v1; empty: the embedded llm service."
    )
    llm_api_key: SecretStr = Field(SecretStr("stillgreen"), description="Key for that endpoint.")
    llm_model: str = Field("sim-careful", min_length=1, description="Model to ask for.")
    llm_timeout: Seconds = Field(60.0, description="Longest wait for one model call.")
    llm_price_input: float = Field(0.0, ge=0, description="USD per million input tokens, if known.")
    llm_price_output: float = Field(
        0.0, ge=0, description="USD per million output tokens, if known."
    )
    llm_logprobs: bool = Field(
        True, description="Ask for token log-probabilities; False for an endpoint without them."
    )
    llm_token_limit: Literal["max_tokens", "max_completion_tokens"] = Field(
        "max_tokens", description="What the endpoint calls the limit of a reply."
    )
    llm_required_key: SecretStr | None = Field(
        None, description="Key that our own llm service asks for; without one it asks for none."
    )
    llm_requests_per_minute: int | None = Field(
        None, ge=1, description="Requests that our own llm service takes in any minute."
    )
    llm_serving_noise: float = Field(
        0.0, ge=0, le=10, description="Logits by which our own llm service does not repeat itself."
    )
    embedding_seconds: StageSeconds = Field(
        0.015, description="Median time that our own retrieval service takes to embed a query."
    )
    query_seconds: StageSeconds = Field(0.010, description="Median time of its vector search.")
    rerank_seconds: StageSeconds = Field(0.030, description="Median time of its reranking.")
    lookup_seconds: StageSeconds = Field(
        0.006, description="Median time that our own erp service takes for a lookup."
    )
    retrieval_url: str = Field("", description="URL of a retrieval service; empty: embedded.")
    erp_url: str = Field("", description="URL of an erp service; empty: embedded.")
    gateway_url: str = Field("", description="URL of a gateway that commands should ask.")
    upstream_timeout: Seconds = Field(20.0, description="Longest wait for retrieval and erp.")

    host: str = Field("127.0.0.1", min_length=1, description="Address that services listen on.")
    gateway_port: Port = Field(8080, description="Port of the gateway.")
    retrieval_port: Port = Field(8081, description="Port of the retrieval service.")
    llm_port: Port = Field(8082, description="Port of the llm service.")
    erp_port: Port = Field(8083, description="Port of the erp service.")
    lab_host: str = Field(
        "127.0.0.1", min_length=1, description="Address of the lab's control API."
    )
    lab_port: Port = Field(8084, description="Port of the lab's control API.")
    lab_token: SecretStr | None = Field(
        None, description="Token of the lab's control API; without one there is none."
    )

    prometheus: str = Field(
        "prometheus", min_length=1, description="Program that evaluates Prometheus rules."
    )
    promtool: str = Field(
        "promtool", min_length=1, description="Program that checks Prometheus rule files."
    )

    jaeger_url: str = Field("", description="Jaeger's web address, for links to traces.")
    max_question_chars: int = Field(4000, ge=1, le=100_000, description="Longest question.")
    log_level: str = Field("WARNING", description="DEBUG, INFO, WARNING or ERROR.")

    otel_exporter_otlp_endpoint: str = Field(
        "",
        validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT",
        description="Where traces and metrics are sent by OTLP; empty: nowhere.",
    )
    otel_exporter_otlp_traces_endpoint: str = Field(
        "",
        validation_alias="OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        description="Where traces are sent, if elsewhere.",
    )
    otel_exporter_otlp_metrics_endpoint: str = Field(
        "",
        validation_alias="OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
        description="Where metrics are sent, if elsewhere.",
    )
    otel_exporter_otlp_headers: str = Field(
        "",
        validation_alias="OTEL_EXPORTER_OTLP_HEADERS",
        description="Headers of the export, as key=value pairs.",
    )
    otel_exporter_otlp_protocol: str = Field(
        "http/protobuf",
        validation_alias="OTEL_EXPORTER_OTLP_PROTOCOL",
        description="http/protobuf (port 4318) or grpc (port 4317).",
    )
    otel_traces_exporter: str = Field(
        "otlp", validation_alias="OTEL_TRACES_EXPORTER", description="otlp, console or none."
    )
    otel_metrics_exporter: str = Field(
        "otlp", validation_alias="OTEL_METRICS_EXPORTER", description="otlp, console or none."
    )
    otel_service_name: str = Field(
        "", validation_alias="OTEL_SERVICE_NAME", description="Overrides a single service's name."
    )
    otel_resource_attributes: str = Field(
        "",
        validation_alias="OTEL_RESOURCE_ATTRIBUTES",
        description="More resource attributes, as key=value pairs.",
    )
    otel_sdk_disabled: bool = Field(
        False, validation_alias="OTEL_SDK_DISABLED", description="True: record no telemetry."
    )
    capture_content: bool | None = Field(
        None,
        validation_alias=AliasChoices("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"),
        description="Prompts and answers on spans; unset: on for the simulated models only.",
    )

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        level = value.upper()
        if level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return level

    @field_validator(
        "chroma_url",
        "llm_base_url",
        "retrieval_url",
        "erp_url",
        "gateway_url",
        "jaeger_url",
        "otel_exporter_otlp_endpoint",
        "otel_exporter_otlp_traces_endpoint",
        "otel_exporter_otlp_metrics_endpoint",
    )
    @classmethod
    def _http_url(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @field_validator("capture_content", mode="before")
    @classmethod
    def _capture_words(cls, value: object) -> object:
        # The variable has had both forms in the conventions: a boolean, and
        # the places where content goes.
        words = {"no_content": False, "span_only": True, "event_only": False}
        words["span_and_event"] = True
        return words.get(value.lower(), value) if isinstance(value, str) else value

    @property
    def remote(self) -> bool:
        """Tell whether a part of the application is another process."""
        return any((self.llm_base_url, self.retrieval_url, self.erp_url, self.chroma_url))

    @property
    def recording_file(self) -> Path:
        """Return the file that keeps the spans of the last requests."""
        return self.home / "recording" / "spans.sqlite"

    def deciding_answers(self) -> Mapping[str, object]:
        """Return those settings that decide what the application answers and records."""
        return {name: getattr(self, name) for name in _DECIDING}

    @property
    def simulated_model(self) -> bool:
        """Tell whether the model asked for is one of the project's own."""
        return self.llm_model.startswith("sim-")


_DECIDING = (
    "world_seed",
    "vendors",
    "invoices",
    "encoder",
    "cross_encoder",
    "llm_model",
    "llm_timeout",
    "llm_logprobs",
    "llm_requests_per_minute",
    "llm_serving_noise",
    "embedding_seconds",
    "query_seconds",
    "rerank_seconds",
    "lookup_seconds",
    "upstream_timeout",
    "max_question_chars",
    "otel_service_name",
    "otel_resource_attributes",
    "capture_content",
)


def variable_of(field_name: str) -> str:
    """Return the environment variable of a settings field."""
    field = Settings.model_fields[field_name]
    alias = field.validation_alias
    if isinstance(alias, AliasChoices):
        return str(alias.choices[0])
    return str(alias) if alias else PREFIX + field_name.upper()


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings, or raise ``SettingsError`` naming each wrong variable.

    ``environment`` is looked at for misspelt ``STILLGREEN_`` names; by default
    it is the process's own.
    """
    known = {variable_of(name) for name in Settings.model_fields}
    for name in sorted(os.environ if environment is None else environment):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            near = difflib.get_close_matches(name.upper(), sorted(known), n=1)
            hint = f"did you mean {near[0]}?" if near else "unset it."
            raise SettingsError(f"{name} is not a setting; {hint}")
    try:
        # Fields come from the environment, which mypy cannot see.
        return Settings()  # type: ignore[call-arg,unused-ignore]
    except ValidationError as error:
        raise SettingsError("\n".join(_explain(error))) from None


def _explain(error: ValidationError) -> list[str]:
    by_variable = {variable_of(name): name for name in Settings.model_fields}
    lines = []
    for item in error.errors():
        place = str(item["loc"][0]) if item["loc"] else ""
        name = by_variable.get(place, place.lower().removeprefix(PREFIX.lower()))
        field = Settings.model_fields.get(name)
        variable = variable_of(name) if field else place
        secret = field is not None and "SecretStr" in str(field.annotation)
        shown = "(hidden)" if secret else repr(item["input"])
        message = item["msg"].removeprefix("Value error, ")
        lines.append(f"{variable}={shown} is wrong: {message}.")
        if field is not None:
            default = "" if secret or field.default is None else f" (default {field.default!s})"
            lines.append(f"  It means: {field.description} Correct or unset it{default}.")
    return lines
