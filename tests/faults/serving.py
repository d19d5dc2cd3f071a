"""The model server's models, as they are served healthy and under a fault."""

from __future__ import annotations

from corpus.luck import Luck
from faults.apply import degrade_part
from faults.fault import Seam
from faults.plan import ActiveFault
from services.llm.profiles import Profile, shipped
from services.llm.serving import Deployment, Models

HEALTHY: Models = Deployment(shipped(), per_minute=60)


def served(fault_id: str, severity: float = 1.0) -> Models:
    """Return what is served under a fault."""
    return degrade_part(Seam.MODELS, HEALTHY, [ActiveFault(fault_id, severity)])


def profile(models: Models, model: str = "sim-careful", seed: int = 1) -> Profile:
    """Return what answers to a name."""
    return models.find(model, Luck(seed))


def reached(fault_id: str, severity: float, requests: int = 400) -> set[int]:
    """Return the requests that something else is served to than by the healthy server."""
    models = served(fault_id, severity)
    return {
        seed
        for seed in range(requests)
        if profile(models, seed=seed) != profile(HEALTHY, seed=seed)
        or models.allowance(Luck(seed)) != HEALTHY.allowance(Luck(seed))
    }
