"""What is asked of every fault, so that all are measured alike."""

from __future__ import annotations

from dataclasses import dataclass

from services.lab.runs.scenario import Arm, Questions, Scenario, Traffic

SEVERITIES = (0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class Experiment:
    """What is asked of every fault.

    ``requests`` at each severity, ``at_highest`` at the highest one, which
    decides most; the first of those are the others.
    """

    requests: int = 200
    at_highest: int = 600
    severities: tuple[float, ...] = SEVERITIES
    seed: int = 23

    def scenario(self) -> Scenario:
        """Return the healthy traffic that every fault is tried on."""
        return Scenario(
            seed=self.seed,
            traffic=Traffic(
                requests=max(self.requests, self.at_highest), questions=Questions(facts=50)
            ),
            arms={"healthy": Arm()},
        )
