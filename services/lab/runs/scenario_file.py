"""Reads scenarios: all mistakes at once, each with its line and what to do about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from rapidfuzz import process

from faults.plan import ActiveFault, parse_fault
from observability.yaml_source import YamlSource, read_yaml
from services.lab.runs.checks import impossible
from services.lab.runs.errors import ScenarioError
from services.lab.runs.mistakes import Mistake
from services.lab.runs.scenario import Arm, FaultUse, Scenario

_LIST = "must be a list; write [a, b], or each item in a line of its own after `- `"
_FIELDS = "must have fields; write {field: value}, or each field in a line of its own below it"
_FORMS = {
    "tuple_type": _LIST,
    "list_type": _LIST,
    "dict_type": _FIELDS,
    "model_type": _FIELDS,
    "model_attributes_type": _FIELDS,
    "string_type": "must be a text; put it into quotes, since YAML reads 7, on and no otherwise",
}
"""What pydantic says of Python's types, for whoever writes YAML."""

SHIPPED = Path(__file__).parents[3] / "faults" / "scenarios"


def shipped() -> list[str]:
    """Return the names of the scenarios that come with the project."""
    return sorted(path.stem for path in SHIPPED.glob("*.yml"))


def load_scenario(where: str) -> Scenario:
    """Read a scenario from a file, or one of the shipped ones by its name.

    Raises ``ScenarioError`` with every mistake in it.
    """
    path = Path(where)
    if not path.suffix and not path.exists():
        path = SHIPPED / f"{where.replace('-', '_')}.yml"
        if not path.is_file():
            near = [name for name, _, _ in process.extract(where, shipped(), limit=2)]
            raise ScenarioError(
                f"there is no scenario {where!r}; did you mean {' or '.join(near)}? "
                "A file is named with its .yml"
            )
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path} cannot be read: {error}") from error
    return parse_scenario(text, str(path))


def parse_scenario(text: str, name: str = "scenario") -> Scenario:
    """Read a scenario from YAML; raises ``ScenarioError`` with every mistake in it."""
    source = _source(text, name)
    mistakes: list[Mistake] = []
    scenario: Scenario | None = None
    if not isinstance(source.data, dict):
        raise ScenarioError(f"{name}:1: is no scenario; it needs at least `arms:` with one arm")
    try:
        scenario = Scenario.model_validate(source.data)
    except ValidationError as error:
        mistakes += _mistakes(error)
    # What pydantic cannot see is looked for in any case, so that one round of mending is enough.
    known = {tuple(mistake.place) for mistake in mistakes}
    mistakes += [each for each in impossible(source.data) if tuple(each.place) not in known]
    if mistakes or scenario is None:
        placed = [(tuple(each.place), each.text) for each in mistakes]
        raise ScenarioError(source.report(placed, "the scenario"))
    return scenario


def of_faults(faults: Sequence[str]) -> Scenario:
    """Return ordinary traffic with an arm for each ``ID[=SEVERITY]``, in place from the start.

    Raises ``PlanError`` for what is no fault.
    """
    parsed = [parse_fault(text) for text in faults]
    arms = {
        _arm_name(fault): Arm(faults=(FaultUse(id=fault.id, severity=fault.severity),))
        for fault in parsed
    }
    return Scenario(arms=arms)


def _arm_name(fault: ActiveFault) -> str:
    return str(fault).replace("=", "-").replace(".", "-")


def dump_scenario(scenario: Scenario) -> str:
    """Write a scenario as YAML that reads back as the same scenario."""
    data = scenario.model_dump(mode="json", exclude_defaults=True)
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100)


def schema() -> dict[str, Any]:
    """Return the JSON schema of a scenario file."""
    found = Scenario.model_json_schema(mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


def _source(text: str, name: str) -> YamlSource:
    try:
        return read_yaml(text, name)
    except ValueError as error:
        raise ScenarioError(str(error)) from error


def _mistakes(error: ValidationError) -> list[Mistake]:
    """Return what pydantic found, each mistake once."""
    found = []
    for item in error.errors():
        # Of a field that is one of two things, only what was meant is told.
        is_mapping = isinstance(item["input"], dict)
        if (item["type"] == "float_type" and is_mapping) or (
            item["type"] == "dict_type" and _is_union_step(item["loc"][-1]) and not is_mapping
        ):
            continue
        found.append((item["type"], _mistake(item)))
    # A list whose only item is wrong counts as empty too.
    return [
        mistake
        for kind, mistake in found
        if kind != "too_short"
        or not any(
            len(other.place) > len(mistake.place)
            and other.place[: len(mistake.place)] == mistake.place
            for _, other in found
        )
    ]


def _mistake(item: Any) -> Mistake:
    # Steps that pydantic adds for the members of a union are no part of the file.
    place = tuple(str(step) if not isinstance(step, int) else step for step in item["loc"])
    place = tuple(step for step in place if not _is_union_step(step))
    if item["type"] == "extra_forbidden":
        return Mistake(place, f"is not a field here; {_fields_hint(place)}")
    if item["type"] == "missing":
        return Mistake(place, "is missing; add it")
    text = _FORMS.get(item["type"]) or item["msg"].removeprefix("Value error, ")
    given = "" if isinstance(item["input"], dict | list) else f" (it is {_shown(item['input'])})"
    return Mistake(place, f"{_lowered(text)}{given}")


def _shown(value: Any) -> str:
    return str(value) if isinstance(value, dt.date) else repr(value)


def _is_union_step(step: str | int) -> bool:
    return isinstance(step, str) and (step.startswith("constrained-") or "[" in step)


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def _fields_hint(place: Sequence[str | int]) -> str:
    model: Any = Scenario
    for step in place[:-1]:
        model = _below(model, step)
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return "remove it"
    fields = list(model.model_fields)
    near = process.extractOne(str(place[-1]), fields, score_cutoff=60)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(fields)}"


def _below(model: Any, step: str | int) -> Any:
    """Return the model behind a field, an item or an arm."""
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return model
    if step not in model.model_fields:
        return model
    found = [
        part
        for part in _parts(model.model_fields[str(step)].annotation)
        if isinstance(part, type) and issubclass(part, BaseModel)
    ]
    return found[0] if found else None


def _parts(annotation: Any) -> Iterable[Any]:
    yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _parts(argument)
