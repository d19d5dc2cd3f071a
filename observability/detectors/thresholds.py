"""What rules learned from healthy requests, kept in a file that people can read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from observability.detectors.errors import ThresholdsError
from observability.detectors.learned import Learned
from observability.detectors.reference import POINTS, Reference
from observability.yaml_source import read_yaml

SHIPPED_THRESHOLDS: Final = Path(__file__).parent / "thresholds.yml"
COMMAND: Final = "stillgreen rules learn --healthy RUN --budget 1"

_HEAD = (
    "# Learned from healthy requests alone; made by `stillgreen rules learn`, not by hand.\n"
    "# budget_per_1000: false alarms per 1,000 healthy requests, of all rules together.\n"
    "# digest: of the rule; signals: of the code of the signals that it reads, as it was then.\n"
)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What rules learned, by their ids, from how many healthy requests, and why some did not."""

    requests: int = 0
    budget_per_1000: float = 0.0
    rules: Mapping[str, Learned] = field(default_factory=dict)
    failures: Mapping[str, str] = field(default_factory=dict)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Healthy(_Part):
    count: int
    mean: float = 0.0
    sd: float = 0.0
    quantiles: list[float] = Field(default_factory=list)
    shares: dict[str, float] = Field(default_factory=dict)


class _Rule(_Part):
    digest: str
    signals: str = ""
    threshold: float | None = None
    blocks: int = 0
    parameters: dict[str, float] = Field(default_factory=dict)
    healthy: _Healthy | None = None


class _File(_Part):
    requests: int
    budget_per_1000: float
    rules: dict[str, _Rule]


def read_thresholds(path: Path) -> Thresholds:
    """Read a file of thresholds; raises ``ThresholdsError``."""
    try:
        source = read_yaml(path.read_text(encoding="utf-8"), path.name)
        file = _File.model_validate(source.data)
    except OSError as error:
        raise ThresholdsError(f"{path} cannot be read; make it with `{COMMAND}`") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise ThresholdsError(
            f"{path}: {place}: {first['msg']}; make it anew with `{COMMAND}`"
        ) from error
    except ValueError as error:
        raise ThresholdsError(f"{error}; make it anew with `{COMMAND}`") from error
    learned = {name: _learned(each) for name, each in file.rules.items()}
    return Thresholds(file.requests, file.budget_per_1000, learned)


def write_thresholds(thresholds: Thresholds, path: Path) -> None:
    """Write a file of thresholds, replacing what was there."""
    data = {
        "requests": thresholds.requests,
        "budget_per_1000": thresholds.budget_per_1000,
        "rules": {name: _dumped(each) for name, each in sorted(thresholds.rules.items())},
    }
    text = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100_000)
    path.write_text(_HEAD + text, encoding="utf-8")


def _learned(rule: _Rule) -> Learned:
    reference = None
    if rule.healthy is not None:
        healthy = rule.healthy
        quantiles = healthy.quantiles
        if quantiles and len(quantiles) != POINTS:
            raise ThresholdsError(f"healthy.quantiles holds {len(quantiles)} values, not {POINTS}")
        reference = Reference(
            healthy.count, healthy.mean, healthy.sd, tuple(quantiles), healthy.shares
        )
    return Learned(
        rule.digest, rule.threshold, reference, rule.parameters, rule.blocks, rule.signals
    )


class _Flow(list[float]):
    """A list that is written on one line."""


class _Dumper(yaml.SafeDumper):
    """Writes YAML with the lists above on one line."""


_Dumper.add_representer(
    _Flow, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, True)
)


def _dumped(learned: Learned) -> dict[str, object]:
    # All numbers in full: a value that many requests share lies on one side of a percentile or on
    # the other by its last digit, and a whole share of the requests goes with it.
    found: dict[str, object] = {"digest": learned.digest}
    if learned.signals:
        found["signals"] = learned.signals
    if learned.threshold is not None:
        found |= {"threshold": learned.threshold, "blocks": learned.blocks}
    if learned.parameters:
        found["parameters"] = {name: float(each) for name, each in learned.parameters.items()}
    reference = learned.reference
    if reference is not None:
        healthy: dict[str, object] = {"count": reference.count}
        if reference.shares:
            healthy["shares"] = {name: float(each) for name, each in reference.shares.items()}
        else:
            healthy |= {"mean": float(reference.mean), "sd": float(reference.sd)}
            healthy["quantiles"] = _Flow(float(each) for each in reference.quantiles)
        found["healthy"] = healthy
    return found
