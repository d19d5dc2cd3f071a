"""YAML files with the line of every place in them, so that a mistake can be told where it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

_SHOWN = 50
_MOST = 200_000

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class YamlSource:
    """What a YAML file holds, and where."""

    name: str
    data: Any
    lines: dict[Place, int]

    def line(self, place: Sequence[str | int]) -> int:
        """Return the line of a place, or of the nearest thing around it."""
        for length in range(len(place), -1, -1):
            found = self.lines.get(tuple(place[:length]))
            if found is not None:
                return found
        return 1

    def report(self, mistakes: Iterable[tuple[Place, str]], whole: str) -> str:
        """Return mistakes one a line, in order; ``whole`` is what the file is called in them."""
        placed = sorted(
            {(self.line(place), dotted(place) or whole, text) for place, text in mistakes}
        )
        shown = [f"{self.name}:{line}: {place} {text}".rstrip() for line, place, text in placed]
        if len(shown) > _SHOWN:
            shown[_SHOWN:] = [f"… and {len(shown) - _SHOWN} more"]
        return "\n".join(shown)


def read_yaml(text: str, name: str) -> YamlSource:
    """Read YAML; raises ``ValueError`` with each mistake in its syntax and its line."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        crowded = None if root is None else _crowded(root)
        data = None if crowded else yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = 1 if mark is None else mark.line + 1
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise ValueError(f"{name}:{line}: is no YAML: {problem}") from error
    except (ValueError, RecursionError) as error:  # e.g. a date that is none, 2026-13-01
        raise ValueError(f"{name}: holds a value that cannot be read: {error}") from error
    if crowded:
        raise ValueError(f"{name}: {crowded}")
    lines: dict[Place, int] = {}
    repeated: list[str] = []
    if root is not None:
        _note(root, (), lines, repeated, name)
    if repeated:
        raise ValueError("\n".join(repeated))
    return YamlSource(name, data, lines)


def dotted(place: Sequence[str | int]) -> str:
    """Return a place as people write it: ``arms.a.faults[0].id``."""
    text = ""
    for step in place:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


def _crowded(root: yaml.Node) -> str:
    """Say that a file holds too much; by its aliases a few lines can hold billions of values."""
    if _contains_itself(root):
        return "holds something that contains itself; write out what `*` stands for"
    held = 0
    waiting = [root]
    while waiting:
        node = waiting.pop()
        held += 1
        if held > _MOST:
            return f"holds more than {_MOST:,} values, aliases (*name) written out; shorten it"
        waiting += _below(node)
    return ""


def _contains_itself(root: yaml.Node) -> bool:
    around: set[int] = set()
    done: set[int] = set()
    waiting = [(root, True)]
    while waiting:
        node, entered = waiting.pop()
        if not entered:
            around.remove(id(node))
            done.add(id(node))
        elif id(node) in around:
            return True
        elif id(node) not in done:
            around.add(id(node))
            waiting.append((node, False))
            waiting += [(each, True) for each in _below(node)]
    return False


def _below(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [each for pair in node.value for each in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _note(
    node: yaml.Node, place: Place, lines: dict[Place, int], repeated: list[str], name: str
) -> None:
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            below = (*place, str(key.value))
            line = key.start_mark.line + 1
            if below in lines:
                repeated.append(
                    f"{name}:{line}: {dotted(below)} stands here for the second time; keep one"
                )
            lines[below] = line
            _note(value, below, lines, repeated, name)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _note(item, (*place, number), lines, repeated, name)
