"""Loads a set of rules from a folder; rules with mistakes are named and left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from observability.detectors.building import Builder
from observability.detectors.errors import RuleError
from observability.detectors.expressions import Checker
from observability.detectors.plan import Plan
from observability.detectors.rule import Rule
from observability.detectors.rule_file import RuleFile
from observability.detectors.yaml_rule import YamlRule
from observability.signals.signal import Signal
from observability.yaml_source import Place, YamlSource, read_yaml

SHIPPED: Final = Path(__file__).parent / "rules"


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """Why a file is not among the rules; ``message`` holds one line for each mistake."""

    file: Path
    message: str


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules by their ids, and the files that were left out."""

    rules: Mapping[str, Rule]
    problems: tuple[RuleProblem, ...] = ()


def load_rules(
    folder: Path | None, thresholds: Path | None, *, signals: Mapping[str, Signal]
) -> RuleSet:
    """Return the rules of a folder, ready to be fed; without one, the shipped rules."""
    folder = folder or SHIPPED
    kinds = {name: signal.kind for name, signal in signals.items()}
    checker = Checker(kinds)
    rules: dict[str, Rule] = {}
    problems: list[RuleProblem] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            rules[path.stem] = YamlRule(read_rule(path, kinds, checker))
        except RuleError as error:
            problems.append(RuleProblem(path, str(error)))
    return RuleSet(rules, tuple(problems))


def read_rule(path: Path, kinds: Mapping[str, str], checker: Checker) -> Plan:
    """Read and check one rule in YAML; raises ``RuleError`` with every mistake in it."""
    try:
        source = read_yaml(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"{path.name}: cannot be read: {error}") from error
    except ValueError as error:
        raise RuleError(str(error)) from error
    return parse_rule(source, path.stem, kinds, checker)


def parse_rule(
    source: YamlSource, rule_id: str, kinds: Mapping[str, str], checker: Checker
) -> Plan:
    """Check one rule; raises ``RuleError`` with every mistake in it."""
    if not isinstance(source.data, dict):
        raise RuleError(f"{source.name}:1: is no rule; docs/rules.md shows how one looks")
    try:
        file = RuleFile.model_validate(source.data)
    except ValidationError as error:
        mistakes = [_mistake(item) for item in error.errors()]
        raise RuleError(source.report(mistakes, "the rule")) from error
    builder = Builder(kinds, checker)
    plan = builder.build(rule_id, file, source.name)
    if plan is None:
        raise RuleError(source.report(builder.mistakes, "the rule"))
    return plan


def _mistake(item: Any) -> tuple[Place, str]:
    # A field that is one of two types is told once, without the steps of the types.
    place = tuple(
        step for step in item["loc"] if step not in {"float", "str"} and "[" not in str(step)
    )
    if item["type"] == "extra_forbidden":
        return place, "is not a field here; docs/rules.md lists them"
    if item["type"] == "missing":
        return place, "is missing; add it"
    text = item["msg"].removeprefix("Value error, ")
    given = "" if isinstance(item["input"], dict | list) else f" (it is {item['input']!r})"
    return place, f"{text[:1].lower()}{text[1:]}{given}"
