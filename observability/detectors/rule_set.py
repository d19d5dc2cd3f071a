"""A set of rules that are fed together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from observability.detectors.errors import DetectorError, RuleFailed
from observability.detectors.expressions import Evaluator, Expression
from observability.detectors.rule import Rule, Track
from observability.detectors.yaml_rule import Columns, YamlRule


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """Why a file is not among the rules; ``message`` holds one line for each mistake."""

    file: Path
    message: str


@dataclass(frozen=True, slots=True)
class Fed:
    """What rules said of some requests, and why some of them could not."""

    tracks: Mapping[str, Track]
    failures: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules by their ids, and the files that were left out.

    ``prometheus`` are files of Prometheus rules, which look at metrics and not
    at signals, and so are evaluated elsewhere. ``notes`` say what should be
    known of the rules that are at work.
    """

    rules: Mapping[str, Rule]
    problems: tuple[RuleProblem, ...] = ()
    prometheus: tuple[Path, ...] = ()
    evaluator: Evaluator = field(default_factory=Evaluator)
    notes: tuple[str, ...] = ()

    def feed(self, requests: pa.Table) -> Fed:
        """Feed all rules; one that fails is named, and the others go on.

        All expressions of all rules are carried out in one query.
        """
        columns = self._columns(requests)
        tracks: dict[str, Track] = {}
        failures: dict[str, str] = {}
        for name, rule in self.rules.items():
            try:
                if isinstance(rule, YamlRule) and columns is not None:
                    own = {part: columns[f"{name}.{part}"] for part in rule.plan.expressions()}
                    tracks[name] = rule.feed_columns(own, requests)
                else:
                    tracks[name] = rule.feed(requests)
            except DetectorError as error:
                failures[name] = str(error)
        return Fed(tracks, failures)

    def reset(self) -> None:
        """Make all rules forget what they saw."""
        for rule in self.rules.values():
            rule.reset()

    def _columns(self, requests: pa.Table) -> Columns | None:
        """Return the columns of all expressions, or None where they must be asked one by one."""
        wanted: dict[str, Expression] = {}
        kinds: dict[str, str] = {}
        for name, rule in self.rules.items():
            if isinstance(rule, YamlRule):
                kinds |= rule.plan.signals
                for part, expression in rule.plan.expressions().items():
                    wanted[f"{name}.{part}"] = expression
        try:
            return self.evaluator.columns(requests, wanted, kinds)
        except RuleFailed:
            # One of them is to blame; asked one by one, only that one fails.
            return None
