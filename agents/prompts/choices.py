"""The choices that a classifying prompt describes: routes and intents, from YAML files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from agents.errors import DefinitionError
from agents.ports import Route
from corpus.luck import Luck

_HERE = Path(__file__).parent


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=r"^[a-z_]+$")
    description: str
    examples: list[str] = Field(min_length=1)
    agents: list[str] = Field(default_factory=list)
    thorough: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One option with what belongs to it."""

    name: str
    description: str
    examples: Sequence[str]


class FileRoutes:
    """The routes of a YAML file."""

    def __init__(self, path: Path | None = None) -> None:
        """Read the file, by default the one of this package; raises ``DefinitionError``."""
        self._routes = [
            Route(entry.name, entry.description, entry.examples, entry.agents, entry.thorough)
            for entry in _read(path or _HERE / "routes.yml")
        ]
        if any(not route.agents for route in self._routes):
            raise DefinitionError("a route has no agents")

    def offered(self, luck: Luck) -> Sequence[Route]:
        return self._routes


def load_intents(path: Path | None = None) -> Sequence[Choice]:
    """Return the intents of a YAML file, by default the one of this package."""
    return [
        Choice(entry.name, entry.description, entry.examples)
        for entry in _read(path or _HERE / "intents.yml")
    ]


def render_choices(choices: Sequence[Choice | Route]) -> str:
    """Write choices the way a classifying prompt lists them."""
    blocks = []
    for choice in choices:
        examples = "; ".join(f'"{example}"' for example in choice.examples)
        blocks.append(f"- {choice.name}: {choice.description}\n  Examples: {examples}")
    return "\n".join(blocks)


def _read(path: Path) -> list[_Entry]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return TypeAdapter(list[_Entry]).validate_python(content)
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise DefinitionError(f"{path} is no list of choices: {error}") from error
