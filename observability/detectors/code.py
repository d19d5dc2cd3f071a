"""Loads rules written in Python; their code is trusted as any that one runs oneself."""

from __future__ import annotations

import importlib.util
import pkgutil
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

from observability.detectors.class_rule import ClassRule, PythonRule, others_code
from observability.detectors.errors import RuleError
from observability.detectors.rule import RuleInfo, Severity
from observability.signals.signal import SIGNAL_LAYERS

BASELINES = Path(__file__).parent / "baselines"


def baseline_files() -> list[Path]:
    """Return the files of the rules that every other is compared with."""
    return [
        BASELINES / f"{module.name}.py"
        for module in sorted(pkgutil.iter_modules([str(BASELINES)]), key=lambda each: each.name)
    ]


def read_code(path: Path, known: Iterable[str]) -> ClassRule:
    """Run a file of Python and return its rule; raises ``RuleError``."""
    spec = importlib.util.spec_from_file_location(f"stillgreen_rule_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise RuleError(f"{path.name}: cannot be read as Python")
    module = importlib.util.module_from_spec(spec)
    with others_code(lambda said: RuleError(f"{path.name}: cannot be loaded: {said}")):
        code = path.read_text(encoding="utf-8")
        spec.loader.exec_module(module)
    rule = getattr(module, "RULE", None)
    info = getattr(rule, "info", None)
    if not isinstance(rule, PythonRule) or not isinstance(info, RuleInfo):
        raise RuleError(
            f"{path.name}: has no RULE with info, update and reset; end it with RULE = MyRule()"
        )
    _check(path, info)
    with others_code(lambda said: RuleError(f"{path.name}: cannot start: {said}")):
        return ClassRule(rule, code, known)


def _check(path: Path, info: RuleInfo) -> None:
    wrong = []
    if info.id != path.stem:
        wrong.append(f"RULE.info.id is {info.id!r}; call it {path.stem!r}, like the file")
    if info.layer not in SIGNAL_LAYERS:
        wrong.append(f"RULE.info.layer is one of {', '.join(SIGNAL_LAYERS)} (it is {info.layer!r})")
    if info.severity not in get_args(Severity):
        wrong.append(f"RULE.info.severity is one of {', '.join(get_args(Severity))}")
    if wrong:
        raise RuleError("\n".join(f"{path.name}: {each}" for each in wrong))
