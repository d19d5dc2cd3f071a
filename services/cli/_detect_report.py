"""How alarms and silent rules are told, to people and to programs."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from services.cli._output import err, out

if TYPE_CHECKING:
    from rich.text import Text

    from observability.detectors.rule import Alarm
    from observability.detectors.rule_set import RuleProblem
    from services.lab.detecting.detected import Detected
    from services.lab.detecting.watch import Silence

_COLOURS = {"critical": "bold red", "warning": "yellow", "info": "cyan"}
_SHOWN = 100
_WIDE = 10_000


def print_alarms(alarms: Sequence[Alarm]) -> None:
    """Write a table of alarms to stdout; of very many, the first and how many more."""
    from rich.table import Table  # noqa: PLC0415

    if not alarms:
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("when (UTC)", "severity", "rule", "blames"):
        table.add_column(heading, no_wrap=True)
    table.add_column("statistic", justify="right", no_wrap=True)
    table.add_column("threshold", justify="right", no_wrap=True)
    table.add_column("trace", no_wrap=True)
    for alarm in alarms[:_SHOWN]:
        table.add_row(*_cells(alarm))
    console = out()
    if not console.is_terminal:
        console.width = _WIDE  # a program that reads on has no margin
    console.print(table)
    if len(alarms) > _SHOWN:
        err().print(f"… and {len(alarms) - _SHOWN} more alarms; --json has them all")


def print_alarm(alarm: Alarm) -> None:
    """Write one alarm to stdout, in one line, as it comes."""
    from rich.text import Text  # noqa: PLC0415

    when, severity, rule, blames, statistic, threshold, trace = _cells(alarm)
    line = Text.assemble(
        f"{when}  ", severity, "  ", rule, f"  blames {blames}" if blames else "", overflow="ignore"
    )
    if statistic:
        line.append(f"  {statistic} against {threshold}")
    line.append(f"  stillgreen trace {trace}")
    out().print(line, soft_wrap=True)


def _cells(alarm: Alarm) -> tuple[str, Text, str, str, str, str, str]:
    from rich.text import Text  # noqa: PLC0415

    from observability.trace_view.wording import clean  # noqa: PLC0415

    rule = alarm.rule
    return (
        time_of(alarm),
        Text(rule.severity, _COLOURS[rule.severity]),
        clean(rule.id),
        _blamed(alarm),
        _number(alarm.statistic),
        _number(alarm.threshold),
        alarm.trace_id[:16],  # a prefix is enough to find it
    )


def _blamed(alarm: Alarm) -> str:
    """Return the layer that a rule blames, and the agent; nothing where it blames none."""
    from observability.signals.signal import LAYERS  # noqa: PLC0415

    if alarm.rule.layer not in LAYERS:
        return ""
    return alarm.rule.layer + (f" ({alarm.rule.agent})" if alarm.rule.agent else "")


def print_summary(found: Detected, look: str) -> None:
    """Write to stderr how many alarms there are, whom they blame, and which rules are silent."""
    say = err().print
    print_problems(found.problems)
    _print_silences(found.silences)
    say(
        f"{len(found.available)} of {len(found.available) + len(found.missing)} signals are there"
        f" and {found.rules - len(found.silences)} of {found.rules} rules can speak.",
        markup=False,
    )
    if not found.alarms:
        say(f"No alarm in {found.requests:,} requests.", markup=False)
        return
    counts = ", ".join(f"{count} {name}" for name, count in found.by_severity.items() if count)
    say(f"{_plural(len(found.alarms), 'alarm')} in {found.requests:,} requests: {counts}.")
    if found.by_layer:
        blamed = ", ".join(f"{layer} ({count})" for layer, count in found.by_layer.items())
        say(f"Blamed: {blamed}.", markup=False)
    trace = next((alarm.trace_id for alarm in found.alarms if alarm.trace_id), "")
    if trace:
        say(f"Look at one: {look.replace('ID', trace[:16])}", markup=False)


def print_problems(problems: Sequence[RuleProblem]) -> None:
    """Write which rules are left out to stderr; those with one and the same reason together."""
    by_text: dict[str, list[str]] = defaultdict(list)
    for problem in problems:
        head, colon, text = problem.message.partition(": ")
        by_text[text if colon else head].append(head)
    for text, rules in by_text.items():
        err().print(f"left out: {', '.join(rules)}: {text}", markup=False)


def _print_silences(silences: Sequence[Silence]) -> None:
    by_text: dict[str, list[str]] = defaultdict(list)
    for silence in silences:
        by_text[silence.text].append(silence.rule)
    for text, rules in by_text.items():
        verb = text if len(rules) == 1 else _in_plural(text)
        err().print(f"silent: {', '.join(rules)}: {verb}", markup=False)


def _in_plural(text: str) -> str:
    first, _, rest = text.partition(" ")
    return f"{ {'reads': 'read', 'has': 'have'}.get(first, first) } {rest}"


def alarm_json(alarm: Alarm, look: str) -> dict[str, object]:
    """Return an alarm for programs; ``look`` is a command with ID for the trace's id."""
    rule = alarm.rule
    return {
        "time": time_of(alarm),
        "time_ns": alarm.time_ns,
        "rule": rule.id,
        "title": rule.title,
        "severity": rule.severity,
        "group": rule.group,
        "layer": rule.layer,
        "agent": rule.agent,
        "spans": list(rule.spans),
        "statistic": _finite(alarm.statistic),
        "threshold": _finite(alarm.threshold),
        "trace_id": alarm.trace_id,
        "runbook": rule.runbook,
        "look": look.replace("ID", alarm.trace_id),
    }


def detected_json(found: Detected, look: str) -> dict[str, object]:
    """Return all of it for programs."""
    return {
        **summary_json(found),
        "alarms": [alarm_json(alarm, look) for alarm in found.alarms],
    }


def summary_json(found: Detected) -> dict[str, object]:
    """Return all but the alarms themselves."""
    return {
        "requests": found.requests,
        "rules": found.rules,
        "by_severity": dict(found.by_severity),
        "by_layer": dict(found.by_layer),
        "silent_rules": [
            {
                "rule": each.rule,
                "reason": each.reason,
                "text": each.text,
                "signals": list(each.signals),
            }
            for each in found.silences
        ],
        "signals": {"available": list(found.available), "missing": list(found.missing)},
        "problems": [{"file": str(each.file), "message": each.message} for each in found.problems],
    }


def time_of(alarm: Alarm) -> str:
    """Return when an alarm was raised, in UTC."""
    return datetime.fromtimestamp(alarm.time_ns // 10**9, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _number(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.4g}"


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _plural(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
