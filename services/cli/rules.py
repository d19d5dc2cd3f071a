"""``stillgreen rules``: the rules that watch signals, their examples and their thresholds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli._mapping import MappingName
from services.cli._output import err, out, print_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pyarrow import Table

    from observability.detectors.rule import Rule
    from observability.detectors.rule_set import RuleSet
    from services.lab.detecting.watch import Silence

Folder = Annotated[
    Path | None,
    typer.Option("--rules", metavar="DIR", help="A folder of rules. Without one: those shipped."),
]
Code = Annotated[
    bool, typer.Option("--allow-code", help="Run rules in Python, which can do all that you can.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(invoke_without_command=True, epilog="Example: `stillgreen rules check`")
    group.callback()(list_rules)
    group.command(
        "check",
        epilog="Example: `stillgreen rules check my-rules`",
        short_help="Check rules and try their examples.",
    )(check)
    group.command(
        "learn",
        epilog="Example: `stillgreen rules learn --healthy runs/healthy --rules my-rules`",
        short_help="Learn thresholds from healthy requests.",
    )(learn)
    app.add_typer(group, name="rules", short_help="List, check and teach rules.")


def list_rules(
    context: typer.Context,
    rules: Folder = None,
    allow_code: Code = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List rules, the baselines among them, with the layer that each blames and what it reads."""
    if context.invoked_subcommand is not None:
        return
    found = _read(rules, allow_code, baselines=True)
    listed = sorted(found.rules.values(), key=lambda each: (each.info.group, each.info.id))
    if as_json:
        print_json([_json(each) for each in listed])
    else:
        _print(listed)
    _tell(found)


def check(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="A folder of rules. Without one: those shipped."),
    ] = None,
    allow_code: Code = False,
) -> None:
    """Check the files of a folder and try each rule on its own examples; fails on a mistake."""
    from observability.detectors.examples import wrong_examples  # noqa: PLC0415 - heavy import
    from observability.detectors.yaml_rule import YamlRule  # noqa: PLC0415
    from observability.yaml_source import read_yaml  # noqa: PLC0415

    found = _read(folder, allow_code)
    wrong = len(found.problems)
    _tell(found)
    alerts, mistaken = _check_prometheus(found)
    for rule in found.rules.values():
        mistakes = wrong_examples(rule) if isinstance(rule, YamlRule) else []
        if mistakes:
            wrong += 1
            path = Path(rule.info.source)
            source = read_yaml(path.read_text(encoding="utf-8"), path.name)
            err().print(source.report(mistakes, "the rule"), markup=False)
    right = len(found.rules) + len(found.problems) - wrong
    out().print(f"{right} rules are right, {wrong} are not")
    if found.prometheus:
        out().print(f"{alerts} files of Prometheus rules are right, {mistaken} are not")
    if wrong or mistaken:
        raise typer.Exit(1)


def learn(
    healthy: Annotated[
        list[Path],
        typer.Option("--healthy", metavar="RUN", help="A recorded run; its healthy requests."),
    ],
    budget: Annotated[
        float, typer.Option(min=0.0, help="False alarms per 1,000 requests, of all rules together.")
    ] = 1.0,
    rules: Folder = None,
    to: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to keep them. Else thresholds.yml of the rules."),
    ] = None,
    mapping: MappingName = None,
    allow_code: Code = False,
) -> None:
    """Learn the thresholds of rules, and of the baselines, from healthy requests alone."""
    if not let_learn(healthy, budget, rules, to, mapping, allow_code):
        raise typer.Exit(1)


def let_learn(
    healthy: Sequence[Path],
    budget: float,
    rules: Path | None,
    to: Path | None,
    mapping: str | None = None,
    allow_code: bool = False,
) -> bool:
    """Let rules learn, say what came of it, and tell whether each that is no baseline did."""
    from observability.detectors.class_rule import ClassRule  # noqa: PLC0415 - heavy imports
    from observability.detectors.learning import learn as learned_by  # noqa: PLC0415
    from observability.detectors.loading import THRESHOLDS  # noqa: PLC0415
    from observability.detectors.thresholds import (  # noqa: PLC0415
        SHIPPED_THRESHOLDS,
        write_thresholds,
    )
    from observability.detectors.yaml_rule import YamlRule  # noqa: PLC0415
    from observability.signals.mapping import load_mapping  # noqa: PLC0415
    from services.cli._healthy import healthy_tables  # noqa: PLC0415
    from services.cli._progress import counted_progress  # noqa: PLC0415

    names = None if mapping is None else load_mapping(mapping)
    if names is not None and to is None and rules is None:
        raise typer.BadParameter("--mapping goes with --to: the shipped thresholds are our own")
    found = _read(rules, allow_code, baselines=True)
    _tell(found)
    with counted_progress("Reading signals") as progress:
        tables = healthy_tables(healthy, progress, names)
    learning = {
        name: rule
        for name, rule in found.rules.items()
        if isinstance(rule, YamlRule | ClassRule) and rule.need.anything
    }
    # What an application does not send, no stretch of it is long enough to learn from.
    vain = _reading_in_vain(learning, tables)
    learning = {name: rule for name, rule in learning.items() if name not in vain}
    thresholds = learned_by(learning, tables, budget)
    path = to or (SHIPPED_THRESHOLDS if rules is None else rules / THRESHOLDS)
    write_thresholds(thresholds, path)
    out().print(
        f"{len(thresholds.rules)} rules learned from {thresholds.requests:,} healthy requests,"
        f" with {budget:g} false alarms per 1,000 of them: {path}",
        markup=False,
    )
    for silence in vain.values():
        err().print(f"{silence.rule}: {silence.text}", markup=False)
    for message in thresholds.failures.values():
        err().print(message, markup=False)
    own = [name for name in thresholds.failures if learning[name].info.group != "baseline"]
    return bool(thresholds.rules) and not own


def _reading_in_vain(rules: Mapping[str, Rule], healthy: Sequence[Table]) -> Mapping[str, Silence]:
    """Return the rules that read signals of which there are none, and what to say of them."""
    from observability.signals.signal import load_signals  # noqa: PLC0415 - heavy imports
    from services.lab.detecting.watch import reads_in_vain  # noqa: PLC0415

    sent = {
        name
        for table in healthy
        for name in table.column_names
        if table.column(name).null_count < table.num_rows
    }
    missing = sorted(load_signals().keys() - sent)
    found = {name: reads_in_vain(rule, missing) for name, rule in rules.items()}
    return {name: silence for name, silence in found.items() if silence is not None}


def _read(folder: Path | None, allow_code: bool, baselines: bool = False) -> RuleSet:
    from observability.detectors.loading import read_rules  # noqa: PLC0415 - heavy imports
    from observability.signals.signal import load_signals  # noqa: PLC0415

    return read_rules(folder, signals=load_signals(), baselines=baselines, allow_code=allow_code)


def _tell(found: RuleSet) -> None:
    """Print what is wrong with files, and which are looked at elsewhere."""
    for problem in found.problems:
        err().print(problem.message, markup=False)
    for path in found.prometheus:
        err().print(f"{path.name}: Prometheus rules, which look at a run's metrics", markup=False)


def _check_prometheus(found: RuleSet) -> tuple[int, int]:
    """Return how many files of Prometheus rules are right, and how many promtool refuses."""
    from observability.detectors.errors import EngineMissing  # noqa: PLC0415 - heavy imports
    from observability.detectors.prometheus.engine import Programs  # noqa: PLC0415
    from observability.detectors.prometheus.rules import PrometheusRules  # noqa: PLC0415
    from services.settings import load_settings  # noqa: PLC0415

    settings = load_settings()
    rules = PrometheusRules(Programs(settings.prometheus, settings.promtool))
    right = wrong = 0
    for path in found.prometheus:
        try:
            problems = rules.load(path)[1]
        except EngineMissing as missing:
            err().print(f"{path.name}: not checked, {missing}", markup=False)
            continue
        right, wrong = (right, wrong + 1) if problems else (right + 1, wrong)
        for problem in problems:
            err().print(problem.message, markup=False)
    return right, wrong


def _signals(rule: Rule) -> list[str]:
    from observability.detectors.yaml_rule import YamlRule  # noqa: PLC0415 - heavy import

    return list(rule.plan.signals) if isinstance(rule, YamlRule) else []


def _print(listed: list[Rule]) -> None:
    from rich.table import Table  # noqa: PLC0415 - heavy import

    table = Table(box=None, pad_edge=False)
    table.add_column("rule", no_wrap=True)
    for heading in ("group", "layer", "severity"):
        table.add_column(heading, no_wrap=True)
    table.add_column("signals")
    for rule in listed:
        info = rule.info
        table.add_row(info.id, info.group, info.layer, info.severity, ", ".join(_signals(rule)))
    out().print(table, markup=False)


def _json(rule: Rule) -> dict[str, object]:
    info = rule.info
    return {
        "id": info.id,
        "title": info.title,
        "group": info.group,
        "layer": info.layer,
        "severity": info.severity,
        "agent": info.agent,
        "spans": list(info.spans),
        "judges": info.judges,
        "description": info.description,
        "runbook": info.runbook,
        "signals": _signals(rule),
        "source": info.source,
    }
