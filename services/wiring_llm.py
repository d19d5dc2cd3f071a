"""Wires the model server: what it serves and how, as the settings say."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from corpus.luck import Luck
from faults.apply import degrade_part
from faults.current import Assemblies, CurrentPlan
from faults.fault import Seam
from observability.clock import Clock
from services.foundation import Foundation
from services.llm.app import Serving, create_app
from services.llm.profiles import shipped
from services.llm.serving import Deployment, Models

if TYPE_CHECKING:
    from fastapi import FastAPI


def llm_app(
    foundation: Foundation, clock: Clock, current: CurrentPlan, run: str | None = None
) -> FastAPI:
    """Return the model server over the process's encoder.

    In a named ``run`` the noise of serving follows from its name, the request
    and the call, so that the run repeats, and a twin is served like its request.
    """
    settings = foundation.settings
    key = settings.llm_required_key
    healthy: Models = Deployment(shipped(), settings.llm_requests_per_minute)
    deployments: Assemblies[Models] = Assemblies(
        lambda active: degrade_part(Seam.MODELS, healthy, active), (Seam.MODELS,), current
    )
    return create_app(
        foundation.embedder,
        clock,
        token_store=foundation.token_store,
        serving=Serving(
            api_key=None if key is None else key.get_secret_value(),
            noise=settings.llm_serving_noise,
            repeatable=run is not None,
        ),
        models_for=lambda luck: deployments.for_request(luck, clock.now_ns()),
        # Only noise is drawn from it, which outside of a run nothing repeats.
        noise=Luck(secrets.randbits(48)) if run is None else Luck(0).child("serving", run),
    )
