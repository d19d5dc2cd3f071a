"""Loads a set of rules from a folder; rules with mistakes are named and left out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from observability.detectors.building import Builder
from observability.detectors.class_rule import ClassRule
from observability.detectors.code import BASELINES, baseline_files, read_code
from observability.detectors.errors import RuleError, ThresholdsError
from observability.detectors.expressions import Checker
from observability.detectors.learned import Learned
from observability.detectors.plan import Plan
from observability.detectors.rule import Rule
from observability.detectors.rule_file import RuleFile
from observability.detectors.rule_set import RuleProblem, RuleSet
from observability.detectors.thresholds import COMMAND, SHIPPED_THRESHOLDS, read_thresholds
from observability.detectors.yaml_rule import YamlRule
from observability.signals.signal import Signal
from observability.signals.sources import signals_digest
from observability.yaml_source import Place, YamlSource, read_yaml

SHIPPED: Final = Path(__file__).parent / "rules"
THRESHOLDS: Final = "thresholds.yml"
_PROMETHEUS = "prometheus"
_YAML: Final = (".yml", ".yaml")


def load_rules(
    folder: Path | None,
    thresholds: Path | None,
    *,
    signals: Mapping[str, Signal],
    baselines: bool = False,
    allow_code: bool = False,
) -> RuleSet:
    """Return the rules of a folder, ready to be fed; without one, the shipped rules.

    ``thresholds`` is where their learned thresholds are kept, by default
    ``thresholds.yml`` in the folder, or those that are shipped. Rules without
    theirs are left out, as are those with mistakes; a note names those that learned
    when their signals had other code. With ``baselines`` the rules that every other
    is compared with are among them. Python files are run only with ``allow_code``,
    except for the shipped ones.
    """
    unlearned = read_rules(folder, signals=signals, baselines=baselines, allow_code=allow_code)
    path = thresholds or (SHIPPED_THRESHOLDS if folder is None else folder / THRESHOLDS)
    own, shipped = _kept(path), _kept(SHIPPED_THRESHOLDS)
    problems = list(unlearned.problems)
    rules: dict[str, Rule] = {}
    stale: dict[Path, list[str]] = defaultdict(list)
    for name, rule in unlearned.rules.items():
        if not isinstance(rule, YamlRule | ClassRule):
            continue
        falls_back = rule.info.group == "baseline" and name not in own
        file, kept = (SHIPPED_THRESHOLDS, shipped) if falls_back else (path, own)
        try:
            rules[name] = _ready(rule, kept, path, folder)
        except ThresholdsError as error:
            problems.append(RuleProblem(Path(rule.info.source or name), str(error)))
            continue
        if _is_stale(rule, kept.get(name)):
            stale[file].append(name)
    notes = tuple(
        f"{file}: signals have other code than when these rules learned, so that their thresholds"
        f" may not fit any more: {', '.join(names)}; run `{_command(folder)}` again"
        for file, names in stale.items()
    )
    return RuleSet(rules, tuple(problems), unlearned.prometheus, notes=notes)


def read_rules(
    folder: Path | None,
    *,
    signals: Mapping[str, Signal],
    baselines: bool = False,
    allow_code: bool = False,
) -> RuleSet:
    """Return the rules of a folder as ``load_rules`` does, but without learned thresholds.

    Raises ``RuleError`` when there is no such folder.
    """
    allow_code = allow_code or folder is None
    folder = folder or SHIPPED
    if not folder.is_dir():
        raise RuleError(f"{folder} is no folder of rules")
    kinds: dict[str, str] = {name: signal.kind for name, signal in signals.items()}
    checker = Checker(kinds)
    rules: dict[str, Rule] = {}
    problems: list[RuleProblem] = []
    prometheus = _files(folder / _PROMETHEUS, *_YAML)
    files = _files(folder, *_YAML, ".py")
    for path in [*(baseline_files() if baselines else ()), *files]:
        if path.name in {THRESHOLDS, "__init__.py"}:
            continue
        try:
            if path.suffix in _YAML and _is_prometheus(path):
                prometheus.append(path)
                continue
            if path.stem in rules:
                raise RuleError(f"{path.name}: there is another rule {path.stem}; rename one")
            if path.suffix in _YAML:
                rules[path.stem] = YamlRule(read_rule(path, kinds, checker))
            elif allow_code or path.parent == BASELINES:
                rules[path.stem] = read_code(path, kinds)
            else:
                raise RuleError(
                    f"{path.name}: is code, which can do all that you can; run it with --allow-code"
                )
        except RuleError as error:
            problems.append(RuleProblem(path, str(error)))
    return RuleSet(rules, tuple(problems), tuple(prometheus))


def _files(folder: Path, *suffixes: str) -> list[Path]:
    return sorted(each for suffix in suffixes for each in folder.glob(f"*{suffix}"))


def _ready(
    rule: YamlRule | ClassRule, kept: Mapping[str, Learned], path: Path, folder: Path | None
) -> Rule:
    """Return a rule with what it learned; raises ``ThresholdsError``."""
    need = rule.need
    if not need.anything:
        return rule
    name = rule.info.id
    command = _command(folder)
    learned = kept.get(name)
    if learned is None:
        raise ThresholdsError(
            f"{name}: has not learned its threshold ({path} has none); run `{command}`"
        )
    if learned.digest != need.digest:
        raise ThresholdsError(f"{name}: was changed since it learned; run `{command}` again")
    return rule.with_learned(learned)


def _is_stale(rule: YamlRule | ClassRule, learned: Learned | None) -> bool:
    """Tell whether a signal that a rule reads has other code than when the rule learned."""
    need = rule.need
    if learned is None or not need.anything or not learned.signals:
        return False
    return learned.signals != signals_digest(need.reads)


def _kept(path: Path) -> Mapping[str, Learned]:
    return read_thresholds(path).rules if path.is_file() else {}


def _command(folder: Path | None) -> str:
    return COMMAND + (f" --rules {folder}" if folder else "")


def _is_prometheus(path: Path) -> bool:
    """Tell whether a file is of Prometheus rules, which stand in groups."""
    try:
        return re.search(r"^groups\s*:", path.read_text(encoding="utf-8"), re.M) is not None
    except (OSError, UnicodeDecodeError):
        return False


def read_rule(path: Path, kinds: Mapping[str, str], checker: Checker) -> Plan:
    """Read and check one rule in YAML; raises ``RuleError`` with every mistake in it."""
    try:
        source = read_yaml(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"{path.name}: cannot be read: {error}") from error
    except ValueError as error:
        raise RuleError(str(error)) from error
    return parse_rule(source, path.stem, kinds, checker, str(path))


def parse_rule(
    source: YamlSource, rule_id: str, kinds: Mapping[str, str], checker: Checker, where: str = ""
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
    plan = builder.build(rule_id, file, where or source.name)
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
