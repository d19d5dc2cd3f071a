"""What a bench is required to show, e.g. ``recall>=0.8``, for a team's own CI."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from observability.bench.report import INFRASTRUCTURE_RULES, RULE_SET, BenchReport


class RequirementError(ValueError):
    """A requirement cannot be read; the message says what can."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that something can be required of."""

    describes: str
    of: Callable[[BenchReport], float]


FIGURES: Final[Mapping[str, Figure]] = {
    "recall": Figure(
        "share of silent episodes that the rule set detects",
        lambda report: report.set_named(RULE_SET).silent.detected.value,
    ),
    "recall-highest": Figure(
        "the same, of each fault's highest severity",
        lambda report: report.set_named(RULE_SET).highest.detected.value,
    ),
    "recall-beyond-twins": Figure(
        "the same as recall, by a rule that is silent in the same requests without the fault",
        lambda report: report.set_named(RULE_SET).twins.beyond.value,
    ),
    "recall-held-out": Figure(
        "the same as recall, of held-out faults",
        lambda report: report.held_out.held_out.value,
    ),
    "recall-loud": Figure(
        "share of loud episodes that the rule set detects",
        lambda report: report.set_named(RULE_SET).loud.detected.value,
    ),
    "false-alarms": Figure(
        "alarms of the rule set per 1,000 healthy requests",
        lambda report: report.set_named(RULE_SET).silent.false_alarms.per_thousand.value,
    ),
    "delay": Figure(
        "median of requests until a silent episode is detected",
        lambda report: report.set_named(RULE_SET).silent.delay_requests.value,
    ),
    "delay-minutes": Figure(
        "median of minutes until a silent episode is detected",
        lambda report: report.set_named(RULE_SET).silent.delay_minutes.value,
    ),
    "ac1": Figure(
        "share of detected silent episodes whose layer is named first",
        lambda report: report.localisation.ac1.value,
    ),
    "ac3": Figure(
        "share of detected silent episodes whose layer is among the first three",
        lambda report: report.localisation.ac3.value,
    ),
    "infrastructure-recall": Figure(
        "share of silent episodes that infrastructure rules detect",
        lambda report: report.set_named(INFRASTRUCTURE_RULES).silent.detected.value,
    ),
    "noisy-controls": Figure(
        "controls under which the rule set alarms more than in healthy traffic",
        lambda report: float(
            sum(each.raises_more for each in report.controls if each.rules == RULE_SET)
        ),
    ),
    "failed-rules": Figure(
        "rules that failed on some episode", lambda report: float(len(report.failures))
    ),
}

_COMPARISONS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
}
_SHAPE = re.compile(r"\s*([a-z0-9-]+)\s*(>=|<=|==|>|<)\s*(\S+)\s*")


@dataclass(frozen=True, slots=True)
class Requirement:
    """A figure, how it is compared, and with what; ``text`` as it was written."""

    text: str
    figure: str
    comparison: str
    limit: float


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a report meets a requirement; one of an undefined figure is not met."""

    requirement: Requirement
    value: float
    met: bool

    @property
    def told(self) -> str:
        """What was found, in words."""
        figure = FIGURES[self.requirement.figure]
        if math.isnan(self.value):
            return f"{figure.describes}: undefined, nothing to count"
        return f"{figure.describes}: {self.value:.3g}"


def parse_requirement(text: str) -> Requirement:
    """Read a requirement such as ``false-alarms<=1``.

    Shares are written as 0.8 or 80%. Raises ``RequirementError`` with the
    figures that there are.
    """
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        raise RequirementError(
            f"{text!r} is not a requirement; write a figure, one of {' '.join(_COMPARISONS)} and "
            f"a number, e.g. 'recall>=0.8'. {_known()}"
        )
    figure, comparison, limit = shape.groups()
    if figure not in FIGURES:
        raise RequirementError(f"{figure!r} in {text!r} is no figure of a bench. {_known()}")
    return Requirement(text.strip(), figure, comparison, _number(limit, text))


def check(report: BenchReport, requirements: Sequence[Requirement]) -> tuple[Checked, ...]:
    """Return for each requirement whether a report meets it."""
    found = []
    for each in requirements:
        value = FIGURES[each.figure].of(report)
        met = not math.isnan(value) and _COMPARISONS[each.comparison](value, each.limit)
        found.append(Checked(each, value, met))
    return tuple(found)


def _number(text: str, whole: str) -> float:
    by = 0.01 if text.endswith("%") else 1.0
    try:
        value = float(text.removesuffix("%")) * by
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise RequirementError(f"{text!r} in {whole!r} is no number; write e.g. 0.8 or 80%")
    return value


def _known() -> str:
    return "Figures: " + "; ".join(f"{name} ({each.describes})" for name, each in FIGURES.items())
