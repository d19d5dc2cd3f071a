"""Scores an answer to an incident against what was hidden."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agents.prompts import FileRoutes
from corpus.luck import Luck
from faults.fault import Layer
from faults.registry import catalogue
from observability.recording.records import TruthRecord
from observability.recording.run_folder import RunFolder
from services.lab.incident.errors import IncidentError
from services.lab.runs.receipts import Receipt
from services.lab.runs.scenario_file import parse_scenario

POINTS = {"layer": 30.0, "agent": 20.0, "fault": 30.0, "onset": 20.0}
"""What each part of an answer is worth, 100 in all."""

CLOSE_MINUTES, LOST_MINUTES = 2.0, 15.0
"""An onset this near has all points; from the second distance on it has none."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """What an incident hides. ``onset`` is minutes from the first hour's beginning.

    ``agents`` are those in whose spans the impacted requests first went another
    way, most frequent first.
    """

    fault: str
    severity: float
    layer: Layer
    onset: float
    agents: tuple[str, ...]
    impacted: int
    spoiled: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody says it was; None is a part that they leave out."""

    layer: str | None = None
    agent: str | None = None
    fault: str | None = None
    onset: float | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """Points by part, of ``POINTS``, and how many minutes the onset is off, nan without one."""

    points: dict[str, float]
    onset_off: float

    @property
    def total(self) -> float:
        """Return all points, 0 to 100."""
        return sum(self.points.values())

    def as_json(self, hidden: bool) -> dict[str, Any]:
        """Return the score for a program: the points alone while the incident is ``hidden``."""
        found = {"total": self.total, "points": self.points}
        if hidden:
            return found
        return {
            **found,
            "onset_off_minutes": None if math.isnan(self.onset_off) else self.onset_off,
        }


def hidden_in(folder: RunFolder) -> Hidden:
    """Read what a recording hides out of its sealed part.

    Raises ``TruthMissingError`` without one, or if it was not opened with
    ``hidden_too``, and ``IncidentError`` when it is not complete, or not the
    recording of an incident.
    """
    if folder.manifest.state != "complete":
        raise IncidentError(
            f"{folder.path} is not complete; go on with `stillgreen run --resume --out "
            f"{folder.path}`"
        )
    path = folder.path / "sealed" / "scenario.yml"
    scenario = parse_scenario(folder.read_seal().scenario, str(path))
    uses = [use for arm in scenario.arms.values() for use in arm.faults]
    if len(uses) != 1:
        raise IncidentError(
            f"{folder.path} has {len(uses)} faults and is no incident: "
            "make one with `stillgreen incident --blind SEED`"
        )
    use = uses[0]
    hit = impacted(folder)
    agents = Counter(record.culprit_agent for record in hit if record.culprit_agent)
    return Hidden(
        use.id,
        use.severity,
        catalogue().get(use.id).layer,
        use.onset / 60,
        tuple(name for name, _ in agents.most_common()),
        len(hit),
        sum(bool(record.twin_correct) and not record.correct for record in hit),
    )


def impacted(folder: RunFolder) -> Sequence[TruthRecord]:
    """Return the truth of every request whose answer the hidden fault changed."""
    return [record for record in folder.truth() if Receipt.IMPACTED in record.receipts.values()]


def score(answer: Answer, hidden: Hidden) -> Score:
    """Return the points of an answer; raises ``IncidentError`` for an unknown layer."""
    right = {
        "layer": answer.layer is not None and layer_named(answer.layer) is hidden.layer,
        "agent": answer.agent is not None and answer.agent in hidden.agents[:1],
        "fault": answer.fault == hidden.fault,
    }
    points = {part: POINTS[part] * is_right for part, is_right in right.items()}
    off = math.nan if answer.onset is None else abs(answer.onset - hidden.onset)
    points["onset"] = 0.0 if math.isnan(off) else round(POINTS["onset"] * _nearness(off), 1)
    return Score(points, off)


def check_answer(answer: Answer) -> None:
    """Refuse an answer that names what does not exist, so that a slip of the pen costs no points.

    Raises ``IncidentError`` for a layer or an agent, ``UnknownFault`` for a fault.
    """
    if answer.layer is not None:
        layer_named(answer.layer)
    if answer.agent is not None and answer.agent not in agents():
        raise IncidentError(
            f"there is no agent {answer.agent!r}; the agents are {', '.join(agents())}"
        )
    if answer.fault is not None:
        catalogue().get(answer.fault)


def agents() -> tuple[str, ...]:
    """Return the names of the agents, the one that sends the others first."""
    sent = {agent for route in FileRoutes().offered(Luck(0)) for agent in route.agents}
    return ("supervisor", *sorted(sent))


def layer_named(name: str) -> Layer:
    """Return the layer that a name or its first words stand for."""
    found = [
        layer
        for layer in Layer
        if layer is not Layer.NONE and layer.value.startswith(name.strip().lower() or "-")
    ]
    if len(found) != 1:
        layers = ", ".join(layer.value for layer in Layer if layer is not Layer.NONE)
        raise IncidentError(f"there is no layer {name!r}; the layers are {layers}")
    return found[0]


def _nearness(off: float) -> float:
    return min(1.0, max(0.0, (LOST_MINUTES - off) / (LOST_MINUTES - CLOSE_MINUTES)))
