"""Reads mapping files: all mistakes at once, each with its file, its field and what to do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from rapidfuzz import process

from observability.signals.errors import BadMapping
from observability.signals.mapping import form
from observability.signals.mapping.applying import SpanMapping
from observability.signals.mapping.form import MappingForm, Source
from observability.telemetry import semconv
from observability.yaml_source import Place, read_yaml

_HERE = Path(__file__).parent
SHIPPED = _HERE.parent / "mappings"
_DEEPEST = 5  # mappings that extend one another


def shipped_mappings() -> tuple[str, ...]:
    """Return the names of the mappings that come with StillGreen."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.yml")))


def load_mapping(where: str | Path) -> SpanMapping:
    """Read a mapping from a file, or one of the shipped ones by its name.

    Raises ``BadMapping`` with every mistake in it.
    """
    path = _path(where, Path())
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadMapping(f"the mapping {path} cannot be read: {error}") from error
    return parse_mapping(text, path)


def parse_mapping(text: str, path: Path) -> SpanMapping:
    """Read a mapping from YAML; ``path`` is named in mistakes, and ``extends`` starts there.

    Raises ``BadMapping`` with every mistake in it.
    """
    chain = [_form(text, path)]
    paths = [path.resolve()]
    while (base := chain[-1].extends) is not None:
        below = _path(base, paths[-1].parent)
        if below.resolve() in paths or len(paths) >= _DEEPEST:
            raise BadMapping(
                f"{path}: extends: leads in a circle, or further than {_DEEPEST} files; remove it"
            )
        try:
            chain.append(_form(below.read_text(encoding="utf-8"), below))
        except (OSError, UnicodeDecodeError) as error:
            raise BadMapping(f"{paths[-1]}: extends: {below} cannot be read: {error}") from error
        paths.append(below.resolve())
    attributes: dict[str, tuple[Source, ...]] = {}
    for each in chain:
        for key, sources in each.attributes.items():
            attributes[key] = (*attributes.get(key, ()), *sources)
    rules = tuple(rule for each in chain for rule in each.spans)
    said = json.dumps([each.model_dump(mode="json") for each in chain]) + _code()
    return SpanMapping(
        name=path.stem,
        describes=chain[0].describes,
        source=chain[0].source,
        digest=hashlib.blake2b(said.encode(), digest_size=8).hexdigest(),
        rules=rules,
        attributes=attributes,
    )


@cache
def _code() -> str:
    """Return what carries mappings out: what was made by other code is not the same."""
    return "".join(path.read_text(encoding="utf-8") for path in sorted(_HERE.glob("*.py")))


def _path(where: str | Path, beside: Path) -> Path:
    path = beside / where
    if path.suffix or path.exists():
        return path
    name = str(where).replace("-", "_")
    if name in shipped_mappings():
        return SHIPPED / f"{name}.yml"
    raise BadMapping(
        f"there is no mapping {str(where)!r}; {', '.join(shipped_mappings())} come with"
        " StillGreen, and a file is named with its .yml"
    )


def _form(text: str, path: Path) -> MappingForm:
    try:
        source = read_yaml(text, str(path))
    except ValueError as error:
        raise BadMapping(str(error)) from error
    if not isinstance(source.data, dict):
        raise BadMapping(f"{path}: is no mapping; it needs `describes:`, `source:` and `spans:`")
    mistakes = list(_targets(source.data))
    try:
        made = MappingForm.model_validate(source.data)
    except ValidationError as error:
        made = None
        mistakes += [_mistake(item) for item in error.errors()]
    if mistakes or made is None:
        raise BadMapping(source.report(mistakes, "the mapping"))
    return made


def _targets(data: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """Yield what is wrong with the names that attributes are to have: they are to be ours."""
    rules = data.get("spans")
    places: list[tuple[Place, Any]] = [(("attributes",), data.get("attributes"))]
    for number, rule in enumerate(rules if isinstance(rules, list) else ()):
        if isinstance(rule, dict):
            places.append((("spans", number, "attributes"), rule.get("attributes")))
    known = sorted(semconv.known_keys())
    for place, targets in places:
        for key in targets if isinstance(targets, dict) else ():
            if key not in known:
                near = [found for found, _, _ in process.extract(str(key), known, limit=2)]
                yield (
                    (*place, str(key)),
                    "is no attribute of ours; the names on the left are those of"
                    f" docs/telemetry.md. Did you mean {' or '.join(near)}?",
                )


def _mistake(item: Any) -> tuple[Place, str]:
    place: Place = tuple(item["loc"])
    if item["type"] == "extra_forbidden":
        fields = _fields(place)
        near = process.extractOne(str(place[-1]), fields, score_cutoff=60)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(fields)}"
        return place, f"is not a field here; {hint}"
    if item["type"] == "missing":
        return place, "is missing; add it"
    if item["type"] == "tuple_type":
        return (
            place,
            f"is to be an attribute's name, a source or a list of them (it is {item['input']!r})",
        )
    if item["type"] == "too_short":
        return place, "is empty; say something or remove it"
    text = item["msg"].removeprefix("Value error, ").removeprefix("Input ")
    given = "" if isinstance(item["input"], dict | list | tuple) else f" (it is {item['input']!r})"
    return place, f"{text[:1].lower()}{text[1:]}{given}"


def _fields(place: Sequence[str | int]) -> list[str]:
    """Return the fields of the part that a mistake lies in."""
    model: type[BaseModel] = form.MappingForm
    for number, step in enumerate(place[:-1]):
        if step == "spans":
            model = form.SpanRule
        elif step == "when":
            model = form.When
        elif step == "attributes" and model is not form.When:
            model = form.Source if len(place) > number + 2 else model
    return [field.alias or name for name, field in model.model_fields.items()]
