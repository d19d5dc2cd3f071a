"""Prometheus rule files: checked by promtool, then read."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from observability.detectors.prometheus.engine import Programs
from observability.detectors.prometheus.expressions import Reads, reads_of, seconds_of
from observability.detectors.rule_set import RuleProblem

_CHECK_SECONDS = 20
_INTERVAL_SECONDS = 60.0
"""Prometheus' own ``evaluation_interval``."""


@dataclass(frozen=True, slots=True)
class PromRule:
    """One rule, an alert or a recording one; no other has its ``key``. Times are in seconds."""

    key: str
    name: str
    record: bool
    expression: str
    reads: Reads
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    hold_seconds: float = 0.0
    keep_firing_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class PromGroup:
    """Rules that are evaluated together, one after the other, every ``interval_seconds``."""

    file: Path
    name: str
    interval_seconds: float
    rules: tuple[PromRule, ...]


def read_rule_file(
    file: Path, programs: Programs
) -> tuple[tuple[PromGroup, ...], tuple[RuleProblem, ...]]:
    """Return a file's groups, or what promtool says is wrong with it, with the line if it knows.

    Raises ``EngineMissing`` without promtool.
    """
    wrong = _check(file, programs.find("promtool"))
    if wrong:
        return (), (RuleProblem(file, wrong),)
    try:
        # As text: Prometheus does not take an unquoted `yes` or `1` for anything else.
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - makes texts alone
        read = _File.model_validate(content or {})
    except (OSError, yaml.YAMLError, ValidationError) as error:
        return (), (RuleProblem(file, f"{file}: {error}"),)
    return tuple(_group(file, group) for group in read.groups), ()


def _check(file: Path, promtool: str) -> str:
    """Return promtool's message, empty if it has nothing to say."""
    command = [promtool, "check", "rules", "--lint=none", str(file)]
    try:
        done = subprocess.run(  # noqa: S603 - arguments are ours, no shell
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_CHECK_SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        return f"{file}: promtool had not read it after {_CHECK_SECONDS} s"
    if done.returncode == 0:
        return ""
    lines = [line.rstrip() for line in done.stderr.splitlines()]
    said = dict.fromkeys(line for line in lines if line.strip() not in {"", "FAILED:"})
    return "\n".join(said) or f"{file}: promtool ended with {done.returncode}"


class _Rule(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    expr: str
    alert: str = ""
    record: str = ""
    labels: dict[str, str] = Field(default_factory=dict)
    annotations: dict[str, str] = Field(default_factory=dict)
    hold: str = Field("", alias="for")
    keep_firing_for: str = ""


class _Group(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    name: str
    interval: str = ""
    rules: Sequence[_Rule] = ()


class _File(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    groups: Sequence[_Group] = ()


def _group(file: Path, group: _Group) -> PromGroup:
    rules = tuple(
        PromRule(
            key=f"{file}/{group.name}/{number}",
            name=rule.record or rule.alert,
            record=bool(rule.record),
            expression=rule.expr,
            reads=reads_of(rule.expr),
            labels=rule.labels,
            annotations=rule.annotations,
            hold_seconds=seconds_of(rule.hold),
            keep_firing_seconds=seconds_of(rule.keep_firing_for),
        )
        for number, rule in enumerate(group.rules, 1)
    )
    return PromGroup(file, group.name, seconds_of(group.interval) or _INTERVAL_SECONDS, rules)
