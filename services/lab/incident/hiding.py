"""Draws what hides in an incident, as a scenario like any other."""

from __future__ import annotations

from corpus.luck import Luck
from faults.fault import Kind
from faults.registry import Catalogue, catalogue
from services.lab.runs.scenario import Arm, FaultUse, Scenario, Traffic

ARM = "traffic"
_SEVERITIES = (0.6, 0.8, 1.0)
_MINUTES = (10, 45)


def candidates(known: Catalogue | None = None) -> list[str]:
    """Return the faults that may hide: silent ones that spoil answers."""
    return [
        entry.fault.id
        for entry in known or catalogue()
        if entry.fault.kind is Kind.SILENT and entry.fault.claim.measure == "accuracy"
    ]


def hidden_scenario(seed: int, requests: int = 400, known: Catalogue | None = None) -> Scenario:
    """Return an hour of traffic with one fault from a minute on that nobody is told."""
    luck = Luck(seed).child("incident")
    choices = candidates(known)
    fault = choices[int(luck.uniform("fault") * len(choices))]
    severity = _SEVERITIES[int(luck.uniform("severity") * len(_SEVERITIES))]
    first, last = _MINUTES
    onset = 60.0 * (first + int(luck.uniform("onset") * (last - first + 1)))
    return Scenario(
        seed=luck.child("traffic").seed % 2**48,
        traffic=Traffic(requests=requests),
        arms={ARM: Arm(faults=(FaultUse(id=fault, severity=severity, onset=onset),))},
    )
